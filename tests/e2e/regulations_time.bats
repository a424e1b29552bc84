#!/usr/bin/env bats
# Rules of written support regulations that tell of time, each by its number, through the installed tools.
load helper

# reply ID TEXT [OPTION...]
reply() {
	local id=$1 text=$2
	shift 2
	tkt-reply --quiet "$id" "$@" <<<"$text"
}

at() {
	export TKT_NOW=$1
}

# letter FROM SUBJECT SENT: a mail that was sent at SENT and arrives now.
letter() {
	mail "$1" "$2" 'It does not work.' | sed "s/^Date: .*/Date: $(date -u -R -d "$3")/" | tkt-mailin
}

# clock ID NAME MEMBER: of its latest cycle.
clock() {
	tkt-show --format json "$1" | jq -r --arg name "$2" --arg member "$3" \
		'select(.type == "ticket") | [.clocks[]? | select(.name == $name)] | last | .[$member] // "-"'
}

# web_service: a day to answer, of which days off are skipped whole; no promise of a solution.
web_service() {
	conf <<-'END'
		name = "Service"   address = "support@example.org"   ticket_prefix = "SUP"   timezone = "Europe/Moscow"   languages = {"ru", "en"}
		transport "maildir" { path = "outbox" }
		calendar "days" { timezone = "Europe/Moscow"   week = {"mon-fri 00:00-24:00"}   holidays = {"ru"} }
		sla "answer" { calendar = "days"   anchor = sent   first_response = "24dh" }
	END
}

@test "S0-7: work is in order of arrival, stable, ties by id" {
	web_service
	at 2025-10-30T09:00:00Z
	letter a@example.com one "$TKT_NOW"
	letter b@example.com two "$TKT_NOW"
	at 2025-10-30T08:00:00Z
	letter c@example.com earlier "$TKT_NOW"
	at 2025-10-30T10:00:00Z
	letter d@example.com late "$TKT_NOW"
	local i
	for i in 1 2 3; do
		same "$(tkt-list --sort received_at -o id --format tsv)" $'SUP-3\nSUP-1\nSUP-2\nSUP-4'
		same "$(tkt-list -o id --format tsv)" $'SUP-3\nSUP-1\nSUP-2\nSUP-4' # due first says the same here
		tkt-set --quiet SUP-2 fields.seen="$i" # work on a ticket does not move it
	done
}

@test "S0-8: the answer clock starts when the question was sent, not when it was fetched" {
	web_service
	at 2025-10-30T12:00:00Z
	letter a@example.com fetched-late 2025-10-30T06:00:00Z
	same "$(clock SUP-1 first_response started_at)" 2025-10-30T06:00:00Z
	same "$(clock SUP-1 first_response due_at)" 2025-10-31T06:00:00Z
	letter b@example.com from-the-future 2025-10-30T12:00:01Z # a date later than the receipt is not believed
	same "$(clock SUP-2 first_response started_at)" 2025-10-30T12:00:00Z
	letter c@example.com just-credible 2025-10-27T12:00:00Z # 72 hours before
	same "$(clock SUP-3 first_response started_at)" 2025-10-27T12:00:00Z
	letter d@example.com too-old 2025-10-27T11:59:59Z
	same "$(clock SUP-4 first_response started_at)" 2025-10-30T12:00:00Z
}

@test "S0-9: 24 hours of which whole days off are skipped and the nights of working days count" {
	web_service
	at 2025-10-31T12:00:00Z
	letter a@example.com friday "$TKT_NOW" # before a worked Saturday
	same "$(clock SUP-1 first_response due_at)" 2025-11-01T12:00:00Z
	at 2025-06-11T07:00:00Z
	letter b@example.com wednesday "$TKT_NOW" # before a holiday, a day off moved to Friday, a weekend
	same "$(clock SUP-2 first_response due_at)" 2025-06-16T07:00:00Z
	at 2025-10-18T09:00:00Z
	letter c@example.com saturday "$TKT_NOW" # noon on a day off: the clock stands still to Monday
	same "$(clock SUP-3 first_response due_at)" 2025-10-20T21:00:00Z
}

