# For the suites of what hands letters to tkt-deliver: a desk and tools of the user nobody, awkward
# letters, and the troubles in which none may be lost. A suite has three functions of its own:
#   give SENDER RECIPIENT   hands over the letter on standard input; SENDER '' is the null sender
#   nudge                   starts a run of the queue
#   mark_log                begins anew to look for letters that were tried without success
#   waiting COUNT           succeeds when so many letters were
#   settled                 succeeds when nothing waits
# shellcheck shell=bash

# needs PROGRAM...: in setup_file: what the suite runs, and "root" for what takes root. 1: something is lacking.
needs() {
	local program
	export lacking=
	for program; do
		if [ "$program" = root ]; then
			[ "$(id -u)" -eq 0 ] || lacking='it takes root'
		elif ! command -v "$program" >/dev/null; then
			lacking="no $program: .ci/packages and .ci/unpack know where it comes from"
		fi
	done
	[ -z "$lacking" ]
}

# In setup: the tests are skipped then; in CI nothing may be lacking.
skip_if_lacking() {
	[ -n "${lacking-}" ] || return 0
	[ -n "${CI-}" ] || skip "$lacking"
	echo "$lacking"
	return 1
}

# A copy of the tools that a user without rights may run and a test may break, and a desk of that user.
desk_of_nobody() {
	export tools=$BATS_FILE_TMPDIR/tools TKT_DESK=$BATS_FILE_TMPDIR/desk
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	mkdir -p "$tools/program" "$TKT_DESK"
	cp "$prefix/bin/tkt-deliver" "$tools"
	cp "$prefix/bin/tkt-mailin" "$tools/program"
	cp -r "$TKT_DATADIR" "$tools/share"
	# mail servers hand on next to nothing of their environment
	cat >"$tools/tkt-mailin" <<-END
		#!/bin/sh
		TKT_DATADIR=$tools/share ASAN_OPTIONS=detect_leaks=0 exec $tools/program/tkt-mailin "\$@"
	END
	chmod 755 "$tools/tkt-mailin"
	{
		printf '%s\n' 'ticket_prefix = "SUP"' 'address = "support@example.org"' 'busy_timeout = "1s"'
		cat
	} | conf
	tkt-init --quiet
	chown -R nobody "$TKT_DESK"
}

# example FILE: a file of share/examples, as it is for this desk, these tools and the user nobody
example() {
	sed -E -e "s,/usr/local/bin,$tools,g" -e "s,/srv/desk,$TKT_DESK,g" -e 's/^(.*(user ?=|U=) ?)desk\>/\1nobody/' \
		"$TKT_DATADIR/examples/$1"
}

# letter SUBJECT: what programs like to change: lines with From and dots, bytes of no charset, blanks, long lines
letter() {
	printf 'From: Anna <anna@example.com>\nTo: support@example.org\nSubject: %s\nMessage-ID: <%s@example.com>\n' "$1" "${1// /.}"
	printf 'Date: Mon, 02 Mar 2026 08:59:00 +0000\n\n'
	printf 'From the first line on\n.\n..\n.x\n>From a quote\n From a blank\n\n\nFrom the start of a paragraph\n'
	printf 'Добрый день \xcf\xf0\xe8\xe2\xe5\xf2 \xff\ntrailing blanks \t \n%0998d\n%05000d\n\n\n' 0 0
}

body() {
	sed '1,/^\r\{0,1\}$/d'
}

# await COMMAND...: until it succeeds, a minute at most; the queue is run each second
await() {
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" && return
		sleep 0.1
		((i % 10)) || nudge
	done
	return 1
}

# taken WORD COUNT: so many tickets have subjects that begin with it
taken() {
	[ "$(tkt-list --all --count "subject ~ \"^$1 \"")" -eq "$2" ]
}

# Both letters are taken in, byte for byte, with the envelope that they had.
letters_arrive_whole() {
	letter 'whole one' | give anna@example.com support@example.org
	letter 'whole two' | give '' support@example.org
	await taken whole 2
	await settled
	for subject in 'whole one' 'whole two'; do
		tkt-show --raw "$(tkt-list --all -o id "subject = \"$subject\"")" | body >arrived
		letter "$subject" | body >sent
		cmp sent arrived || { diff -a sent arrived | cut -c 1-100 && return 1; }
	done
	same "$(tkt-log --mail | jq -r 'select(.message_id | startswith("whole.")) | [.sender, .recipient, .fate] | @tsv' | sort)" \
		$'<>\tsupport@example.org\topened\nanna@example.com\tsupport@example.org\topened'
}

# What stops tkt-deliver from taking a letter in, and the repair.
break_conf() {
	cp -p "$TKT_DESK/desk.conf" good
	printf 'transport "' >>"$TKT_DESK/desk.conf"
}
mend_conf() {
	cp -p good "$TKT_DESK/desk.conf"
}
break_program() {
	mv "$tools/tkt-mailin" away
}
mend_program() {
	mv away "$tools/tkt-mailin"
}
break_deliver() {
	mv "$tools/tkt-deliver" away
}
mend_deliver() {
	mv away "$tools/tkt-deliver"
}
break_status() { # a shell that is broken, say
	mv "$tools/tkt-deliver" away
	printf '#!/bin/sh\nexit 1\n' >"$tools/tkt-deliver" && chmod 755 "$tools/tkt-deliver"
}
mend_status() {
	mv away "$tools/tkt-deliver"
}
break_library() {
	mv "$tools/program/tkt-mailin" good
	sed 's/libgmime-3\.0\.so\.0/libgmimX-3.0.so.0/' good >"$tools/program/tkt-mailin"
	chmod 755 "$tools/program/tkt-mailin"
	run -127 "$tools/tkt-mailin" --help
}
mend_library() {
	mv good "$tools/program/tkt-mailin"
}
break_lock() {
	rm -f held release
	/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/tkt.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("held", "w").close()
sys.stdin.read()' "$TKT_DESK" < <(for ((i = 0; i < 600; i++)); do [ ! -e release ] || break; sleep 0.1; done) &
	await test -e held
}
mend_lock() {
	touch release
	wait
}

# letters_wait_for TROUBLE: three letters wait while it lasts, and arrive after the repair, each once
letters_wait_for() {
	"break_$1"
	mark_log
	for i in 1 2 3; do letter "$1 $i" | give "writer$i@example.com" support@example.org; done
	await waiting 3
	"mend_$1"
	await taken "$1" 3
	await settled
	taken "$1" 3
}

# smtp_give PORT SENDER RECIPIENT: the letter on standard input, by SMTP
smtp_give() {
	/usr/bin/python3 -c '
import smtplib, sys
port, sender, recipient = sys.argv[1:]
smtp = smtplib.SMTP("127.0.0.1", int(port), "client.example.com", timeout=20)
smtp.sendmail(sender, [recipient], sys.stdin.buffer.read().replace(b"\n", b"\r\n"), ["body=8bitmime"])
smtp.quit()' "$@"
}
