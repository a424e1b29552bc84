#!/usr/bin/env bats
# The promises on tickets, as tkt-sla shows and explains them, and how they are reckoned anew.
load helper

setup() {
	desk
	promises
	cd "$BATS_TEST_TMPDIR" || return
}

# promises [OFFICE [SLA]]: desk.conf with a calendar of those hours and what the section promises.
promises() {
	conf <<-END
		name = "Support"
		address = "support@example.org"
		ticket_prefix = "SUP"
		timezone = "Europe/Moscow"
		version = "1"
		calendar "office" { timezone = "Europe/Moscow" week = {"${1:-mon-fri 08:00-18:00}"} }
		sla "standard" {
			calendar = "office"
			${2:-first_response = "4wh" resolution = "3wd"}
			pause "resolution" { match = {"status=pending"} }
		}
	END
}

# ticket NOW [FIELD=VALUE...]: a letter by hand, quietly.
ticket() {
	tkt-new --quiet --now "$1" -r anna@example.com -s Printer "${@:2}" <<<'It is silent.'
}

# clocks: of the tickets on standard input, a line each: name, state, due or left, breach.
clocks() {
	jq -r '.clocks // [] | .[] | [.name, .cycle, .state, .due_at // .remaining_seconds, .breached_at] | map(select(. != null)) | join(" ")'
}

@test "a ticket's clocks as they are at the moment" {
	ticket 2026-03-02T09:00:00Z
	run -0 tkt-sla --now 2026-03-02T13:00:01Z 1
	valid ticket <<<"$output"
	same "$(clocks <<<"$output")" 'first_response 1 running 2026-03-02T13:00:00Z 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
	same "$(tkt-sla --now 2026-03-02T13:00:00Z sup-1 | clocks)" 'first_response 1 running 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
}

@test "on a terminal each clock is a line" {
	ticket 2026-03-02T09:00:00Z
	ticket 2026-03-02T09:30:00Z status=pending
	COLUMNS=110 run -0 tkt-sla --format table --now 2026-03-02T12:59:00Z 1 2
	same "$output" 'Ticket      Clock             State     Target    Due               Left        Promise       Calendar
SUP-1       first_response    running   4wh       2026-03-02 16:00  1m          standard      office
SUP-1       resolution        running   3wd       2026-03-05 12:00  2d 20h      standard      office
SUP-2       first_response    running   4wh       2026-03-02 16:30  31m         standard      office
SUP-2       resolution        paused    3wd                         1d 6h       standard      office'
	run -0 tkt-sla --format tsv --now 2026-03-02T12:59:00Z 2
	same "$output" $'SUP-2\tfirst_response\trunning\t4wh\t2026-03-02T13:30:00Z\t1860\tstandard\toffice
SUP-2\tresolution\tpaused\t3wd\t\t108000\tstandard\toffice'
}

