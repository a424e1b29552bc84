#!/usr/bin/env bats
# The clocks of a ticket move with the changes themselves, within their transaction.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<-'END'
		ticket_prefix = "SUP"
		calendar "office" {
			timezone = "Europe/Moscow"
			week = {"mon-fri 09:00-18:00"}
		}
		calendar "phones" { week = {"always"} }
		channel "phone" { calendar = "phones" }
		sla "critical" {
			match = {"priority=critical"}
			first_response = "30m"
			resolution = "4h"
		}
		sla "ordinary" {
			calendar = "office"
			anchor = sent
			first_response = "4wh"
			next_response = "8wh"
			resolution = "3wd"
			pause "resolution" { match = {"status=pending"} }
		}
		timer "silent" {
			match = {"status=pending", "pending_reason=customer"}
			since = last_out
			step "5d" { set = {"status=closed"} }
		}
	END
}

# at DAY-HH:MM[:SS] of March 2026: what time it is from then on, in UTC. The 2nd is a Monday.
at() {
	local time=${1#*-}
	[ ${#time} -ne 5 ] || time+=:00
	export TKT_NOW=2026-03-${1%%-*}T${time}Z
}

# letter SUBJECT DATE [HEADER...]: a letter from anna, sent then.
letter() {
	local subject=$1 date=$2
	shift 2
	mail 'Anna <anna@example.com>' "$subject" "$subject" "Message-ID: <$RANDOM.$RANDOM@example.com>" "$@" |
		sed "s/^Date:.*/Date: $date/"
}

# clocks [TICKET]: a line each: name, cycle, state, what goes with it, whether it is breached.
clocks() {
	tkt-show "${1:-1}" | jq -r 'select(.type == "ticket") | .clocks[]? | [.name, .cycle, .state,
		if .state == "running" then .due_at elif .state == "paused" then .remaining_seconds else .stopped_at end,
		if .breached_at then "breached " + .breached_at else empty end] | join(" ")'
}

# member NAME [TICKET]
member() {
	tkt-show "${2:-1}" | jq -c "select(.type == \"ticket\").$1"
}

reply() {
	tkt-reply --quiet --as ivanova "$@" <<<'An answer.'
}

# told: what the log tells a person of each change, without time and actor.
told() {
	COLUMNS=300 tkt-log --format table "$@" | sed -E '1d; s/^.{16}  \S+ +\S+ +\S+ +//'
}

@test "S0-8: a letter's clocks count from when it was sent, if that can be believed" {
	at 02-09:00
	letter 'an hour ago' 'Mon, 02 Mar 2026 08:00:00 +0000' | tkt-mailin
	letter 'on Friday evening' 'Fri, 27 Feb 2026 20:00:00 +0300' | tkt-mailin
	letter 'four days ago' 'Thu, 26 Feb 2026 08:59:59 +0000' | tkt-mailin
	letter 'from tomorrow' 'Tue, 03 Mar 2026 09:00:00 +0000' | tkt-mailin
	letter 'at no time' '' | tkt-mailin
	same "$(clocks 1)" 'first_response 1 running 2026-03-02T12:00:00Z
resolution 1 running 2026-03-05T08:00:00Z'
	same "$(clocks 2)" 'first_response 1 running 2026-03-02T10:00:00Z
resolution 1 running 2026-03-04T15:00:00Z'
	for ticket in 3 4 5; do
		same "$(clocks $ticket)" 'first_response 1 running 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
	done
	same "$(member 'clocks[0]' 2)" '{"name":"first_response","cycle":1,"sla":"ordinary","calendar":"office","target":"4wh","state":"running","started_at":"2026-02-27T17:00:00Z","due_at":"2026-03-02T10:00:00Z"}'
	same "$(tkt-list -o id,due)" $'SUP-2\t2026-03-02T10:00:00Z\nSUP-1\t2026-03-02T12:00:00Z\nSUP-3\t2026-03-02T13:00:00Z\nSUP-4\t2026-03-02T13:00:00Z\nSUP-5\t2026-03-02T13:00:00Z'
	run -0 tkt-show 2
	valid - <<<"$output"
}

@test "an answer at the due instant meets; a second later it is missed" {
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one <<<text
	tkt-new --quiet -r anna@example.com -s two <<<text
	at 02-13:00:00
	reply 1
	at 02-13:00:01
	reply 2
	same "$(clocks 1)" 'first_response 1 met 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
	same "$(clocks 2)" 'first_response 1 missed 2026-03-02T13:00:01Z breached 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
}

@test "neither the acknowledgement nor a note, a machine's mail or a mail to nobody is an answer; a call is" {
	at 02-09:00
	letter Printer 'Mon, 02 Mar 2026 09:00:00 +0000' | tkt-mailin
	tkt-new --quiet -s 'nobody to write to' <<<text
	at 02-09:10
	tkt-reply --quiet --as ivanova --internal 1 <<<'A note.'
	tkt-apply --quiet <<<'{"type":"change","ticket":"SUP-2","message":{"kind":"public","direction":"out","body":"Into the air."}}'
	letter 'Re: [SUP-1] Printer' 'Mon, 02 Mar 2026 09:05:00 +0000' 'Auto-Submitted: auto-replied' | tkt-mailin
	for ticket in 1 2; do
		same "$(clocks $ticket)" 'first_response 1 running 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
	done
	same "$(jq -r 'select(.message.auto and .outgoing).ticket' <(tkt-log))" SUP-1 # it was acknowledged
	at 02-09:20
	reply --channel phone 2
	same "$(clocks 2)" 'first_response 1 met 2026-03-02T09:20:00Z
resolution 1 running 2026-03-05T09:00:00Z'
	# What the log says gives the same when another level has it replayed.
	tkt-set --quiet 1 2 priority=critical
	same "$(clocks 1)" 'first_response 1 running 2026-03-02T09:30:00Z
resolution 1 running 2026-03-02T13:00:00Z'
	same "$(clocks 2)" 'first_response 1 met 2026-03-02T09:20:00Z
resolution 1 running 2026-03-02T13:00:00Z'
}

@test "an answer that sets pending in the same step meets the one clock and pauses the other" {
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one <<<text
	at 02-10:00
	reply --set status=pending --set pending_reason=customer 1
	same "$(clocks)" 'first_response 1 met 2026-03-02T10:00:00Z
resolution 1 paused 93600'
	same "$(member timers)" '[{"name":"silent","since_at":"2026-03-02T10:00:00Z","next_at":"2026-03-07T10:00:00Z"}]'
	same "$(member next_at)" '"2026-03-07T10:00:00Z"'
	same "$(tkt-list -o id,due)" $'SUP-1\t'
	at 03-10:00
	letter 'Re: [SUP-1] one' 'Tue, 03 Mar 2026 10:00:00 +0000' | tkt-mailin
	same "$(clocks)" 'first_response 1 met 2026-03-02T10:00:00Z
next_response 1 running 2026-03-04T09:00:00Z
resolution 1 running 2026-03-06T09:00:00Z'
	same "$(member timers),$(member next_at)" 'null,"2026-03-04T09:00:01Z"'
	at 03-11:00 # further letters do not move it
	letter 'Re: [SUP-1] one' 'Tue, 03 Mar 2026 11:00:00 +0000' | tkt-mailin
	same "$(clocks | sed -n 2p)" 'next_response 1 running 2026-03-04T09:00:00Z'
	at 03-12:00
	reply 1
	at 03-13:00
	letter 'Re: [SUP-1] one' 'Tue, 03 Mar 2026 13:00:00 +0000' | tkt-mailin
	same "$(clocks)" 'first_response 1 met 2026-03-02T10:00:00Z
next_response 1 met 2026-03-03T12:00:00Z
resolution 1 running 2026-03-06T09:00:00Z
next_response 2 running 2026-03-04T12:00:00Z'
	same "$(told)" "opened 'one'; first_response started; resolution started; letter from anna@example.com (shell)
status: new → pending; pending_reason: customer; first_response met; resolution paused; answer
status: pending → open; identity: none → claimed; pending_reason: customer → empty; next_response started; resolution resumed; letter from anna@example.com; a letter of a participant
letter from anna@example.com; a letter of a participant
next_response met; answer
next_response 2 started; letter from anna@example.com; a letter of a participant"
}

@test "re-opening goes on with the closed time cut out; a closed ticket is not judged" {
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one <<<text
	at 03-09:00
	tkt-set --quiet 1 status=closed
	same "$(clocks)" 'first_response 1 paused -18000 breached 2026-03-02T13:00:00Z
resolution 1 met 2026-03-03T09:00:00Z'
	before=$(member clocks)
	at 09-09:00
	tkt-set --quiet 1 tags+=late priority=critical
	same "$(member clocks)" "$before"
	tkt-set --quiet 1 priority=normal
	at 10-09:00
	tkt-set --quiet 1 status=open
	same "$(clocks | sed -n 2p)" 'resolution 1 running 2026-03-12T09:00:00Z'
	same "$(told --after 1)" 'status: new → closed; first_response breached; first_response paused; resolution met
priority: normal → critical; tags: late
priority: critical → normal
status: closed → open; first_response resumed; resolution goes on'
}

@test "another priority counts from the same anchor; what is past by then is breached now; a breach stays" {
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one <<<text
	at 02-09:10
	tkt-set --quiet 1 priority=critical
	same "$(clocks)" 'first_response 1 running 2026-03-02T09:30:00Z
resolution 1 running 2026-03-02T13:00:00Z'
	same "$(member 'clocks[0].sla'),$(member 'clocks[0].calendar'),$(member next_at)" '"critical",null,"2026-03-02T09:30:01Z"'
	tkt-set --quiet 1 priority=normal
	at 02-12:00
	tkt-set --quiet 1 priority=critical
	same "$(clocks)" 'first_response 1 running 2026-03-02T09:30:00Z breached 2026-03-02T12:00:00Z
resolution 1 running 2026-03-02T13:00:00Z'
	tkt-set --quiet 1 priority=low
	same "$(clocks)" 'first_response 1 running 2026-03-02T13:00:00Z breached 2026-03-02T12:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
	same "$(told --after 3)" 'priority: normal → critical; first_response breached; first_response: 4wh → 30m; resolution: 3wd → 4h
priority: critical → low; first_response: 30m → 4wh; resolution: 4h → 3wd'
}

@test "the channel's calendar counts before the sla's" {
	at 02-20:00
	tkt-new --quiet -c phone -r anna@example.com -s one <<<text
	same "$(clocks)" 'first_response 1 running 2026-03-03T00:00:00Z
resolution 1 running 2026-03-05T20:00:00Z'
	same "$(member 'clocks[0].calendar')" '"phones"'
}

@test "what changes nothing is no change; time alone leaves updated_at" {
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one tags=a <<<text
	at 02-10:00
	tkt-set --quiet -w 'for nothing' 1 tags=a status=new
	same "$(member rev),$(member updated_at),$(tkt-log | wc -l)" '1,"2026-03-02T09:00:00Z",1'
	at 02-14:00
	tkt-set --quiet 1 tags=a
	same "$(member rev),$(member updated_at)" '2,"2026-03-02T09:00:00Z"'
	same "$(told --after 1)" 'first_response breached'
}

@test "a step fires once: the writer refuses it the second time" {
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one <<<text
	step='{"type":"change","ticket":"SUP-1","step":{"clock":"first_response","cycle":1,"step":"75%","skipped":["50%"]}}'
	tkt-apply --quiet <<<"$step"
	same "$(member 'clocks[0].steps')" '["50%","75%"]'
	same "$(told --after 1)" 'first_response 75%'
	run -1 --separate-stderr tkt-apply --quiet <<<"$step"
	same "$output" ''
	same "$(member rev)" 2
}

@test "wake_at is when a pending ticket next asks for a look" {
	at 02-09:00
	conf <<<'ticket_prefix = "SUP"'
	tkt-new --quiet -r anna@example.com -s one <<<text
	same "$(member next_at)" null
	tkt-set --quiet 1 status=pending wake_at=2026-03-05T09:00:00Z
	same "$(member next_at)" '"2026-03-05T09:00:00Z"'
	tkt-set --quiet 1 status=open
	same "$(member next_at)" null
}

@test "a ticket goes by the policy it came under, and by the calendars as they are now" {
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one <<<text
	sed -i 's/"4wh"/"2wh"/; s/09:00-18:00/09:00-13:00/' "$TKT_DESK/desk.conf"
	tkt-new --quiet -r anna@example.com -s two <<<text
	same "$(clocks 1)" 'first_response 1 running 2026-03-02T13:00:00Z
resolution 1 running 2026-03-05T09:00:00Z'
	same "$(clocks 2 | sed -n 1p)" 'first_response 1 running 2026-03-03T07:00:00Z'
	tkt-set --quiet 1 priority=critical
	tkt-set --quiet 1 priority=normal
	same "$(clocks 1 | sed -n 1p)" 'first_response 1 running 2026-03-03T09:00:00Z'
}

@test "a ticket goes on by the calendar it came under when desk.conf does not name it any more" {
	local before
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s one <<<text
	before=$(clocks 1)
	sed -i '/^calendar "office"/,/^}/d; s/calendar = "office"/calendar = "phones"/' "$TKT_DESK/desk.conf"
	at 02-09:30
	tkt-set --quiet 1 tags=seen
	same "$(clocks 1)" "$before"
}

@test "a calendar that has run out keeps no letter back: its promise is not started, and that is said" {
	conf <<-'END'
		ticket_prefix = "SUP"   acknowledge = false
		calendar "fair" { days = {"2026-01-05 09:00-18:00"} }
		sla "fair" { calendar = "fair"   first_response = "1wh" }
	END
	at 02-09:00
	run -0 --separate-stderr tkt-mailin < <(letter Printer 'Mon, 02 Mar 2026 08:00:00 +0000')
	same "$stderr" "tkt-mailin: ticket 'SUP-1': its clocks stay as they were: calendar 'fair' is not open after 2026-01-05"
	same "$(tkt-list -o id,subject --format tsv)" $'SUP-1\tPrinter'
	same "$(clocks 1)" ''
	sed -i 's/2026-01-05/2026-03-05/' "$TKT_DESK/desk.conf"
	tkt-set --quiet SUP-1 tags=seen # the next change finds out, from the log
	same "$(clocks 1)" 'first_response 1 running 2026-03-05T10:00:00Z'
	run -0 tkt-sla --verify
}

@test "a promise that a calendar kept from starting is made up for when the calendar is mended" {
	conf <<-'END'
		ticket_prefix = "SUP"   acknowledge = false
		calendar "fair" { days = {"2026-01-05 09:00-18:00"} }
		sla "fair" { match = {"queue=support"}   calendar = "fair"   first_response = "1wh" }
	END
	at 02-09:00
	tkt-new --quiet -r anna@example.com -s One <<<One 2>/dev/null
	tkt-new --quiet -r anna@example.com -s Two queue=other <<<Two
	run -65 tkt-sla --sweep # the first one looks at the calendars, and knows them from then on
	same "$output" "tkt-sla: ticket 'SUP-1': calendar 'fair' is not open after 2026-01-05"
	run -0 tkt-sla --sweep
	same "$output" ''
	sed -i 's/2026-01-05/2026-03-05/' "$TKT_DESK/desk.conf"
	at 02-09:05
	tkt-sla --sweep --quiet
	same "$(clocks 1)" 'first_response 1 running 2026-03-05T10:00:00Z'
	same "$(clocks 2)" ''
	same "$(tkt-list --sort id -o id,rev,updated_at,next_at)" $'SUP-1\t2\t2026-03-02T09:00:00Z\t2026-03-05T10:00:01Z
SUP-2\t1\t2026-03-02T09:00:00Z\t'
	run -0 tkt-sla --verify
	same "$output" ''
}

@test "the log of a desk with clocks, replayed, gives the same tickets byte for byte" {
	at 02-09:00
	letter Printer 'Mon, 02 Mar 2026 08:00:00 +0000' | tkt-mailin
	tkt-new --quiet -r bob@example.com -s two <<<text
	at 02-10:00
	reply --set status=pending --set pending_reason=customer 1
	at 02-14:00
	tkt-set --quiet 2 priority=critical
	at 03-10:00
	letter 'Re: [SUP-1] Printer' 'Tue, 03 Mar 2026 10:00:00 +0000' | tkt-mailin
	at 03-11:00
	tkt-set --quiet 1 status=closed
	at 04-11:00
	tkt-set --quiet 1 status=pending wake_at=2026-03-09T09:00:00Z
	tkt-init --quiet copy
	tkt-log >log
	at 20-10:00
	tkt-apply --quiet --replay -D copy <log
	same "$(tkt-list --all -D copy)" "$(tkt-list --all)"
	same "$(tkt-log -D copy)" "$(cat log)"
	for desk in copy "$TKT_DESK"; do
		sqlite3 "$desk/tkt.db" 'SELECT * FROM clock; SELECT number, due_at, next_at, timers FROM ticket' >"$(basename "$desk").rows"
	done
	same "$(cat copy.rows)" "$(cat desk.rows)"
	[ "$(wc -l <copy.rows)" -ge 6 ]
	valid - <log
}

@test "a recompute beside those who change the same tickets undoes nothing of theirs" {
	local hour status
	jq -nc 'range(400) | {type: "change", set: {subject: "One", "requester.email": "anna@example.com"}}' | tkt-apply --quiet
	(
		for status in pending open pending open pending; do
			jq -nc --arg status "$status" 'range(1; 401) | {type: "change", ticket: "SUP-\(.)", set: {status: $status}}' |
				tkt-apply --quiet
		done
	) &
	for hour in 10 11 12 13 14 15 16; do
		sed -i "s/mon-fri ..:00/mon-fri $hour:00/" "$TKT_DESK/desk.conf"
		tkt-sla --quiet --recompute
	done
	wait $!
	same "$(tkt-log | jq -r '"\(.ticket) \(.rev)"' | sort | uniq -d)" '' # each builds on the one before
	tkt-sla --quiet --recompute # who had read desk.conf before an edit goes by that to his end
	run -0 tkt-sla --verify
	same "$output" ''
	same "$(tkt-list --count status=pending)" 400
}
