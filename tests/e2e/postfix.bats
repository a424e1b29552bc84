#!/usr/bin/env bats
# A real postfix on loopback hands letters to tkt-deliver and takes those of tkt-mailout: nothing is lost,
# nothing of a desk is shown, whatever breaks.
load helper

setup_file() {
	[ "$(id -u)" -eq 0 ] || skip 'postfix needs root'
	command -v postfix >/dev/null || skip 'no postfix'
	export postfix=$BATS_FILE_TMPDIR/postfix port=$((20000 + RANDOM % 20000))
	# a copy of the tools that a user without rights may run, and break
	export tools=$BATS_FILE_TMPDIR/tools
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	mkdir -p "$tools" && cp "$prefix"/bin/tkt-mailin "$prefix"/bin/tkt-deliver "$tools"
	cp -r "$TKT_DATADIR" "$tools/share"
	export TKT_DESK=$BATS_FILE_TMPDIR/desk
	mkdir "$TKT_DESK"
	printf '%s\n' 'ticket_prefix = "SUP"' 'address = "support@example.org"' 'transport "maildir" { path = "outbox" }' | conf
	tkt-init
	chown -R nobody "$TKT_DESK"
	start_postfix
}

teardown_file() {
	[ -d "${postfix:-/nowhere}" ] && postfix -c "$postfix/conf" stop 2>/dev/null
	true
}

setup() {
	unset TKT_NOW # postfix hands letters over by its own clock
	cd "$BATS_TEST_TMPDIR" || return
	seen=$(wc -l <"$postfix/log")
}

teardown() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || tail -n 60 "$postfix/log" # what postfix says of a failure
}

# A private postfix: letters for example.org go to tkt-deliver, those for example.net into a maildir.
start_postfix() {
	mkdir -p "$postfix"/{conf,queue,data,maildir} && chmod 755 "$postfix" "$postfix/queue"
	chown postfix "$postfix/data" && chown nobody "$postfix/maildir"
	cat >"$postfix/conf/main.cf" <<-END
		compatibility_level = 3.6
		queue_directory = $postfix/queue
		data_directory = $postfix/data
		command_directory = /usr/sbin
		daemon_directory = /usr/lib/postfix/sbin
		mail_owner = postfix
		setgid_group = postdrop
		myhostname = mx.example.org
		mydestination =
		mynetworks = 127.0.0.0/8
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		relay_domains = example.org
		virtual_mailbox_domains = example.net
		virtual_mailbox_base = $postfix/maildir
		virtual_mailbox_maps = static:box/
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		transport_maps = inline:{example.org=desk:}
		maillog_file = $postfix/log
		maillog_file_prefixes = $BATS_FILE_TMPDIR
		alias_maps =
		minimal_backoff_time = 1s
		maximal_backoff_time = 2s
		queue_run_delay = 1s
		desk_destination_recipient_limit = 1
		desk_destination_concurrency_failed_cohort_limit = 0
	END
	sed -E -e "s/^smtp +inet.*/127.0.0.1:$port inet n - n - - smtpd/" \
		-e 's/^([a-z]+)( +unix +[-ny] +[-ny] +)[-y]/\1\2n/' /etc/postfix/master.cf >"$postfix/conf/master.cf"
	cat >>"$postfix/conf/master.cf" <<-END
		desk unix - n n - 4 pipe flags=ORX user=nobody argv=/usr/bin/env TKT_DATADIR=$tools/share ASAN_OPTIONS=detect_leaks=0
		  $tools/tkt-deliver --desk=$TKT_DESK --sender=\${sender} --recipient=\${original_recipient}
	END
	postfix -c "$postfix/conf" start >/dev/null 2>&1 3>&-
}