@test "S0-10: a policy may promise a reply and no resolution; then no template prints a promise" {
	web_service
	at 2025-10-30T09:00:00Z
	letter a@example.com question "$TKT_NOW"
	same "$(tkt-show --format json SUP-1 | jq -r 'select(.type == "ticket") | .clocks[].name')" first_response
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: Wait\n\nAn answer is due: {{clock.first_response.due}}.\nSolved by: {{clock.resolution.due}}.\n' >"$TKT_DESK/templates/wait.ru"
	cp "$TKT_DESK/templates/wait.ru" "$TKT_DESK/templates/wait.en"
	tkt-reply --quiet SUP-1 --template wait
	same "$(tkt-show --format json SUP-1 | jq -r 'select(.type == "message" and .direction == "out" and .auto == false) | .body')" \
		$'An answer is due: 2025-10-31 12:00.\nSolved by: .'
	run -0 cat "$TKT_DATADIR"/templates/ack.ru "$TKT_DATADIR"/templates/ack.en
	refute_promise "$output"
}

# refute_promise TEXT: it names no length of time.
refute_promise() {
	! grep -Eiq '[0-9]+ ?(час|дн|сут|hour|day|мин|min)' <<<"$1"
}

@test "S0-11: elapsed time is told by cause: us, waiting for the customer, waiting for development" {
	web_service
	at 2025-10-30T09:00:00Z
	letter a@example.com question "$TKT_NOW"
	at 2025-10-30T10:00:00Z
	reply SUP-1 'Which browser?' --status pending --set pending_reason=customer
	at 2025-10-30T13:00:00Z
	mail a@example.com 'Re: [SUP-1] question' 'Firefox' | sed "s/^Date: .*/Date: $(date -u -R -d "$TKT_NOW")/" | tkt-mailin
	at 2025-10-30T13:30:00Z
	tkt-set --quiet SUP-1 status=pending pending_reason=development
	at 2025-10-31T09:00:00Z
	same "$(tkt-sla --explain --format json SUP-1 | jq -s -r 'map(select(.kind == "waiting")) | group_by(.reason)[] |
		"\(.[0].reason) \(map(.seconds) | add)"')" $'customer 10800\ndevelopment 70200\nus 5400'
}

@test "S0-12: a hand-over to development is a state with its own time" {
	web_service
	at 2025-10-30T09:00:00Z
	letter a@example.com fault "$TKT_NOW"
	at 2025-10-30T11:00:00Z
	tkt-set --quiet SUP-1 status=pending pending_reason=development
	same "$(tkt-list 'waiting_for=development' -o id,status,pending_reason --format tsv)" $'SUP-1\tpending\tdevelopment'
	at 2025-10-30T15:00:00Z
	tkt-set --quiet SUP-1 status=open
	same "$(tkt-list --count 'waiting_for=development')" 0
	same "$(tkt-sla --explain --format json SUP-1 | jq -r 'select(.kind == "waiting" and .reason == "development") | "\(.start_at) \(.end_at) \(.seconds)"')" \
		'2025-10-30T11:00:00Z 2025-10-30T15:00:00Z 14400'
	# the promise of an answer runs on: it is ours, whoever works on the cause
	same "$(clock SUP-1 first_response state)" running
}

# weekdays KINDS: 08-18 Moscow, as the calendar's `kinds` say.
weekdays() {
	conf <<-END
		name = "Service"   address = "support@example.org"   ticket_prefix = "SUP"   timezone = "Europe/Moscow"
		transport "maildir" { path = "outbox" }
		calendar "office" { timezone = "Europe/Moscow"   week = {"mon-fri 08:00-18:00"}   holidays = {"ru"}   kinds = {$1} }
		sla "all" { calendar = "office"   anchor = received   first_response = "1wh"   resolution = "4wh"
			pause "resolution" { match = {"status=pending"} } }
	END
}

