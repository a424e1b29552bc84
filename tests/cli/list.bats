#!/usr/bin/env bats
# tkt-list: which tickets, in which order, in which form.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	conf <<-'END'
		ticket_prefix = "SUP"
		timezone = "Europe/Moscow"
	END
	tkt-apply --quiet <<-'END'
		{"type":"change","set":{"subject":"ПЕЧАТЬ не работает","priority":"high","requester.email":"anna@example.org","tags":["печать"]},"message":{"kind":"public","direction":"in","channel":"phone","author":{"email":"anna@example.org"},"body":"Принтер молчит.\n"}}
		{"type":"change","set":{"subject":"a\u001b[31mred\ttab\u202eback","priority":"low","requester.email":"bob@example.org"}}
		{"type":"change","set":{"subject":"Done","status":"closed","fields.domain":"example.org"}}
		{"type":"change","ticket":"SUP-2","set":{"status":"pending","pending_reason":"customer"}}
	END
}

@test "objects in a pipe; what is closed is left out" {
	run -0 --separate-stderr tkt-list
	valid ticket <<<"$output"
	same "$(jq -r '"\(.id) \(.status) \(.subject)"' <<<"$output")" $'SUP-1 new ПЕЧАТЬ не работает\nSUP-2 pending a\e[31mred\ttab\u202eback'
	same "${lines[0]}" '{"type":"ticket","id":"SUP-1","rev":1,"subject":"ПЕЧАТЬ не работает","status":"new","queue":"support","priority":"high","channel":"phone","lang":"en","identity":"none","policy":"'"$(jq -r .policy <<<"${lines[0]}")"'","requester":{"email":"anna@example.org"},"tags":["печать"],"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"}'
	same "$stderr" ''
}

@test "--all lists closed ones too; an expression means what it says" {
	run -0 tkt-list --all -o id
	same "$output" $'SUP-1\nSUP-2\nSUP-3'
	run -0 tkt-list 'subject' -o id
	same "$output" $'SUP-1\nSUP-2\nSUP-3'
	run -0 tkt-list 'subject ~ "печать"' 'not tags=x' -o id
	same "$output" 'SUP-1'
	run -0 tkt-list status!=closed priority!=high -o id,status
	same "$output" $'SUP-2\tpending'
	run -0 tkt-list status=open
	same "$output" ''
}

@test "a table: Cyrillic in columns, the desk's zone, controls made visible" {
	run -0 tkt-list --all --format table -o id,priority,created_at,subject
	same "$output" "Ticket      Priority   Created           Subject
SUP-1       high       2026-03-02 12:00  ПЕЧАТЬ не работает
SUP-2       low        2026-03-02 12:00  a^[[31mred^Itab<U+202E>back
SUP-3       normal     2026-03-02 12:00  Done"
	COLUMNS=55 run -0 tkt-list --format table -o id,subject,status
	same "$output" "Ticket      Subject                            Status
SUP-1       ПЕЧАТЬ не работает                 new
SUP-2       a^[[31mred^Itab<U+202E>back        pending"
}

@test "tsv keeps a line a line" {
	run -0 tkt-list --all -o id,subject,fields.domain
	same "$output" $'SUP-1\tПЕЧАТЬ не работает\t\nSUP-2\ta\e[31mred\\ttab\u202eback\t\nSUP-3\tDone\texample.org'
}

@test "derived columns" {
	run -0 tkt-list --now 2026-03-02T10:30:00Z -o id,age,idle,waiting_for,questions,description,overdue,due,left,clock.resolution.due
	same "$output" $'SUP-1\t5400\t5400\tus\t0\tПринтер молчит.\\n\tfalse\t\t\t\nSUP-2\t5400\t5400\tcustomer\t0\t\tfalse\t\t\t'
	run -0 tkt-list id=SUP-1 --format json -o id,age,questions,due
	same "$output" '{"type":"ticket","id":"SUP-1","age":0,"questions":0}'
}

@test "sorting is total, empty values are last either way" {
	run -0 tkt-list -a --sort priority -o id,priority
	same "$output" $'SUP-2\tlow\nSUP-3\tnormal\nSUP-1\thigh'
	run -0 tkt-list -a --sort=-fields.domain,-priority -o id
	same "$output" $'SUP-3\nSUP-1\nSUP-2'
	run -0 tkt-list -a --sort fields.domain -o id
	same "$output" $'SUP-3\nSUP-1\nSUP-2'
	run -0 tkt-list -a --sort=-priority --limit 2 -o id
	same "$output" $'SUP-1\nSUP-3'
}

@test "--count is a bare number in every format, --exists only a status" {
	for format in json table tsv; do
		run -0 tkt-list --count --format $format
		same "$output" 2
	done
	run -0 tkt-list -ac
	same "$output" 3
	run -0 tkt-list -c -l 1 subject
	same "$output" 1
	run -0 tkt-list -c status=resolved
	same "$output" 0
	run -0 --separate-stderr tkt-list --exists priority=high
	same "$output$stderr" ''
	run -1 --separate-stderr tkt-list --exists priority=critical
	same "$output$stderr" ''
}

@test "bad use is told" {
	run -64 tkt-list stauts=new
	same "$output" "tkt-list: expression 'stauts=new': there is no field 'stauts'; did you mean 'status'?"
	run -64 tkt-list --limit 0
	same "$output" "tkt-list: '--limit' needs a number of 1 or more"
	run -64 tkt-list --count --exists
	same "$output" "tkt-list: give either --count or --exists"
	run -64 tkt-list --sort subjekt
	same "$output" "tkt-list: there is no field 'subjekt'; did you mean 'subject'?"
	run -66 tkt-list -D "$BATS_TEST_TMPDIR/none"
	[ -n "$output" ]
}

many() {
	local i
	for ((i = 0; i < 3000; i++)); do
		printf '{"type":"change","set":{"subject":"%0200d"}}\n' "$i"
	done | tkt-apply --quiet
}

@test "a reader that leaves ends it quietly" {
	many
	tkt-list 2>errors | tee all.ndjson 2>/dev/null | head -n 1 >first
	same "$(jq -r .id first)" SUP-1
	same "$(cat errors)" ''
	tkt-list 2>errors | true
	same "$(cat errors)" ''
}

@test "a long list holds nothing back while its reader waits" {
	many
	mkfifo pipe
	tkt-list >pipe 2>errors &
	exec {reader}<pipe
	read -r -u "$reader" first
	for i in {1..40}; do
		tkt-set --quiet SUP-1 "subject=change $i"
	done
	# Nothing of the log before the last checkpoint is in use: it can be emptied.
	sqlite3 "$TKT_DESK/tkt.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >checkpoint
	same "$(cat checkpoint)" '0|0|0'
	{ printf '%s\n' "$first" && cat <&"$reader"; } >rest
	wait $!
	same "$(wc -l <rest)" 3002
	same "$(cat errors)" ''
}