# send FROM SUBJECT: a letter by SMTP
send() {
	/usr/bin/python3 - "$port" "$1" "$2" <<-'END'
		import smtplib, sys
		port, sender, subject = sys.argv[1:]
		smtp = smtplib.SMTP('127.0.0.1', int(port))
		smtp.sendmail(sender, ['support@example.org'],
		    f'From: {sender}\r\nTo: support@example.org\r\nSubject: {subject}\r\n\r\nText of {subject}\r\n')
		smtp.quit()
	END
}

# await COMMAND...: until it succeeds, three minutes at most: postfix leaves a transport that failed alone for a minute
await() {
	for ((i = 0; i < 1800; i++)); do
		"$@" && return
		sleep 0.1
	done
	return 1
}

taken() {
	[ "$(tkt-list --all --count "subject ~ \"^$1 \"")" -eq "$2" ]
}

# waiting COUNT: so many letters have been put off since the test began
waiting() {
	[ "$(tail -n "+$((seen + 1))" "$postfix/log" | sed -n 's/.*\]: \([0-9A-F]*\): .*status=deferred.*/\1/p' | sort -u | wc -l)" -ge "$1" ]
}

quiet() {
	! grep -E 'bounced|desk\.conf|tkt\.db|error while loading|locked|ticket' "$postfix/log"
	[ -z "$(find "$postfix/maildir" -type f -exec grep -l 'MAILER-DAEMON' {} + 2>/dev/null)" ]
}

@test "50 letters arrive" {
	for i in {1..50}; do send "writer$i@example.net" "fifty $i"; done
	await taken fifty 50
	await eval '[ -z "$(postqueue -c "$postfix/conf" -j)" ]'
	quiet
}

@test "desk.conf broken: letters wait and arrive after the repair" {
	cp -p "$TKT_DESK/desk.conf" good
	printf 'transport "' >>"$TKT_DESK/desk.conf"
	for i in {1..5}; do send "writer$i@example.net" "broken $i"; done
	await waiting 5
	cp -p good "$TKT_DESK/desk.conf"
	await taken broken 5
	quiet
}

@test "the database locked: letters wait and arrive afterwards" {
	cp -p "$TKT_DESK/desk.conf" good
	sed -i '1i busy_timeout = "1s"' "$TKT_DESK/desk.conf"
	/usr/bin/python3 -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1] + "/tkt.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("held", "w").close()
sys.stdin.read()' "$TKT_DESK" < <(while [ ! -e release ]; do sleep 0.1; done) &
	await test -e held
	for i in {1..5}; do send "writer$i@example.net" "locked $i"; done
	await waiting 5
	touch release
	wait
	await taken locked 5
	cp -p good "$TKT_DESK/desk.conf"
	quiet
}

@test "a shared library out of reach: letters wait and arrive afterwards" {
	cp -p "$tools/tkt-mailin" good
	sed 's/libgmime-3\.0\.so\.0/libgmimX-3.0.so.0/' good >broken
	chmod 755 broken && mv broken "$tools/tkt-mailin"
	run -127 "$tools/tkt-mailin" --help
	for i in {1..5}; do send "writer$i@example.net" "library $i"; done
	await waiting 5
	mv good "$tools/tkt-mailin"
	await taken library 5
	quiet
}

@test "tkt-mailout delivers by SMTP" {
	sed -i '/^transport/,$d' "$TKT_DESK/desk.conf"
	printf 'transport "smtp" {\n\turl = "smtp://127.0.0.1:%s"\n\ttls = false\n}\n' "$port" >>"$TKT_DESK/desk.conf"
	before=$(tkt-mailout --list -o number | wc -l)
	[ "$before" -ge 50 ]
	run -0 env -u TKT_NOW tkt-mailout --quiet # postfix delivered by the clock of the system
	same "$(tkt-mailout --list -o number)" ''
	arrived() { [ "$(find "$postfix/maildir/box/new" -type f | wc -l)" -eq "$before" ]; }
	await arrived
	grep -h '^Subject:' "$postfix"/maildir/box/new/* | sort -u | grep -q 'SUP-1\] We have received your request'
	quiet
}
