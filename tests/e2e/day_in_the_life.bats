#!/usr/bin/env bats
# One ticket from a letter on Friday evening to its closing by a timer, over virtual time: each clock's story by the log,
# and an explanation that adds up. The comments tell Moscow's time, the clock of the desk; UTC is three hours less.
load helper

setup() {
	desk
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: Are you still there?\n\nWe wait for your answer, {{requester.name}}.\n' >"$TKT_DESK/templates/reminder.en"
	printf 'Subject: Closed\n\nWe close {{id}}: no answer came.\n' >"$TKT_DESK/templates/closing.en"
	conf <<-'END'
		name = "Support"   address = "support@example.org"   ticket_prefix = "SUP"
		languages = {"en"}   timezone = "Europe/Moscow"   acknowledge = false
		transport "maildir" { path = "outbox" }
		calendar "office" {
			timezone = "Europe/Moscow"   week = {"mon-fri 09:00-18:00"}   holidays = {"ru"}
		}
		sla "urgent" {
			match = {"priority >= high"}   calendar = "office"   anchor = sent
			first_response = "1wh"   next_response = "2wh"   resolution = "8wh"
			pause "resolution" { match = {"status=pending"} }
			escalate "75%" { notify = {"assignee"} }
			escalate "resolution 100%" { notify = {"group:leads"}   set = {"priority=critical"}   add = {"tags=late"} }
		}
		sla "ordinary" {
			calendar = "office"   anchor = sent
			first_response = "4wh"   next_response = "8wh"   resolution = "3wd"
			pause "resolution" { match = {"status=pending"} }
		}
		timer "silent" {
			match = {"waiting_for=customer"}   since = last_out   calendar = "office"
			step "2wd" { reply = "reminder" }
			step "5wd" { reply = "closing"   set = {"status=closed", "resolution=no_information"} }
		}
	END
}

# at TIME: what time it is from now on.
at() {
	export TKT_NOW=$1
}

# customer ID SUBJECT TEXT [HEADER...]: a letter that leaves now.
customer() {
	local id=$1 subject=$2 text=$3
	shift 3
	mail 'Anna <anna@example.com>' "$subject" "$text" "Message-ID: <$id@example.com>" "$@" |
		sed "s/^Date: .*/Date: $(date -u -R -d "$TKT_NOW")/" | tkt-mailin
}

