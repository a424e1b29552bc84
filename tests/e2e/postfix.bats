#!/usr/bin/env bats
# A real postfix on loopback hands letters to tkt-deliver, by the files of share/examples, and takes those
# of tkt-mailout: nothing is lost, nothing of a desk is shown, whatever breaks.
load helper
load ways
load postfix

setup_file() {
	needs root postfix || return 0
	desk_of_nobody <<<'acknowledge = false'
	mkdir "$BATS_FILE_TMPDIR/forward"
	example postfix/forward >"$BATS_FILE_TMPDIR/forward/nobody"
	example postfix/transport >"$BATS_FILE_TMPDIR/transport"
	postmap "$BATS_FILE_TMPDIR/transport"
	start_postfix "relay_domains = example.org
		forward_path = $BATS_FILE_TMPDIR/forward/\${user}
		$(example postfix/main.cf | sed "s,/etc/postfix,$BATS_FILE_TMPDIR,")" "$(example postfix/master.cf)"
}

teardown_file() {
	stop_postfix
}

setup() {
	skip_if_lacking
	unset TKT_NOW # postfix hands letters over by its own clock
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	show_log
}

@test "50 letters arrive" {
	for i in {1..50}; do letter "fifty $i" | give "writer$i@example.net" support@example.org; done
	await taken fifty 50
	await settled
	quiet
}

@test "a letter arrives as it was sent, with its envelope, a bounce's empty one too" {
	letters_arrive_whole
	quiet
}

@test "the part behind the + reaches the desk" {
	letter 'plus 1' | give anna@example.com support+R7-Abc@example.org
	await taken plus 1
	same "$(tkt-log --mail | jq -r 'select(.message_id == "plus.1@example.com").recipient')" support+r7-abc@example.org
}

@test "desk.conf broken: letters wait and arrive after the repair" {
	letters_wait_for conf
	quiet
}

@test "the database locked: letters wait and arrive afterwards" {
	letters_wait_for lock
	quiet
}

@test "a shared library out of reach: letters wait and arrive afterwards" {
	letters_wait_for library
	quiet
}

@test "tkt-mailin, or tkt-deliver itself, gone: letters wait and arrive afterwards" {
	letters_wait_for program
	letters_wait_for deliver
	quiet
}

@test "a Maildir: letters arrive as they were sent, and stay in it while the desk is broken" {
	take() { setpriv --reuid nobody --clear-groups sh -c "$(example cron/tkt-maildir | sed -n "s,^\* \* \* \* \*  [a-z]*  tkt-mailin\(.*\)/var/mail/support/,$tools/tkt-mailin\1$postfix/maildir/box,p")"; }
	for subject in 'maildir one' 'maildir two'; do
		letter "$subject" | smtp_give "$port" anna@example.com box@example.net
	done
	await eval '[ "$(find "$postfix/maildir/box/new" -type f | wc -l)" -eq 2 ]'
	break_conf
	run -75 take
	[ "$(find "$postfix/maildir/box/new" -type f | wc -l)" -eq 2 ]
	mend_conf
	run -0 take
	taken maildir 2
	[ -z "$(find "$postfix/maildir/box/new" -type f)" ]
	tkt-show --raw "$(tkt-list --all -o id 'subject = "maildir one"')" | body | cmp - <(letter 'maildir one' | body)
	same "$(tkt-log --mail | jq -r 'select(.message_id | startswith("maildir.")) | [.sender, .recipient, .fate] | @tsv')" \
		$'anna@example.com\tbox@example.net\topened\nanna@example.com\tbox@example.net\topened'
	rm "$postfix"/maildir/box/cur/*
}

@test "~/.forward: a user's letters arrive as they were sent, and wait while the desk is broken" {
	give_to_support=$(declare -f give)
	give() { smtp_give "$port" "$1" nobody@mx.example.org; }
	letter 'forward one' | give anna@example.com
	letter 'forward two' | give ''
	await taken forward 2
	tkt-show --raw "$(tkt-list --all -o id 'subject = "forward one"')" | body | cmp - <(letter 'forward one' | body)
	same "$(tkt-log --mail | jq -r 'select(.message_id | startswith("forward.")) | [.sender, .recipient, .fate] | @tsv' | sort)" \
		$'<>\tnobody@mx.example.org\topened\nanna@example.com\tnobody@mx.example.org\topened'
	letters_wait_for conf
	eval "$give_to_support"
	quiet
}

@test "tkt-mailout delivers by SMTP" {
	printf '%s\n' 'address = "support@example.org"' 'transport "smtp" {' "url = \"smtp://127.0.0.1:$port\"" 'tls = false' '}' | conf
	for i in {1..20}; do tkt-new --quiet -r "reader$i@example.net" -s "out $i" <<<'Help.'; done
	tkt-list -o id 'subject ~ "^out "' | xargs -I{} sh -c 'echo Done. | tkt-reply --quiet {}'
	run -0 tkt-mailout --quiet
	same "$(tkt-mailout --list -o number)" ''
	arrived() { [ "$(find "$postfix/maildir" -path '*/new/*' | wc -l)" -eq 20 ]; }
	await arrived
	quiet
}
