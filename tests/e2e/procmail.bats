#!/usr/bin/env bats
# A real postfix runs a real procmail, and that tkt-deliver, by the recipes of share/examples: a letter that
# the desk cannot take goes back into the queue of postfix. Without the second recipe it would be lost.
load helper
load ways
load postfix

setup_file() {
	needs root postfix procmail || return 0
	desk_of_nobody <<<'acknowledge = false'
	{
		echo "DEFAULT=$BATS_FILE_TMPDIR/default/"
		example procmail/procmailrc
	} >"$BATS_FILE_TMPDIR/rc"
	mkdir "$BATS_FILE_TMPDIR/default" && chown nobody "$BATS_FILE_TMPDIR/default"
	start_postfix "relay_domains = example.org
		transport_maps = inline:{example.org=procmail:}
		procmail_destination_recipient_limit = 1" "procmail unix - n n - 4 pipe
		  flags=ORX user=nobody null_sender= argv=/usr/bin/procmail -f \${sender} $BATS_FILE_TMPDIR/rc"
}

teardown_file() {
	stop_postfix
}

setup() {
	skip_if_lacking
	unset TKT_NOW
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	show_log
}

# by_procmail [RC]: a letter into procmail, without a mail server
by_procmail() {
	letter "$1" | setpriv --reuid nobody --clear-groups procmail -f anna@example.com "${2:-$BATS_FILE_TMPDIR/rc}"
}

nothing_in_default() {
	[ -z "$(find "$BATS_FILE_TMPDIR/default" -type f)" ]
}

@test "a letter arrives as it was sent, with its envelope, a bounce's empty one too" {
	letters_arrive_whole
	quiet
}

@test "desk.conf broken, the database locked, a program gone or broken: letters wait and arrive afterwards" {
	letters_wait_for conf
	letters_wait_for lock
	letters_wait_for program
	letters_wait_for deliver
	letters_wait_for status
	quiet
	nothing_in_default
}

@test "the status is 75; the first recipe alone says 0, and the letter is where the desk never looks" {
	break_conf
	run -75 by_procmail 'alone 1'
	nothing_in_default
	sed '/^:0 e/,$d' "$BATS_FILE_TMPDIR/rc" >first
	chmod 644 first && chmod 755 .
	run -0 by_procmail 'alone 2' "$PWD/first"
	same "$(cat "$BATS_FILE_TMPDIR"/default/new/* | grep '^Subject:')" 'Subject: alone 2'
	mend_conf
	run -0 by_procmail 'alone 3'
	same "$(tkt-list --all -o subject 'subject ~ "^alone "')" 'alone 3'
}

@test "other letters go on to the user's mailbox" {
	run -0 eval "letter other | sed 's/^To: .*/To: nobody@example.org/' | setpriv --reuid nobody --clear-groups procmail $BATS_FILE_TMPDIR/rc"
	same "$(cat "$BATS_FILE_TMPDIR"/default/new/* | grep '^Subject: other')" 'Subject: other'
	taken other 0
}
