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

# with_clocks: a desk whose tickets have clocks, as a sweep and changes would leave them.
with_clocks() {
	tkt-apply --replay --quiet <<-'END'
		{"type":"event","seq":1,"at":"2026-03-02T08:00:00Z","actor":"tool:tkt-new","tool":"tkt-new","ticket":"SUP-1","rev":1,"now":false,"set":{"subject":"late","status":"open","queue":"support","priority":"critical","identity":"none","created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:00:00Z","clocks":[{"name":"resolution","cycle":1,"target":"3wd","state":"running","started_at":"2026-03-01T08:00:00Z","due_at":"2026-03-02T08:58:59Z","breached_at":"2026-03-02T08:58:59Z"}]}}
		{"type":"event","seq":2,"at":"2026-03-02T08:00:00Z","actor":"tool:tkt-new","tool":"tkt-new","ticket":"SUP-2","rev":1,"now":false,"set":{"subject":"soon","status":"open","queue":"support","priority":"normal","identity":"none","created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:00:00Z","clocks":[{"name":"first_response","cycle":1,"target":"4wh","state":"running","started_at":"2026-03-02T08:00:00Z","due_at":"2026-03-02T09:59:59Z"}]}}
		{"type":"event","seq":3,"at":"2026-03-02T08:00:00Z","actor":"tool:tkt-new","tool":"tkt-new","ticket":"SUP-3","rev":1,"now":false,"set":{"subject":"later","status":"open","queue":"support","priority":"high","identity":"none","created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:00:00Z","clocks":[{"name":"first_response","cycle":1,"target":"4wh","state":"met","started_at":"2026-03-02T08:00:00Z","due_at":"2026-03-02T08:30:00Z","stopped_at":"2026-03-02T08:10:00Z"},{"name":"resolution","cycle":1,"target":"3wd","state":"running","started_at":"2026-03-02T08:00:00Z","due_at":"2026-03-02T10:00:00Z"}]}}
		{"type":"event","seq":4,"at":"2026-03-02T08:00:00Z","actor":"tool:tkt-new","tool":"tkt-new","ticket":"SUP-4","rev":1,"now":false,"set":{"subject":"waits","status":"pending","queue":"support","priority":"normal","identity":"none","created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T08:00:00Z","clocks":[{"name":"resolution","cycle":1,"target":"4wh","state":"paused","started_at":"2026-03-02T08:00:00Z","remaining_seconds":600}]}}
	END
}

@test "what a clock tells selects, sorts and prints" {
	desk "$BATS_TEST_TMPDIR/clocks"
	with_clocks
	run -0 tkt-list -o id,left,overdue,clock.resolution.state,clock.resolution.left,clock.resolution.target,clock.first_response.due,clock.first_response.stopped,clock.resolution.breached
	same "$output" $'SUP-1\t-61\ttrue\trunning\t-61\t3wd\t\t\t2026-03-02T08:58:59Z\nSUP-2\t3599\tfalse\t\t\t\t2026-03-02T09:59:59Z\t\t\nSUP-3\t3600\tfalse\trunning\t3600\t3wd\t2026-03-02T08:30:00Z\t2026-03-02T08:10:00Z\t\nSUP-4\t\tfalse\tpaused\t\t4wh\t\t\t'
	run -0 tkt-list 'left < 1h' 'not overdue' -o id
	same "$output" SUP-2
	run -0 tkt-list 'clock.resolution.left <= 1h' -o id --sort=-clock.resolution.left
	same "$output" $'SUP-3\nSUP-1'
	run -0 tkt-list clock.resolution.target=3wd clock.first_response.state=met -o id,clock.first_response.started
	same "$output" $'SUP-3\t2026-03-02T08:00:00Z'
	run -0 tkt-list --sort clock.resolution.target,clock.resolution.breached -o id
	same "$output" $'SUP-1\nSUP-3\nSUP-4\nSUP-2'
	run -0 tkt-list id=SUP-1 --format json -o id,clock.resolution.left,clock.resolution.breached
	same "$output" '{"type":"ticket","id":"SUP-1","clock":{"resolution":{"left":-61,"breached":"2026-03-02T08:58:59Z"}}}'
	run -64 tkt-list -o clock.resolution.when
	same "$output" "tkt-list: 'clock.resolution.when' is no field: write 'clock.NAME.PART', where PART is due, left, state, target, started, stopped or breached"
}

