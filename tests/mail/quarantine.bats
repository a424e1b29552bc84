#!/usr/bin/env bats
# Letters kept aside by a filter or a brake, put through by a person; contents dropped by age; a full disk.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	settings
}

settings() {
	printf '%s\n' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'transport "maildir" { path = "outbox" }' "$@" | conf
}

# filter SCRIPT [OPTION]: a filter that is this script
filter() {
	printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/filter" && chmod +x "$BATS_TEST_TMPDIR/filter"
	settings "filter \"virus\" { command = \"$BATS_TEST_TMPDIR/filter -\" ${2-} }"
}

ledger() {
	tkt-log --mail -o "${1:-fate,ticket,reason}"
}

@test "a filter lets a letter pass, or keeps it aside with its first line as the reason" {
	# shellcheck disable=SC2016 # the filter's own variables
	filter '[ "$1" = - ] || exit 9; if grep -q EICAR; then printf "Eicar-Test FOUND\nmore\n"; exit 1; fi; echo clean'
	mail anna@example.com 'Good' 'Hello.' | tkt-mailin
	mail eve@example.net 'Bad' 'EICAR' | tkt-mailin
	same "$(ledger)" $'opened\tSUP-1\t\nquarantined\t\tfilter \'virus\': Eicar-Test FOUND'
	same "$(tkt-list --all -o subject)" Good
	same "$(tkt-mailout --list -o recipients)" anna@example.com
}

@test "what kind of mail it is does not save it" {
	filter 'echo no; exit 1'
	mail mailer-daemon@example.net 'Undelivered Mail' 'x' | tkt-mailin --sender '<>'
	mail list@example.net 'News' 'x' 'List-Id: <a.example.net>' | tkt-mailin
	same "$(ledger fate)" $'quarantined\nquarantined'
}

@test "a filter that fails: the letter waits, passes, or is kept aside, as desk.conf says" {
	for failure in 'exit 2' 'kill -9 $$' 'sleep 60'; do
		filter "$failure" 'timeout = "1s"'
		mail anna@example.com 'One' 'Hello.' >letter.eml
		run -75 --separate-stderr tkt-mailin <letter.eml
		[[ $stderr =~ ^"tkt-mailin: filter 'virus' "(ended with status 2|was ended by signal 9|did not end in time)$ ]]
	done
	same "$(ledger)" ''
	filter 'echo broken; exit 2' 'on_failure = quarantine'
	tkt-mailin <letter.eml
	same "$(ledger)" $'quarantined\t\tfilter \'virus\' ended with status 2: broken'
	filter 'exit 2' 'on_failure = pass'
	run -0 --separate-stderr tkt-mailin < <(mail bob@example.com 'Two' 'Hello.')
	same "$stderr" "tkt-mailin: filter 'virus' ended with status 2"
	same "$(ledger fate | tail -n 1)" opened
	settings 'filter "virus" { command = "/nowhere/at/all" }'
	run -75 --separate-stderr tkt-mailin < <(mail bob@example.com 'Three' 'Hello.')
	same "$stderr" "tkt-mailin: filter 'virus': cannot run '/nowhere/at/all': No such file or directory"
}