@test "on a terminal a running clock that is late is red, one that was met is not" {
	ticket 2026-03-02T09:00:00Z
	tkt-reply --quiet --now 2026-03-02T10:00:00Z 1 <<<'Is it plugged in?'
	run -0 env -u NO_COLOR TERM=xterm COLUMNS=80 "$root/tests/terminal" tkt-sla --now 2026-03-06T09:00:00Z 1 </dev/null
	same "$output" 'Ticket      Clock             State     Target    Due               Left
SUP-1       first_response    met       4wh       2026-03-02 16:00
SUP-1       resolution        running   3wd       2026-03-05 12:00  '$'\e[31m-1d 0h\e[0m'
}

@test "piped tickets stay as they are, with fresh clocks; others pass" {
	ticket 2026-03-02T09:00:00Z
	run -0 --separate-stderr tkt-sla <<-'END'
		{"type":"note","text":"kept"}
		{ "type":"ticket", "id":"SUP-1", "mine":7 }
		{"type":"ticket","status":"open","received_at":"2026-03-02T09:00:00Z","mine":[8]}
		{"type":"message","ticket":"SUP-1"}
		{"type":"ticket","id":"SUP-1","status":"closed"}
	END
	same "${lines[0]}" '{"type":"note","text":"kept"}'
	same "$(jq -c '[.id, .mine, .clocks[0].due_at]' <<<"${lines[1]}")" '["SUP-1",7,"2026-03-02T13:00:00Z"]'
	same "$(jq -c '[.id, .mine, .clocks[0].due_at]' <<<"${lines[2]}")" '[null,[8],"2026-03-02T13:00:00Z"]'
	same "${lines[3]}" '{"type":"message","ticket":"SUP-1"}'
	same "${lines[4]}" '{"type":"ticket","id":"SUP-1","status":"closed"}'
	[ -z "$stderr" ]
}

@test "an unknown ticket, a bad line, options that do not go together" {
	ticket 2026-03-02T09:00:00Z
	run -1 --separate-stderr tkt-sla 9 1
	same "$stderr" "tkt-sla: there is no ticket '9'"
	same "$(jq -r .id <<<"$output")" SUP-1
	run -65 --separate-stderr tkt-sla <<<$'{"type":"ticket","id":"SUP-9"}\n{"type":"ticket"}\n{"type":"ticket","id":1}\n{"type":"ticket","id":"SUP-1"}'
	same "$stderr" "tkt-sla: stdin:1: there is no ticket 'SUP-9'
tkt-sla: stdin:2: a ticket needs an 'id'
tkt-sla: stdin:3: 'id' must be a text"
	same "$(jq -r .id <<<"$output")" SUP-1
	run -65 --separate-stderr tkt-sla <<<'{"type":"ticket","id":"SUP-1","status":"open","clocks":[{"name":"x"}]}'
	same "$stderr" "tkt-sla: stdin:1: a clock whose 'name' is missing or wrong"
	run -64 tkt-sla --explain --verify 1
	same "$output" 'tkt-sla: give only one of --explain, --recompute (or --adopt), --sweep, --verify'
	run -64 tkt-sla -n 1
	same "$output" "tkt-sla: '--dry-run' goes with --recompute, --adopt or --sweep"
}

@test "what is proposed shows what would be promised to it" {
	promises 'mon-fri 08:00-18:00' 'match = {"priority=critical"} resolution = "1h" }
		sla "slow" { calendar = "office" resolution = "3wd"'
	ticket 2026-03-02T09:00:00Z
	run -0 bash -c 'tkt-list | jq -c ".priority = \"critical\"" | tkt-sla --now 2026-03-02T09:30:00Z'
	same "$(clocks <<<"$output")" 'resolution 1 running 2026-03-02T10:00:00Z'
	same "$(tkt-list | clocks)" 'resolution 1 running 2026-03-05T09:00:00Z'
}

# sums: of each clock what --explain's spans add up to, what its deadline says, the target
sums() {
	jq -rs 'map(select(.clock)) | group_by([.ticket, .clock, .cycle])[] | [.[0].ticket, .[0].clock, .[0].cycle,
		(map(select(.kind == "span").seconds) | add // 0),
		(.[] | select(.kind == "deadline") | .seconds, .note, .end_at)] | join(" ")'
}

@test "an explanation adds up: spans, days off, pauses" {
	printf '2026-03-09\tholiday\tWomen\u0027s day\n' >"$TKT_DESK/calendars/own.tsv"
	sed -i 's/week = /holidays = {"own"} days = {"2026-03-10 10:00-12:00"} week = /' "$TKT_DESK/desk.conf"
	ticket 2026-03-05T13:00:00Z
	tkt-set --quiet --now 2026-03-05T14:00:00Z status=pending 1
	tkt-set --quiet --now 2026-03-06T06:00:00Z status=open 1
	run -0 --separate-stderr tkt-sla --now 2026-03-06T06:00:00Z --explain 1
	valid explanation <<<"$output"
	same "$(jq -r 'select(.clock == "resolution") | [.kind, .date // "", .start_at // "", .end_at, .seconds, .reason // "", .note // ""] | join("|")' <<<"$output")" \
		"span|2026-03-05|2026-03-05T13:00:00Z|2026-03-05T14:00:00Z|3600|week|
pause||2026-03-05T14:00:00Z|2026-03-06T06:00:00Z|0||
span|2026-03-06|2026-03-06T06:00:00Z|2026-03-06T15:00:00Z|32400|week|
day_off|2026-03-07|2026-03-06T21:00:00Z|2026-03-07T21:00:00Z|0|week|
day_off|2026-03-08|2026-03-07T21:00:00Z|2026-03-08T21:00:00Z|0|week|
day_off|2026-03-09|2026-03-08T21:00:00Z|2026-03-09T21:00:00Z|0|holiday|Women's day
span|2026-03-10|2026-03-10T07:00:00Z|2026-03-10T09:00:00Z|7200|days|
span|2026-03-11|2026-03-11T05:00:00Z|2026-03-11T15:00:00Z|36000|week|
deadline|2026-03-11||2026-03-11T15:00:00Z|79200||3wd"
	same "$(sums <<<"$output")" 'SUP-1 first_response 1 14400 14400 4wh 2026-03-06T07:00:00Z
SUP-1 resolution 1 79200 79200 3wd 2026-03-11T15:00:00Z'
	[ -z "$stderr" ]
}

@test "what is only proposed has no log to explain it by" {
	run -65 --separate-stderr tkt-sla --explain <<<'{"type":"ticket","status":"new"}'
	same "$output" ''
	same "$stderr" "tkt-sla: stdin:1: a ticket needs an 'id'"
}

@test "each measure adds up, of clocks that are paused or have stopped too" {
	for target in 5h 2d 26wh 30dh 2wd 3cd; do
		promises 'mon-fri 08:00-18:00' "first_response = \"$target\" resolution = \"$target\""
		ticket 2026-03-05T13:00:00Z
	done
	for id in 1 2 3 4 5 6; do
		tkt-set --quiet --now 2026-03-05T13:30:00Z status=pending $id
	done
	run -0 --separate-stderr tkt-sla --now 2026-03-05T14:00:00Z --explain 1 2 3 4 5 6
	valid explanation <<<"$output"
	same "$(sums <<<"$output")" 'SUP-1 first_response 1 18000 18000 5h 2026-03-05T18:00:00Z
SUP-1 resolution 1 1800 1800 5h 
SUP-2 first_response 1 172800 172800 2d 2026-03-07T13:00:00Z
SUP-2 resolution 1 1800 1800 2d 
SUP-3 first_response 1 93600 93600 26wh 2026-03-10T09:00:00Z
SUP-3 resolution 1 1800 1800 26wh 
SUP-4 first_response 1 108000 108000 30dh 2026-03-06T19:00:00Z
SUP-4 resolution 1 1800 1800 30dh 
SUP-5 first_response 1 72000 72000 2wd 2026-03-09T13:00:00Z
SUP-5 resolution 1 1800 1800 2wd 
SUP-6 first_response 1 374400 374400 3cd 2026-03-09T21:00:00Z
SUP-6 resolution 1 374400 374400 3cd 2026-03-09T21:00:00Z'
	same "$(jq -r 'select(.ticket == "SUP-6" and .clock == "resolution" and .kind == "day_off") | .date' <<<"$output")" '2026-03-08'
	[ -z "$stderr" ]
	tkt-set --quiet --now 2026-03-06T06:00:00Z status=closed 3
	run -0 tkt-sla --now 2026-03-06T06:00:00Z --explain 3
	same "$(sums <<<"$output")" 'SUP-3 first_response 1 10800 10800 26wh 
SUP-3 resolution 1 93600 93600 26wh 2026-03-10T11:30:00Z'
}

@test "a year without holidays is said aloud" {
	sed -i 's/week = /holidays = {"ru"} week = /' "$TKT_DESK/desk.conf"
	ticket 2040-03-02T09:00:00Z
	run -0 --separate-stderr tkt-sla --now 2040-03-02T09:00:00Z --explain 1
	same "$(sort -u <<<"$stderr")" "tkt-sla: calendar 'office': no holidays are known for 2040; see tkt-calendar(1)"
}

@test "after a calendar edit open clocks are reckoned anew, and nothing else of a ticket" {
	ticket 2026-03-02T09:00:00Z
	ticket 2026-03-02T09:00:00Z status=pending
	ticket 2026-03-02T09:00:00Z status=closed
	ticket 2026-03-02T05:00:00Z
	tkt-set --quiet --now 2026-03-02T09:00:00Z status=resolved 4
	promises 'mon-fri 08:00-14:00'
	run -0 --separate-stderr tkt-sla --now 2026-03-02T10:00:00Z --recompute --dry-run
	same "$(tkt-list --all --sort id | clocks | wc -l)" 8
	dry=$output
	run -0 --separate-stderr tkt-sla --now 2026-03-02T10:00:00Z --recompute
	same "$output" "$dry"
	same "$(jq -r .id <<<"$output")" $'SUP-1\nSUP-2'
	same "$(clocks <<<"$output")" 'first_response 1 running 2026-03-03T07:00:00Z
resolution 1 running 2026-03-05T09:00:00Z
first_response 1 running 2026-03-03T07:00:00Z
resolution 1 paused 64800'
	same "$(tkt-log 'ticket = SUP-1' | jq -c 'select(.tool == "tkt-sla") | [.rev, (.set | keys), .why]')" \
		'[2,["clocks","next_at","rev"],"recomputed: calendar edited"]'
	same "$(tkt-list --all -o id,rev,updated_at --sort id)" $'SUP-1\t2\t2026-03-02T09:00:00Z
SUP-2\t2\t2026-03-02T09:00:00Z
SUP-3\t1\t2026-03-02T09:00:00Z
SUP-4\t2\t2026-03-02T09:00:00Z'
	run -0 --separate-stderr tkt-sla --now 2026-03-02T10:00:00Z --recompute
	same "$output$stderr" ""
	run -0 tkt-sla --verify
	same "$output" ""
}

@test "what a recompute writes is what any change writes: it replays, whichever road it took" {
	printf 'timer "silent" { match = {"queue=slow"} since = created calendar = "office" step "8wh" { notify = {"assignee"} } }\n' >>"$TKT_DESK/desk.conf"
	ticket 2026-03-02T09:00:00Z status=pending
	ticket 2026-03-02T09:00:00Z status=pending queue=slow # its timer counts hours: seen as a whole
	sed -i 's/18:00/17:00/' "$TKT_DESK/desk.conf"
	tkt-sla --quiet --now 2026-03-03T10:00:00Z --recompute
	tkt-log | jq -c 'select(.tool == "tkt-sla") | del(.seq, .ticket, .was.timers, .set.timers, .was.next_at, .set.next_at)' >events
	same "$(tkt-log | jq -c 'select(.tool == "tkt-sla") | [.seq, .ticket, (.set | keys_unsorted)]')" \
		'[3,"SUP-1",["rev","clocks","next_at"]]
[4,"SUP-2",["rev","clocks","timers","next_at"]]'
	same "$(sed -n 1p events)" "$(sed -n 2p events)"
	run -0 tkt-sla --verify
	same "$output" ""
	tkt-log >log
	tkt-list --all --sort id >before
	policy=$(cat "$TKT_DESK/desk.conf")
	desk "$BATS_TEST_TMPDIR/other"
	conf <<<"$policy"
	tkt-apply --quiet --replay <log
	tkt-list --all --sort id | diff - before
}

@test "a deadline that an edit moves into the past is broken at that moment" {
	promises 'mon-fri 10:00-18:00'
	ticket 2026-03-02T05:00:00Z
	promises
	run -0 tkt-sla --now 2026-03-02T10:00:00Z --recompute
	same "$(clocks <<<"$output" | head -1)" 'first_response 1 running 2026-03-02T09:00:00Z 2026-03-02T10:00:00Z'
}

@test "a changed sla moves only new tickets, unless it is adopted" {
	ticket 2026-03-02T09:00:00Z
	tkt-set --quiet --now 2026-03-02T09:10:00Z status=pending 1
	promises 'mon-fri 08:00-18:00' 'first_response = "1h" resolution = "4wh"'
	sed -i 's/version = "1"/version = "2"/' "$TKT_DESK/desk.conf"
	ticket 2026-03-02T09:00:00Z
	run -0 tkt-sla --now 2026-03-02T09:30:00Z --recompute
	same "$output" ""
	run -0 tkt-sla --now 2026-03-02T09:30:00Z --adopt
	same "$(jq -r '.id + " " + .policy + " " + .updated_at' <<<"$output")" 'SUP-1 2 2026-03-02T09:10:00Z'
	same "$(clocks <<<"$output")" 'first_response 1 running 2026-03-02T10:00:00Z
resolution 1 paused 13800'
	same "$(tkt-log 'ticket = SUP-1' | jq -c 'select(.tool == "tkt-sla") | [(.set | keys), .was.policy, .set.policy, .why]')" \
		'[["clocks","next_at","policy","rev"],"1","2","adopted policy 2"]'
	run -0 tkt-sla --now 2026-03-02T09:30:00Z --adopt
	same "$output" ""
	run -0 tkt-sla --verify
	same "$output" ""
}

@test "a policy that promises nothing takes promises back, and another gives them" {
	ticket 2026-03-02T09:00:00Z
	sed -i '/^sla/,$d; s/version = "1"/version = "2"/' "$TKT_DESK/desk.conf"
	run -0 tkt-sla --now 2026-03-02T09:30:00Z --adopt
	same "$(jq -c '[.policy, .clocks, .next_at]' <<<"$output")" '["2",null,null]'
	ticket 2026-03-02T09:00:00Z
	promises
	run -0 tkt-sla --now 2026-03-02T13:30:00Z --adopt
	same "$(jq -r .id <<<"$output")" $'SUP-1\nSUP-2'
	same "$(clocks <<<"$output")" 'first_response 1 running 2026-03-02T13:00:00Z 2026-03-02T13:30:00Z
resolution 1 running 2026-03-05T09:00:00Z
first_response 1 running 2026-03-02T13:00:00Z 2026-03-02T13:30:00Z
resolution 1 running 2026-03-05T09:00:00Z'
}

@test "the log is the truth: what differs from it is listed" {
	ticket 2026-03-02T09:00:00Z
	ticket 2026-03-02T09:00:00Z
	run -0 tkt-sla --verify
	same "$output" ""
	sqlite3 "$TKT_DESK/tkt.db" "UPDATE ticket SET due_at = 7, next_at = NULL WHERE number = 1;
		UPDATE ticket SET clocks = replace(clocks, '2026-03-05T09', '2026-03-05T08') WHERE number = 2;
		DELETE FROM clock WHERE ticket = 1 AND name = 'resolution'"
	run -1 --separate-stderr tkt-sla --verify
	valid difference <<<"$output"
	same "$(jq -c '[.ticket, .clock, .name, .stored, .reckoned | if type == "object" then .name else . end]' <<<"$output")" \
		'["SUP-1",null,"due","1970-01-01T00:00:07Z","2026-03-02T13:00:00Z"]
["SUP-1","resolution","row",null,"resolution"]
["SUP-1",null,"next_at",null,"2026-03-02T13:00:01Z"]
["SUP-2","resolution","due_at","2026-03-05T08:00:00Z","2026-03-05T09:00:00Z"]
["SUP-2","resolution","due_at","2026-03-05T09:00:00Z","2026-03-05T08:00:00Z"]'
	[ -z "$stderr" ]
	run -1 tkt-sla --verify 2
	same "$(jq -r .ticket <<<"$output" | sort -u)" SUP-2
	run -1 tkt-sla --verify 9
	same "$output" "tkt-sla: there is no ticket '9'"
}

@test "a step that has fired and does not stand there any more is a difference: it would fire again" {
	cat >>"$TKT_DESK/desk.conf" <<-'END'
		timer "old" { step "10m" { add = {"tags=old"} } step "20m" { add = {"tags=older"} } }
	END
	sed -i '/^sla /s/$/ escalate "50%" { add = {"tags=half"} }/' "$TKT_DESK/desk.conf"
	ticket 2026-03-02T09:00:00Z
	tkt-sla --sweep --quiet --now 2026-03-02T11:00:00Z
	same "$(tkt-sla --verify)" ""
	sqlite3 "$TKT_DESK/tkt.db" "UPDATE ticket SET clocks = replace(clocks, '\"50%\"', '\"5%\"'), timers = NULL"
	run -1 --separate-stderr tkt-sla --verify
	valid difference <<<"$output"
	same "$(jq -c 'select(.name != "next_at") | [.clock, .name, .stored, .reckoned]' <<<"$output")" \
		'["first_response","steps",["5%"],["50%"]]
[null,"timers",null,{"name":"old","since_at":"2026-03-02T09:00:00Z","steps":["10m","20m"]}]'
}

@test "a ticket whose policy cannot be read any more keeps no other from being verified" {
	ticket 2026-03-02T09:00:00Z
	sed -i 's/version = "1"/version = "2"/' "$TKT_DESK/desk.conf"
	ticket 2026-03-02T09:00:00Z
	sqlite3 "$TKT_DESK/tkt.db" "UPDATE policy SET text = 'sla {' WHERE name = '1';
		UPDATE ticket SET due_at = 7 WHERE number = 2"
	run -78 --separate-stderr tkt-sla --verify
	same "$(jq -c '[.ticket, .name]' <<<"$output")" '["SUP-2","due"]'
	same "$stderr" "tkt-sla: ticket 'SUP-1': policy '1': desk.conf:1: '{' follows neither '=' nor a section's title"
}

@test "a calendar that is never open any more is said once, and keeps no other ticket back" {
	ticket 2026-03-02T09:00:00Z
	ticket 2026-03-02T09:00:00Z
	promises 'mon-fri 08:00-14:00' 'match = {"priority=low"} resolution = "1h"'
	sed -i 's/week = {"mon-fri 08:00-14:00"}/days = {"2026-01-01 08:00-12:00"}/' "$TKT_DESK/desk.conf"
	run -65 --separate-stderr tkt-sla --recompute
	same "$output" ""
	same "$stderr" "tkt-sla: ticket 'SUP-1': calendar 'office' is not open after 2026-01-01"
}