@test "a terminal shows the time left, in colours where it is short" {
	desk "$BATS_TEST_TMPDIR/clocks"
	with_clocks
	run -0 env -u NO_COLOR TERM=xterm COLUMNS=80 "$root/tests/terminal" tkt-list </dev/null
	same "$output" $'Ticket      Status    Priority   Left       Subject
SUP-1       open      \e[1;31mcritical\e[0m   \e[31m-1m\e[0m        late
SUP-2       open      normal     \e[33m59m\e[0m        soon
SUP-3       open      \e[33mhigh\e[0m       1h 0m      later
SUP-4       pending   normal                waits'
	run -0 env -u NO_COLOR TERM=xterm COLUMNS=80 "$root/tests/terminal" tkt-list -o id,due,overdue,clock.resolution.left,clock.first_response.due,age </dev/null
	same "$output" $'Ticket      Due               Overdue  clock.resolution.left  clock.first_response.due  Age
SUP-1       \e[31m2026-03-02 08:58\e[0m  \e[31myes\e[0m      \e[31m-1m\e[0m                                              1h 0m
SUP-2       \e[33m2026-03-02 09:59\e[0m  no                              2026-03-02 09:59          1h 0m
SUP-3       2026-03-02 10:00  no       1h 0m                  2026-03-02 08:30          1h 0m
SUP-4                         no                                                        1h 0m'
	local plain='Ticket      Status    Priority   Left       Subject
SUP-1       open      critical   -1m        late
SUP-2       open      normal     59m        soon
SUP-3       open      high       1h 0m      later
SUP-4       pending   normal                waits'
	run -0 env NO_COLOR=1 TERM=xterm COLUMNS=80 "$root/tests/terminal" tkt-list </dev/null
	same "$output" "$plain"
	run -0 env -u NO_COLOR TERM=dumb COLUMNS=80 "$root/tests/terminal" tkt-list </dev/null
	same "$output" "$plain"
	run -0 env TERM=xterm COLUMNS=80 tkt-list --format table
	same "$output" "$plain"
}

@test "--wait: what is there already is printed at once; when the time is over it says so" {
	run -0 --separate-stderr tkt-list --wait 1h status=new -o id
	same "$output$stderr" SUP-1
	run -0 --separate-stderr tkt-list -w 0s -c subject
	same "$output$stderr" 3
	run -1 --separate-stderr tkt-list --wait 0s status=resolved
	same "$output" ''
	same "$stderr" 'tkt-list: the time is over, and no ticket matches'
	run -1 --separate-stderr tkt-list --wait 1s --count status=resolved
	same "$output" ''
	same "$stderr" 'tkt-list: the time is over, and no ticket matches'
	run -1 --separate-stderr tkt-list --wait 0s --exists --quiet status=resolved
	same "$output$stderr" 'tkt-list: the time is over, and no ticket matches'
}

@test "--wait needs an expression and a length of elapsed time" {
	run -64 tkt-list --wait 2h
	same "$output" "tkt-list: '--wait' needs an expression to wait for"
	run -64 tkt-list --wait 2 status=new
	same "$output" "tkt-list: --wait: '2' has no unit; write 2m, 2h, 2d, 2wh ..."
	run -64 tkt-list --wait 2wh status=new
	same "$output" "tkt-list: --wait: '2wh' needs a calendar; a length of elapsed time is in s, m, h or d"
}

# waiting COMMAND...: runs it in the background until it has the database open; its id is in $waiter.
waiting() {
	"$@" >waited 2>errors &
	waiter=$!
	until find "/proc/$waiter/fd" -lname '*/tkt.db' 2>/dev/null | grep -q .; do
		kill -0 "$waiter"
	done
}

@test "--wait ends with the change that it waits for; meanwhile it holds nothing back" {
	waiting tkt-list --wait 60s id=SUP-1 status=resolved -o id,status
	for change in {1..20}; do
		tkt-set --quiet SUP-2 "subject=change $change"
	done
	# Its last look may be under way.
	for try in {1..50}; do
		sqlite3 "$TKT_DESK/tkt.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >checkpoint
		! grep -q '^0|0|0$' checkpoint || break
	done
	same "$(cat checkpoint)" '0|0|0'
	tkt-set --quiet SUP-1 status=resolved resolution=fixed
	wait "$waiter"
	same "$(cat waited errors)" $'SUP-1\tresolved'
}

@test "--wait --exists and --wait --count end so too" {
	waiting tkt-list --wait 60s --exists tags=urgent
	tkt-set --quiet SUP-2 tags=urgent
	wait "$waiter"
	same "$(cat waited errors)" ''
	waiting tkt-list --wait 60s --count tags=late
	tkt-set --quiet SUP-2 tags=late
	wait "$waiter"
	same "$(cat waited errors)" 1
}

@test "--wait reads the clock again, unless a time was given" {
	env -u TKT_NOW tkt-new --quiet -r anna@example.org -s now <<<'text'
	run -0 env -u TKT_NOW tkt-list --wait 20s id=SUP-4 'age >= 1s' -o id
	same "$output" SUP-4
	run -1 tkt-list --wait 1s --now "$(date -u +%FT%TZ -d '-1 day')" id=SUP-4 'age >= 1s' -o id
	same "$output" 'tkt-list: the time is over, and no ticket matches'
}

@test "--wait dies of signals as other tools do" {
	waiting tkt-list --wait 60s tags=urgent
	kill -TERM "$waiter"
	wait "$waiter" || status=$?
	same "$status" 143
	same "$(cat waited errors)" ''
}

@test "the description is what is new in the first letter" {
	mail 'Bob <bob@example.com>' 'Re: Login' $'It works.\n> Try again.' | tkt-mailin
	run -0 tkt-list -o description 'subject ~ Login'
	same "$output" 'It works.'
	run -0 tkt-list --count 'description ~ again'
	same "$output" 0
}

# S0-7, S2-9, S2-11, S4-11
@test "rank is the order of work: by tier, then by arrival, and age lets nothing starve" {
	conf <<-'END'
		ticket_prefix = "SUP"
		work_tiers = {"dealer", "paid"}   work_age = 8h
	END
	local came
	for came in 02T10:trial 02T11:paid 02T12:dealer 02T13:paid 02T19:dealer 03T03:dealer; do
		tkt-new --now "2026-03-${came%:*}:00:00Z" --quiet --requester a@example.org \
			--subject "${came#*:}" tier="${came#*:}" <<<x
	done
	run -0 tkt-list 'tier' --sort rank -o subject,rank
	same "$output" $'dealer\t2026-03-02T12:00:00Z
paid\t2026-03-02T19:00:00Z
dealer\t2026-03-02T19:00:00Z
paid\t2026-03-02T21:00:00Z
trial\t2026-03-03T02:00:00Z
dealer\t2026-03-03T03:00:00Z'
	run -0 tkt-list 'tier' 'rank < 2026-03-02T19:00:00Z' -o subject
	same "$output" dealer
	run -0 tkt-list 'tier' --sort rank --limit 1 --format json -o rank
	same "$output" '{"type":"ticket","rank":"2026-03-02T12:00:00Z"}'
	run -0 tkt-show SUP-4 -o rank
	same "$output" '2026-03-03T02:00:00Z'
}

@test "csv names its columns, quotes, and lets no spreadsheet run a formula" {
	tkt-new --quiet <<-'END'
		{"subject":"=1+1","tags":["a","b"],"fields":{"phone":"+7 495","said":"\"Well\",\nhe said"}}
		{"subject":"-x"}
		{"subject":"@SUM(A1)"}
		{"subject":"a-b=c"}
	END
	run -0 --separate-stderr tkt-list --format csv -s id -o id,tags,subject,fields.phone,fields.said,age 'id in SUP-4,SUP-5,SUP-6,SUP-7'
	same "$output" 'id,tags,subject,fields.phone,fields.said,age
SUP-4,"a,b",'\''=1+1,'\''+7 495,"""Well"",
he said",0
SUP-5,,'\''-x,,,0
SUP-6,,'\''@SUM(A1),,,0
SUP-7,,a-b=c,,,0'
	run -0 --separate-stderr tkt-list --format csv status=resolved
	same "$output" ''
	run -0 --separate-stderr tkt-list --format csv --limit 1 id=SUP-3
	same "$output" "$(tkt-list --format csv --limit 1 id=SUP-3 -o "$(head -n 1 <<<"$output")")"
	run -64 --separate-stderr tkt-list --format cvs
	same "$stderr" "tkt-list: 'cvs' is not a format; write json, table, tsv or csv"
}

@test "what is written as CSV is read as CSV" {
	tkt-customer --quiet <<<'{"id":"acme","name":"Acme, \"the\" firm","domains":["acme.example","acme.test"]}'
	tkt-customer -a --format csv -o id,name >firms.csv
	same "$(cat firms.csv)" $'id,name\nacme,"Acme, ""the"" firm"'
	run -0 --separate-stderr tkt-customer --csv firms.csv
	same "$output$stderr" ''
}