# clocks: one line a clock, as the ticket has them.
clocks() {
	tkt-show --format json SUP-1 | jq -r 'select(.type == "ticket") | .clocks[]? |
		[.name, .cycle, .sla, .target, .state, .due_at // "-", .remaining_seconds // "-", .stopped_at // "-", .breached_at // "-"] |
		map(tostring) | join(" ")'
}

# story: what the log says of each clock, in order.
story() {
	tkt-log --format json ticket=SUP-1 | jq -r 'select(.set.clocks) | .at as $at | .set.clocks[] |
		"\($at) \(.name) \(.cycle) \(.state) \(.breached_at // "-")"' | awk '{ key = $2 $3; line = $4 $5; if (was[key] != line) print; was[key] = line }'
}

# sweep: what it did, a line a change.
sweep() {
	tkt-sla --sweep --format json | jq -r '[.ticket, (.step // {} | .clock // .timer // "-"), (.step // {} | .step // "-"),
		((.set // {}) | to_entries | map("\(.key)=\(.value)") | join(","))] | join(" ")' | sort
}

@test "a day in the life: Friday's letter, paused, answered, re-opened, raised, breached, escalated, reminded, closed" {
	# Friday 27 February, 19:10: after hours
	at 2026-02-27T16:10:00Z
	customer one 'Printer' 'It is silent.'
	same "$(clocks)" "$(
		cat <<-'END'
			first_response 1 ordinary 4wh running 2026-03-02T10:00:00Z - - -
			resolution 1 ordinary 3wd running 2026-03-04T15:00:00Z - - -
		END
	)"

	# Friday 20:00: taken, and handed over to development until Monday 10:00. The first response is promised all the same;
	# three working days are 27 open hours from the first pause on.
	at 2026-02-27T17:00:00Z
	tkt-set --quiet SUP-1 assignee=ivanova status=pending pending_reason=development
	same "$(clocks)" "$(
		cat <<-'END'
			first_response 1 ordinary 4wh running 2026-03-02T10:00:00Z - - -
			resolution 1 ordinary 3wd paused - 97200 - -
		END
	)"
	at 2026-03-02T07:00:00Z
	tkt-set --quiet SUP-1 status=open
	same "$(clocks | tail -1)" 'resolution 1 ordinary 3wd running 2026-03-05T07:00:00Z - - -'

	# Monday 12:00: the answer, which waits for the customer in the same step: it counts
	at 2026-03-02T09:00:00Z
	tkt-reply --quiet SUP-1 --status pending --set pending_reason=customer <<<'Is it plugged in?'
	same "$(clocks)" "$(
		cat <<-'END'
			first_response 1 ordinary 4wh met 2026-03-02T10:00:00Z - 2026-03-02T09:00:00Z -
			resolution 1 ordinary 3wd paused - 90000 - -
		END
	)"

	# Tuesday 11:00: the customer's answer; 12:00: solved
	at 2026-03-03T08:00:00Z
	customer two 'Re: [SUP-1] Printer' 'It is.' 'References: <one@example.com>'
	same "$(clocks)" "$(
		cat <<-'END'
			first_response 1 ordinary 4wh met 2026-03-02T10:00:00Z - 2026-03-02T09:00:00Z -
			next_response 1 ordinary 8wh running 2026-03-04T07:00:00Z - - -
			resolution 1 ordinary 3wd running 2026-03-05T15:00:00Z - - -
		END
	)"
	at 2026-03-03T09:00:00Z
	tkt-reply --quiet SUP-1 --status resolved --set resolution=answered <<<'Press the button.'
	same "$(clocks | tail -2)" "$(
		cat <<-'END'
			next_response 1 ordinary 8wh met 2026-03-04T07:00:00Z - 2026-03-03T09:00:00Z -
			resolution 1 ordinary 3wd met 2026-03-05T15:00:00Z - 2026-03-03T09:00:00Z -
		END
	)"

	# Tuesday 17:00: re-opened; the five hours between are cut out
	at 2026-03-03T14:00:00Z
	customer three 'Re: [SUP-1] Printer' 'Still silent.' 'References: <one@example.com>'
	same "$(clocks | grep -v met)" "$(
		cat <<-'END'
			resolution 1 ordinary 3wd running 2026-03-06T11:00:00Z - - -
			next_response 2 ordinary 8wh running 2026-03-04T13:00:00Z - - -
		END
	)"

	# Wednesday 10:30: priority raised: from the same anchors with the pauses as they were; what is thereby past is breached now
	at 2026-03-04T07:30:00Z
	tkt-set --quiet SUP-1 priority=high --why 'the whole floor cannot print'
	same "$(clocks | grep -v met)" "$(
		cat <<-'END'
			resolution 1 urgent 8wh running 2026-03-04T10:00:00Z - - -
			next_response 2 urgent 2wh running 2026-03-04T07:00:00Z - - 2026-03-04T07:30:00Z
		END
	)"

	# Wednesday 11:45: three quarters of both are over: one mail to the assignee, once
	at 2026-03-04T08:45:00Z
	same "$(sweep)" "$(
		cat <<-'END'
			SUP-1 next_response 75% 
			SUP-1 resolution 75% 
		END
	)"
	same "$(sweep)" ''
	tkt-mailout --quiet
	same "$(cat "$TKT_DESK"/outbox/new/* | grep -c '^To: ivanova@example.org')" 1

	# Wednesday 13:01: resolution breached
	at 2026-03-04T10:01:00Z
	same "$(sweep)" 'SUP-1 resolution resolution 100% priority=critical'
	same "$(clocks | grep resolution)" 'resolution 1 urgent 8wh running 2026-03-04T10:00:00Z - - 2026-03-04T10:00:00Z'
	same "$(tkt-list -o id,priority,tags,overdue --format tsv)" $'SUP-1\tcritical\tlate\ttrue'

	# Wednesday 15:00: answered, late; two hours over
	at 2026-03-04T12:00:00Z
	tkt-reply --quiet SUP-1 --status pending --set pending_reason=customer <<<'Which light blinks?'
	same "$(clocks | grep -v met)" "$(
		cat <<-'END'
			resolution 1 urgent 8wh paused - -7200 - 2026-03-04T10:00:00Z
			next_response 2 urgent 2wh missed 2026-03-04T07:00:00Z - 2026-03-04T12:00:00Z 2026-03-04T07:30:00Z
		END
	)"

	# Friday 14:59 nothing, 15:00 the reminder, which starts nothing anew
	at 2026-03-06T11:59:00Z
	same "$(sweep)" ''
	at 2026-03-06T12:00:00Z
	same "$(sweep)" 'SUP-1 silent 2wd '
	# Monday the 9th is a day off: Thursday the 12th, 15:00, is the fifth working day
	at 2026-03-12T11:59:00Z
	same "$(sweep)" ''
	at 2026-03-12T12:00:00Z
	same "$(sweep)" 'SUP-1 silent 5wd status=closed,resolution=no_information'
	same "$(clocks | grep resolution)" 'resolution 1 urgent 8wh missed 2026-03-04T10:00:00Z - 2026-03-12T12:00:00Z 2026-03-04T10:00:00Z'
	same "$(sweep)" ''

	# What left, in order, and that each mail left once
	tkt-mailout --quiet
	same "$(cat "$TKT_DESK"/outbox/new/* | sed -n 's/^Subject: //p' | sort)" "$(
		cat <<-'END' | sort
			Re: [SUP-1] Printer
			Re: [SUP-1] Printer
			Re: [SUP-1] Printer
			[SUP-1] Are you still there?
			[SUP-1] Closed
			Support: tickets that need you: 1
			Support: tickets that need you: 1
		END
	)"

	# The story of each clock, by the log alone
	same "$(story)" "$(
		cat <<-'END'
			2026-02-27T16:10:00Z first_response 1 running -
			2026-02-27T16:10:00Z resolution 1 running -
			2026-02-27T17:00:00Z resolution 1 paused -
			2026-03-02T07:00:00Z resolution 1 running -
			2026-03-02T09:00:00Z first_response 1 met -
			2026-03-02T09:00:00Z resolution 1 paused -
			2026-03-03T08:00:00Z next_response 1 running -
			2026-03-03T08:00:00Z resolution 1 running -
			2026-03-03T09:00:00Z next_response 1 met -
			2026-03-03T09:00:00Z resolution 1 met -
			2026-03-03T14:00:00Z resolution 1 running -
			2026-03-03T14:00:00Z next_response 2 running -
			2026-03-04T07:30:00Z next_response 2 running 2026-03-04T07:30:00Z
			2026-03-04T10:01:00Z resolution 1 running 2026-03-04T10:00:00Z
			2026-03-04T12:00:00Z resolution 1 paused 2026-03-04T10:00:00Z
			2026-03-04T12:00:00Z next_response 2 missed 2026-03-04T07:30:00Z
			2026-03-12T12:00:00Z resolution 1 missed 2026-03-04T10:00:00Z
		END
	)"
	run -0 tkt-sla --verify
	same "$output" ''
}
@test "an explanation adds up: a second program counts the spans and pauses again" {
	at 2026-02-27T16:10:00Z
	customer one 'Printer' 'It is silent.'
	at 2026-02-27T17:00:00Z
	tkt-set --quiet SUP-1 status=pending pending_reason=development
	at 2026-03-02T07:00:00Z
	tkt-set --quiet SUP-1 status=open priority=high
	tkt-sla --explain --format json SUP-1 >"$BATS_TEST_TMPDIR/explained"
	# of each clock: the seconds of its spans, those of its deadline line, and its target in seconds
	same "$(jq -s -r 'map(select(.clock)) | group_by(.clock)[] | [.[0].clock, (map(select(.kind == "span") | .seconds) | add),
		(map(select(.kind == "deadline")) | .[0] | .seconds, .end_at)] | map(tostring) | join(" ")' "$BATS_TEST_TMPDIR/explained")" "$(
		cat <<-'END'
			first_response 3600 3600 2026-03-02T07:00:00Z
			resolution 28800 28800 2026-03-02T15:00:00Z
		END
	)"
	# each span lies in opening hours, is as long as it says and touches no pause
	run -0 jq -s -e 'def t: fromdateiso8601; map(select(.kind == "pause" and .clock == "resolution")) as $pauses |
		map(select(.kind == "span" and .clock == "resolution")) | length > 0 and all(.[];
			. as $span | ((.end_at | t) - (.start_at | t)) == .seconds and
			all($pauses[]; ((.start_at | t) >= ($span.end_at | t)) or (((.end_at // "9999-01-01T00:00:00Z") | t) <= ($span.start_at | t))))' \
		"$BATS_TEST_TMPDIR/explained"
	# the weekend's days off stand there
	same "$(jq -r 'select(.kind == "day_off" and .clock == "first_response") | .date' "$BATS_TEST_TMPDIR/explained")" $'2026-02-28\n2026-03-01'
}