@test "a letter on which a filter fails keeps none of the others back" {
	# shellcheck disable=SC2016 # the filter's own variables
	filter 'if grep -q BOMB; then kill -9 $$; fi'
	mkdir -p box/{new,cur,tmp}
	mail anna@example.com 'One' 'x' >box/new/1
	mail eve@example.net 'Bomb' 'BOMB' >box/new/2
	mail bob@example.com 'Two' 'x' >box/new/3
	for letter in box/new/*; do echo "From x" && cat "$letter" && echo; done >mbox
	run -75 --separate-stderr tkt-mailin --maildir box
	same "$stderr" "tkt-mailin: 2: filter 'virus' was ended by signal 9"
	same "$(ledger)" $'opened\tSUP-1\t\nopened\tSUP-2\t'
	same "$(cd box && find . -type f | sort)" $'./cur/1:2,S\n./cur/3:2,S\n./new/2'
	run -75 --separate-stderr tkt-mailin --mbox mbox
	same "$stderr" "tkt-mailin: filter 'virus' was ended by signal 9"
	same "$(ledger fate | tail -n 2)" $'duplicate\nduplicate'
	settings
	tkt-mailin --maildir box
	same "$(ledger | tail -n 1)" $'opened\tSUP-3\t'
}

@test "S0-16: what was kept aside is listed and put through, with its original times and envelope" {
	filter 'echo spam; exit 1'
	mail anna@example.com 'Question' 'How?' | tkt-mailin --sender anna@example.com --recipient support@example.org --now 2026-03-01T10:00:00Z
	same "$(tkt-log --mail fate=quarantined -o number,received_at,sender,reason)" $'1\t2026-03-01T10:00:00Z\tanna@example.com\tfilter \'virus\': spam'
	run -0 --separate-stderr tkt-mailin --as ivanova --release 1
	same "$output$stderr" ''
	same "$(ledger number,received_at,fate,ticket,recipient,reason)" \
		$'1\t2026-03-01T10:00:00Z\topened\tSUP-1\tsupport@example.org\treleased by agent:ivanova; filter \'virus\': spam'
	same "$(tkt-list --all -o sent_at,received_at,created_at)" $'2026-03-02T08:59:00Z\t2026-03-01T10:00:00Z\t2026-03-02T09:00:00Z'
	same "$(tkt-mailout --list -o recipients)" anna@example.com
}

@test "a letter of the null sender stays one when it is put through" {
	filter 'echo no; exit 1'
	mail robot@example.net 'Automatic reply: x' 'Away.' | tkt-mailin --sender '<>'
	same "$(ledger sender)" '<>'
	tkt-mailin --release 1
	same "$(ledger fate)" automatic
	same "$(tkt-mailout --list)" ''
}

@test "--release: what is not there, not kept aside, or was faster" {
	mail anna@example.com 'Question' 'How?' | tkt-mailin
	run -75 --separate-stderr tkt-mailin --release 1
	same "$stderr" "tkt-mailin: the fate of letter 1 is 'opened', not 'quarantined'"
	run -75 --separate-stderr tkt-mailin --release 7
	same "$stderr" "tkt-mailin: there is no letter '7'; 'tkt-log --mail fate=quarantined' lists those kept aside"
	run -75 --separate-stderr tkt-mailin --release
	same "$stderr" "tkt-mailin: give the number of a letter; 'tkt-log --mail fate=quarantined' shows them"
	run -75 --separate-stderr tkt-mailin 7 </dev/null
	same "$stderr" "tkt-mailin: '7' is too much: a letter comes on standard input"
	run -75 --separate-stderr tkt-mailin --release --expire 1
	same "$stderr" "tkt-mailin: give one of --maildir, --mbox, --release and --expire"
}

@test "the brake by sender: what comes beyond is kept aside, listed, and can be put through" {
	settings 'brake_letters = "2/1h"'
	for i in 1 2 3; do mail flood@example.net "Flood $i" 'x' | tkt-mailin; done
	mail anna@example.com 'Question' 'How?' | tkt-mailin
	same "$(ledger)" $'opened\tSUP-1\t\nopened\tSUP-2\t\nquarantined\t\tthe brake: more than 2 letters in 3600 s: flood@example.net\nopened\tSUP-3\t'
	tkt-mailin --release 3
	same "$(ledger fate,ticket | sed -n 3p)" $'opened\tSUP-4'
	mail flood@example.net "Flood later" 'x' | tkt-mailin --now 2026-03-02T10:00:00Z
	same "$(ledger fate | tail -n 1)" opened
}

@test "the brake by pair of addresses: letters beyond are taken in and not answered, and say so" {
	settings 'brake_answers = "2/1h"'
	for i in 1 2 3; do mail anna@example.com "Question $i" 'x' | tkt-mailin; done
	mail bob@example.com 'Question' 'x' | tkt-mailin
	same "$(tkt-log --mail -o ticket,unanswered 'unanswered')" \
		$'SUP-3\tthe brake: more than 2 answers in 3600 s: support@example.org anna@example.com'
	same "$(tkt-mailout --list -o recipients)" $'anna@example.com\nanna@example.com\nbob@example.com'
}

@test "machines, the null sender and letters without an address are not answered, and say so" {
	mail noreply@example.net 'Alert' 'x' 'Auto-Submitted: auto-generated' | tkt-mailin
	mail form@example.net 'Form' 'x' | tkt-mailin --sender '<>'
	printf 'Subject: nobody\n\nx\n' | tkt-mailin
	same "$(ledger fate,unanswered)" $'opened\ta machine\'s mail\nopened\ta machine\'s mail\nopened\tno address'
}

@test "--expire drops contents by age, never the row; what a ticket has stays" {
	settings 'keep_bounce = "30d"' 'keep_duplicate = "1d"' 'keep_quarantined = "7d"' 'brake_letters = "3/1h"'
	mail anna@example.com 'Question' 'How?' >letter.eml
	tkt-mailin <letter.eml
	tkt-mailin <letter.eml # the same bytes: its contents are those of the first
	{ printf 'Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\n' && cat letter.eml; } | tkt-mailin
	mail mailer-daemon@example.net 'Undelivered Mail' 'x' | tkt-mailin --sender '<>'
	for i in 1 2 3; do mail anna@example.com "Flood $i" 'x' | tkt-mailin; done
	same "$(ledger fate | sort | uniq -c | tr -s ' ')" $' 1 bounce\n 2 duplicate\n 3 opened\n 1 quarantined'
	run -0 --separate-stderr tkt-mailin --expire
	same "$output$stderr" ''
	run -0 --separate-stderr tkt-mailin --expire -n --now 2026-03-10T09:00:00Z
	same "$stderr" 'tkt-mailin: the contents of 3 letters would be dropped'
	run -0 --separate-stderr tkt-mailin --expire --now 2026-03-10T09:00:00Z
	same "$stderr" 'tkt-mailin: the contents of 3 letters are dropped'
	run -0 --separate-stderr tkt-mailin --expire --now 2026-03-10T09:00:00Z
	same "$stderr" ''
	run -0 --separate-stderr tkt-mailin --expire --now 2026-04-10T09:00:00Z
	same "$stderr" 'tkt-mailin: the contents of 1 letter are dropped'
	same "$(ledger fate,dropped_at | sort | uniq -c | tr -s ' ')" $' 1 bounce\t2026-04-10T09:00:00Z\n 2 duplicate\t2026-03-10T09:00:00Z\n 3 opened\t\n 1 quarantined\t2026-03-10T09:00:00Z'
	tkt-show 1 --raw | head -c "$(stat -c %s letter.eml)" | cmp - letter.eml
	run -75 --separate-stderr tkt-mailin --release 7
	same "$stderr" 'tkt-mailin: the contents of letter 7 are not here any more'
	# the contents of the row that another one still has are there; the rest is not
	same "$(sqlite3 "$TKT_DESK/tkt.db" "SELECT count(*) FROM letter WHERE lower(hex((SELECT sha256 FROM blob WHERE lower(hex(sha256)) = raw_sha256))) = raw_sha256")" 4
}

@test "--expire: a bounce that joined a ticket stays with it" {
	settings 'keep_automatic = "1d"' 'acknowledge = false'
	mail anna@example.com 'Question' 'How?' 'Message-ID: <q@example.com>' | tkt-mailin
	mail anna@example.com 'Out of office' 'x' 'Auto-Submitted: auto-replied' 'References: <q@example.com>' | tkt-mailin
	mail bob@example.com 'Out of office' 'x' 'Auto-Submitted: auto-replied' | tkt-mailin
	tkt-mailin --expire --quiet --now 2026-03-10T09:00:00Z
	same "$(ledger fate,ticket,dropped_at)" $'opened\tSUP-1\t\nautomatic\tSUP-1\t\nautomatic\t\t2026-03-10T09:00:00Z'
	tkt-show --raw 1 >/dev/null
}

@test "contents that a ticket has too stay, whatever becomes of the letter that they came in" {
	settings 'keep_quarantined = "7d"' 'filter "all" { command = "/bin/false" }'
	mail eve@example.net 'One' 'x' >quarantined.eml
	{ mail eve@example.net 'Two' 'x' && head -c 400000 /dev/urandom | base64; } >large.eml
	tkt-mailin <quarantined.eml
	tkt-mailin <large.eml
	settings 'keep_quarantined = "7d"'
	mail anna@example.com 'Question' 'How?' | tkt-mailin
	tkt-reply --quiet -a quarantined.eml -a large.eml 1 <<<'As attached.'
	tkt-mailin --expire --quiet --now 2026-04-10T09:00:00Z
	same "$(ledger dropped_at | sort | uniq -c | tr -s ' ')" $' 1 \n 2 2026-04-10T09:00:00Z'
	tkt-show 1 --attachment 1 | cmp - quarantined.eml
	tkt-show 1 --attachment 2 | cmp - large.eml
}

@test "a large letter's file goes with it" {
	settings 'keep_quarantined = "7d"' 'filter "all" { command = "/bin/false" }'
	{ mail eve@example.net 'Large' 'x' && head -c 400000 /dev/urandom | base64; } | tkt-mailin
	same "$(find "$TKT_DESK/blobs" -type f | wc -l)" 1
	tkt-mailin --expire --quiet --now 2026-03-10T09:00:00Z
	same "$(find "$TKT_DESK/blobs" -type f | wc -l)" 0
}

@test "less room than min_free: letters wait outside" {
	settings 'min_free = "1000T"'
	run -75 --separate-stderr tkt-mailin < <(mail anna@example.com 'Question' 'How?')
	[[ $stderr =~ ^"tkt-mailin: the disk of '$TKT_DESK' is nearly full: "[0-9]+" bytes are free, less than min_free in desk.conf"$ ]]
	same "$(ledger)" ''
	mkdir -p box/new box/cur box/tmp && mail anna@example.com 'Question' 'How?' >box/new/1
	run -75 --separate-stderr tkt-mailin --maildir box
	[ -e box/new/1 ]
	settings 'min_free = 0'
	tkt-mailin --maildir box
	same "$(ledger fate)" opened
}

@test "--maildir: what another run has moved meanwhile is no error" {
	mkdir -p box/new box/cur box/tmp
	for i in 1 2; do mail anna@example.com "Question $i" 'How?' >box/new/$i; done
	printf '#!/bin/sh\ncat >/dev/null\nmv %s/box/new/* %s/box/cur/\n' "$PWD" "$PWD" >other && chmod +x other
	settings 'filter "other" { command = "'"$PWD"'/other" }'
	run -0 --separate-stderr tkt-mailin --maildir box
	same "$output$stderr" ''
	same "$(ledger number,fate)" $'1\topened'
}

@test "what would keep for ever or judge nothing when it says 0 is refused" {
	settings 'keep_refused = "0s"' 'filter "x" { command = "/bin/true" timeout = "0s" }'
	run -78 --separate-stderr tkt-lint
	same "$(jq -r '[.line, .text] | @tsv' <<<"$output")" $'4\t\'keep_refused\' cannot be \'0s\': 1s is the shortest
5\t\'timeout\' cannot be \'0s\': 1s is the shortest'
}

@test "wrong values" {
	settings 'min_free = "lots"' 'keep_bounce = "3wd"' 'filter "x" { on_failure = bounce }'
	run -78 --separate-stderr tkt-lint
	same "$(jq -r '[.line, .text] | @tsv' <<<"$output")" $'4\t\'lots\' is no size: write 500k, 16M, 1G
5\t\'3wd\' needs a calendar; a length of elapsed time is in s, m, h or d
6\t\'on_failure\' cannot be \'bounce\': one of defer, pass, quarantine
6\tfilter \'x\' needs a \'command\''

}
