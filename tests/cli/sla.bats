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
	run -0 tkt-sla --now 2026-03-02T13:00:00Z sup-1
	valid ticket <<<"$output"
	same "$(clocks <<<"$output")" 'first_response 1 running 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
}

@test "on a terminal each clock is a line" {
	ticket 2026-03-02T09:00:00Z
	ticket 2026-03-02T09:30:00Z status=pending
	COLUMNS=100 run -0 tkt-sla --format table --now 2026-03-02T12:59:00Z 1 2
	same "$output" 'Ticket      Clock             State     Target    Due               Left        Promise       Calendar
SUP-1       first_response    running   4wh       2026-03-02 16:00  1m          standard      office
SUP-1       resolution        running   3wd       2026-03-05 12:00  2d 20h      standard      office
SUP-2       first_response    running   4wh       2026-03-02 16:30  31m         standard      office
SUP-2       resolution        paused    3wd                         1d 6h       standard      office'
	run -0 tkt-sla --format tsv --now 2026-03-02T12:59:00Z 2
	same "$output" $'SUP-2\tfirst_response\trunning\t4wh\t2026-03-02T13:30:00Z\t1860\tstandard\toffice
SUP-2\tresolution\tpaused\t3wd\t\t108000\tstandard\toffice'
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
