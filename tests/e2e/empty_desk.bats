#!/usr/bin/env bats
# A desk whose desk.conf says nothing: what desk.conf(5) promises works.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	conf </dev/null
}

@test "intake, threading, acknowledgement, answer, list, set and log" {
	run -0 --separate-stderr tkt-lint
	[ -z "$output$stderr" ]
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	same "$(tkt-list -o id,status,queue,priority,lang,identity)" $'TKT-1\tnew\tsupport\tnormal\ten\tclaimed'
	same "$(tkt-mailout --list -o subject,recipients)" $'[TKT-1] We have received your request\tanna@example.com'
	run -0 --separate-stderr tkt-reply 1 <<<'Is it switched on?'
	[ -z "$stderr" ]
	id=$(jq -r .message_id <<<"$output")
	same "$(jq -c '[.subject, .to]' <<<"$output")" '["Re: [TKT-1] Printer",[{"email":"anna@example.com"}]]'
	mail anna@example.com 'No id here' 'Yes.' "References: <$id>" | tkt-mailin
	tkt-set --quiet 1 priority=high status=resolved resolution=fixed
	same "$(tkt-list --all -o id,status,priority,resolution)" $'TKT-1\tresolved\thigh\tfixed'
	same "$(tkt-show 1 | jq -r 'select(.type == "message") | .body' | grep -v -e '^$' -e Support -e reply -e Hello | tail -n 2)" $'Is it switched on?\nYes.'
	same "$(tkt-log -o tool,ticket)" $'tkt-mailin\tTKT-1\ntkt-mailin\tTKT-1\ntkt-reply\tTKT-1\ntkt-mailin\tTKT-1\ntkt-set\tTKT-1'
}

@test "UTC; no clock runs; identity is recorded and refuses nothing; list mail is not taken" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	tkt-new -s 'Phone call' -c phone --quiet <<<'Nobody knows who.'
	same "$(tkt-list -o id,identity,due,clocks)" $'TKT-1\tclaimed\t\t\nTKT-2\tnone\t\t'
	tkt-set --quiet 2 priority=critical
	mail news@example.net 'Digest' 'News' 'List-Id: <news.example.net>' | tkt-mailin
	same "$(tkt-log --mail -o fate)" $'opened\nautomatic'
	same "$(tkt-list -o id 'created_at >= 2026-03-02' 'created_at < 2026-03-03')" $'TKT-1\nTKT-2'
}

@test "mail leaves by the sendmail of the host if there is one, else into a maildir of the desk" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	if [ -x /usr/sbin/sendmail ]; then
		tkt-mailout --show 1 | grep -q '^To: anna@example.com'
	else
		tkt-mailout --quiet
		grep -q '^To: anna@example.com' "$TKT_DESK"/outbox/new/*
	fi
}