@test "S2-8: weekdays 08-18 Moscow without national holidays; moved and short days as kinds says" {
	weekdays '"holiday", "workday", "short"'
	at 2025-03-07T13:45:00Z
	letter a@example.com 'short day' "$TKT_NOW"
	same "$(clock SUP-1 first_response due_at)" 2025-03-10T05:45:00Z
	at 2025-11-06T13:30:00Z
	letter b@example.com paused "$TKT_NOW"
	at 2025-11-06T14:00:00Z
	tkt-set --quiet SUP-2 status=pending
	at 2025-11-07T07:00:00Z
	tkt-set --quiet SUP-2 status=open
	same "$(clock SUP-2 resolution due_at)" 2025-11-07T10:30:00Z
	at 2025-10-31T14:30:00Z
	letter c@example.com 'worked Saturday, short' "$TKT_NOW"
	same "$(clock SUP-3 first_response due_at)" 2025-11-01T05:30:00Z
	weekdays '"holiday"'
	at 2025-03-07T13:45:00Z
	letter d@example.com 'short day, not honoured' "$TKT_NOW"
	same "$(clock SUP-4 first_response due_at)" 2025-03-07T14:45:00Z
	at 2025-10-31T14:30:00Z
	letter e@example.com 'worked Saturday, not honoured' "$TKT_NOW"
	same "$(clock SUP-5 first_response due_at)" 2025-11-05T05:30:00Z
}

# studio ZONE TARGET
studio() {
	conf <<-END
		name = "Studio"   address = "support@example.org"   ticket_prefix = "SUP"
		transport "maildir" { path = "outbox" }
		calendar "office" { timezone = "$1"   week = {"mon-fri 09:00-18:00"}   holidays = {"ru"} }
		sla "yearly" { match = {"tier=yearly"}   calendar = "office"   first_response = "8wh" }
		sla "monthly" { calendar = "office"   first_response = "$2" }
	END
}

@test "S4-12: weekdays 9-18; a city and an offset that disagree both work, and the mismatch warns with both readings" {
	at 2025-11-05T12:30:00Z
	studio 'Asia/Yekaterinburg' 1wh
	run -0 tkt-lint
	letter a@example.com city "$TKT_NOW"
	same "$(clock SUP-1 first_response due_at)" 2025-11-06T04:30:00Z
	studio '+06:00' 1wh
	run -0 tkt-lint
	letter b@example.com offset "$TKT_NOW"
	same "$(clock SUP-2 first_response due_at)" 2025-11-06T04:00:00Z
	studio '+06:00 Asia/Yekaterinburg' 1wh
	letter c@example.com both "$TKT_NOW"
	same "$(clock SUP-3 first_response due_at)" 2025-11-06T04:00:00Z # the first counts
	run -0 --separate-stderr tkt-lint --format tsv
	same "$output" "$(printf 'warning\tdesk.conf\t3\t%s' "'+06:00' and 'Asia/Yekaterinburg' disagree: 'mon-fri 09:00-18:00' begins at 03:00Z by the first, which counts, and at 04:00Z by the second")"
}

@test "S4-13: days off by the Russian calendar, moved days too" {
	studio '+06:00' 9wh
	at 2025-12-29T12:00:00Z # Monday 18:00, closed: 31 December is a day off moved from 5 January
	letter a@example.com 'new year' "$TKT_NOW"
	same "$(clock SUP-1 first_response due_at)" 2025-12-30T12:00:00Z
	at 2025-12-30T12:00:00Z
	letter b@example.com 'new year' "$TKT_NOW"
	same "$(clock SUP-2 first_response due_at)" 2026-01-12T12:00:00Z
	at 2025-10-31T12:00:00Z # the worked Saturday, an hour short, then Wednesday the 5th
	letter c@example.com 'moved day' "$TKT_NOW"
	same "$(clock SUP-3 first_response due_at)" 2025-11-05T04:00:00Z
}

@test "S4-14: 48 hours: the target depends on the plan, and its unit is stated" {
	at 2025-10-27T04:00:00Z # Monday 09:00 in Yekaterinburg
	studio 'Asia/Yekaterinburg' 48wh
	letter a@example.com 'working hours' "$TKT_NOW"
	same "$(clock SUP-1 first_response due_at)" 2025-11-01T07:00:00Z
	studio 'Asia/Yekaterinburg' 48dh
	letter b@example.com 'hours of working days' "$TKT_NOW"
	same "$(clock SUP-2 first_response due_at)" 2025-10-29T04:00:00Z
	tkt-set --quiet SUP-2 tier=yearly # another plan, another target, from the same anchor
	same "$(clock SUP-2 first_response target) $(clock SUP-2 first_response due_at)" '8wh 2025-10-27T12:00:00Z'
	studio 'Asia/Yekaterinburg' 48
	run -78 --separate-stderr tkt-list
	same "$stderr" "tkt-list: desk.conf:5: '48' has no unit; write 48m, 48h, 48d, 48wh ..."
}
