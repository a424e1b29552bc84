#!/usr/bin/env bats
# Tools in pipes: chained, cut short, and left open for hours.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'languages = {"en", "ru"}' \
		'transport "maildir" { path = "outbox" }' | conf
}

# tickets COUNT: a stream of new tickets
tickets() {
	for ((i = 1; i <= $1; i++)); do
		printf '{"type":"ticket","subject":"Request %d of a rather long subject that fills the pipe","body":"Text"}\n' "$i"
	done
}

@test "list, set and show as one pipe, by a Cyrillic word in whatever case" {
	mail anna@example.com '=?utf-8?B?0L3QtSDRgNCw0LHQvtGC0LDQtdGCINC/0LXRh9Cw0YLRjA==?=' 'Помогите.' | tkt-mailin
	mail bob@example.com 'Invoice' 'Please.' | tkt-mailin
	mail carol@example.com '=?utf-8?B?0J/QldCn0JDQotCs?=' 'Тоже.' | tkt-mailin
	tkt-set --quiet 3 status=open
	run -0 --separate-stderr bash -c \
		"tkt-list 'status=new and subject ~ \"ПЕЧАТЬ\"' | tkt-set priority=high | tkt-show"
	[ -z "$stderr" ]
	same "$(jq -r 'select(.type == "ticket") | [.id, .priority, .subject] | @tsv' <<<"$output")" $'SUP-1\thigh\tне работает печать'
	same "$(jq -r 'select(.type == "message") | [.ticket, .direction] | @tsv' <<<"$output")" $'SUP-1\tin\nSUP-1\tout'
	valid - <<<"$output"
	same "$(tkt-list -o id 'priority = high')" SUP-1
}

@test "tee and head: the list ends quietly" {
	tickets 3000 | tkt-new --quiet
	run -0 --separate-stderr bash -c 'tkt-list | tee audit.ndjson | head -1'
	[ -z "$stderr" ]
	same "$(jq -r .id <<<"$output")" SUP-1
	run -0 --separate-stderr bash -c 'tkt-list | tkt-set -o id priority=high | head -1'
	same "$output" SUP-1
	same "$(tkt-list --count 'priority = high')" 3000
}

@test "a list left open in a pager does not make the log of the database grow" {
	tickets 2000 | tkt-new --quiet
	mkfifo release
	tkt-list | { head -c 100 >/dev/null && read -r _ <release && wc -c >left; } &
	sleep 0.2
	for ((i = 0; i < 3000; i++)); do
		tkt-set --quiet 1 "tags=t$i"
	done
	[ "$(stat -c %s "$TKT_DESK/tkt.db-wal" 2>/dev/null || echo 0)" -le 4500000 ]
	echo go >release
	wait
	[ "$(cat left)" -gt 200000 ]
	same "$(tkt-show 1 | jq -r 'select(.type == "ticket") | .tags[0]')" t2999
}

@test "who waits for more than two seconds at a terminal is told how far it is" {
	printf '%s\n' '#!/bin/bash' '{ for i in 1 2 3; do echo "{\"subject\":\"Request $i\"}"; sleep 1.1; done; } | tkt-new --quiet' >slow
	chmod +x slow
	run -0 "$root/tests/terminal" ./slow </dev/null
	same "$output" $'\rtkt-new: 3\e[K\r\e[K'
	run -0 --separate-stderr ./slow
	[ -z "$output$stderr" ]
}
