#!/usr/bin/env bats
# A real postfix runs a real maildrop, and that tkt-deliver, by the filter of share/examples: a letter that
# the desk cannot take goes back into the queue of postfix.
load helper
load ways
load postfix

setup_file() {
	needs root postfix maildrop || return 0
	desk_of_nobody <<<'acknowledge = false'
	{
		echo "DEFAULT=$BATS_FILE_TMPDIR/default/"
		example maildrop/mailfilter
	} >"$BATS_FILE_TMPDIR/filter"
	chmod 600 "$BATS_FILE_TMPDIR/filter" && chown nobody "$BATS_FILE_TMPDIR/filter"
	mkdir -p "$BATS_FILE_TMPDIR"/default/{cur,new,tmp} && chown -R nobody "$BATS_FILE_TMPDIR/default"
	start_postfix "relay_domains = example.org
		transport_maps = inline:{example.org=filter:}
		filter_destination_recipient_limit = 1" "filter unix - n n - 4 pipe
		  flags=ORX user=nobody null_sender= argv=/usr/bin/maildrop -f \${sender} $BATS_FILE_TMPDIR/filter"
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

by_maildrop() {
	letter "$1" | setpriv --reuid nobody --clear-groups maildrop -f anna@example.com "$BATS_FILE_TMPDIR/filter"
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
	[ -z "$(find "$BATS_FILE_TMPDIR/default" -type f)" ]
}

@test "the status is 75 while the desk is broken, and 0 afterwards" {
	break_conf
	run -75 by_maildrop 'alone 1'
	mend_conf
	run -0 by_maildrop 'alone 2'
	same "$(tkt-list --all -o subject 'subject ~ "^alone "')" 'alone 2'
}

@test "other letters go on to the user's mailbox" {
	run -0 eval "letter other | sed 's/^To: .*/To: nobody@example.org/' | setpriv --reuid nobody --clear-groups maildrop $BATS_FILE_TMPDIR/filter"
	same "$(cat "$BATS_FILE_TMPDIR"/default/new/* | grep '^Subject: other')" 'Subject: other'
	taken other 0
}
