#!/usr/bin/env bats
# Rules of written support regulations that tell of who works on what, and when, each by its number,
# through the installed tools: the rules are data in desk.conf.
load helper

at() {
	export TKT_NOW=$1
}

# letter FROM SUBJECT TEXT: comes in, and is sent where it belongs.
letter() {
	mail "$@" | tkt-mailin
	tkt-list status=new | tkt-route --apply --quiet
}

# told: who gets which notice.
told() {
	tkt-sla --sweep --quiet
	tkt-mailout --list | jq -r 'select(.ticket == null) | "\(.recipients[0]) \(.body | [scan("(?m)^SUP-[0-9]+")] | join(","))"'
}

# softphone: paying customers and dealers first; Critical is a word, an agent's verdict, and a night call.
softphone() {
	conf <<-'END'
		name = "Softphone"   address = "support@example.org"   ticket_prefix = "SUP"   timezone = "Europe/Moscow"   languages = {"en", "ru"}
		acknowledge = "none"   work_tiers = {"dealer", "paid"}   work_age = "2d"   notice_calendar = "office"
		transport "maildir" { path = "outbox" }
		calendar "office" { timezone = "Europe/Moscow"   week = {"mon-fri 08:00-18:00"} }
		calendar "always" { week = {"always"} }
		sla "critical" { match = {"priority=critical"}   calendar = "always"   first_response = "1h" }
		sla "plain"    { calendar = "office"   first_response = "8wh" }

		route "dealer" { match = {'requester.email ~ "@dealer\."'}   set = {"tier=dealer"} }
		route "paid"   { match = {'requester.email ~ "@paid\."'}     set = {"tier=paid"} }
		route "team"   { any = {'subject ~ "\bTeam\b"', 'description ~ "\bTeam\b"'}   set = {"fields.product=team"} }
		# S2-16, S2-17: the first word, a description behind it, the rest in the letter; only for Team
		route "critical" {
		    match = {'subject ~ "^(?:(?:re|fwd?|отв|на)\s*:\s*|\[[^\]]*\]\s*)*critical\b\W+\w"',
		             'description ~ "\w+\W+\w+\W+\w+"', "fields.product=team", "not fields.verdict"}
		    set = {"priority=critical", "queue=critical", "fields.verdict=claimed"}   notify = {"group:duty"}   stop = true
		}
		# letters of another script that look like it
		route "lookalike" {
		    match = {'subject ~ "^(?:(?:re|fwd?|отв|на)\s*:\s*|\[[^\]]*\]\s*)*(?!critical\b)[cс][rг][iі][tт][iі][cс][aа][lӏ]\b"'}
		    add = {"tags=critical_lookalike"}
		}
		# S2-18: four conditions of a whole company; an agent says which, and why
		action "confirm_critical" {
		    match = {"fields.verdict=claimed", "fields.condition in nobody_logs_in,no_calls_in,no_calls_out,no_messages"}
		    reason = true   set = {"fields.verdict=confirmed"}   notify = {"group:duty"}
		}
		action "downgrade_critical" {
		    match = {"fields.verdict in claimed,confirmed"}
		    reason = true   set = {"fields.verdict=downgraded", "priority=normal", "queue=support"}
		}
	END
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"ivanova","email":"ivanova@staff.example.org","groups":["duty"]}
		{"type":"agent","id":"petrov","email":"petrov@staff.example.org","groups":["duty"],"absences":[{"from":"2026-03-01","until":"2026-03-31"}]}
	END
}

@test "S0-7: without tiers the order of work is the order of arrival, ties by id" {
	conf <<<$'ticket_prefix = "SUP"\nacknowledge = none\ntransport "maildir" { path = "outbox" }'
	letter a@example.com one x
	letter b@example.com two x
	tkt-set --quiet SUP-1 tier=paid priority=high
	at 2026-03-02T08:00:00Z
	letter c@example.com earlier x
	same "$(tkt-list --sort rank -o id)" $'SUP-3\nSUP-1\nSUP-2'
}

@test "S1-10: a specialist who is named gets the ticket; when he is absent, his deputy" {
	conf <<-'END'
		name = "Hosting"   address = "support@example.org"   ticket_prefix = "SUP"   timezone = "Europe/Moscow"   acknowledge = "none"
		transport "maildir" { path = "outbox" }
		route "all" { team = "l1" }
		team "l1"   { members = {"group:l1"}   prefer = {"named", "previous"} }
	END
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"ivanova","name":"Анна Иванова","groups":["l1"],"deputy":"orlova","absences":[{"from":"2026-03-03","until":"2026-03-04"}]}
		{"type":"agent","id":"petrov","name":"Пётр Петров","groups":["l1"]}
		{"type":"agent","id":"sidorov","name":"Иван Сидоров","groups":["l1"]}
		{"type":"agent","id":"orlova","groups":["l2"]}
	END
	letter a@example.com 'Диск' 'В прошлый раз помог сидоров иван.'
	same "$(tkt-list id=SUP-1 -o assignee)" sidorov
	letter b@example.com 'Почта' 'Прошу передать: Анна  Иванова.'
	same "$(tkt-list id=SUP-2 -o assignee)" ivanova
	letter b@example.com 'Ещё вопрос' 'Не приходит почта.' # to the one before
	same "$(tkt-list id=SUP-3 -o assignee)" ivanova
	at 2026-03-03T21:00:00Z # the 4th in Moscow: her last day away
	letter c@example.com 'Сайт' 'Для Анна Иванова'
	same "$(tkt-list id=SUP-4 -o assignee)" orlova
	same "$(tkt-route --explain SUP-4 -o name,result | tail -n 1)" $'l1\tkept'
	at 2026-03-04T21:00:00Z
	letter d@example.com 'Сайт' 'Для Анна Иванова'
	same "$(tkt-list id=SUP-5 -o assignee)" ivanova
}

@test "S2-9, S4-11: paying customers and dealers go first, of one tier the first to come" {
	softphone
	letter a@trial.example.com one x
	at 2026-03-02T09:10:00Z
	letter b@paid.example.com two x
	at 2026-03-02T09:20:00Z
	letter c@dealer.example.com three x
	at 2026-03-02T09:30:00Z
	letter d@paid.example.com four x
	same "$(tkt-list --sort rank -o id,tier)" $'SUP-3\tdealer\nSUP-2\tpaid\nSUP-4\tpaid\nSUP-1\t'
}

@test "S2-11: no target, yet nothing starves: who came an age earlier goes first" {
	softphone
	letter a@trial.example.com waiting x
	at 2026-03-06T08:59:59Z # two places, two days each
	letter b@dealer.example.com before x
	at 2026-03-06T09:00:01Z
	letter c@dealer.example.com later x
	same "$(tkt-list --sort rank -o id)" $'SUP-2\nSUP-1\nSUP-3'
}

@test "S2-16: Critical is the first word of the subject, a description follows, and it is about Team" {
	softphone
	local subject
	for subject in 'Critical: no calls in Team' 'RE: Fwd: [SUP-900] critical, Team is down' \
		'Critically slow Team' 'Is it critical for Team' 'Critical' 'Сritical: Team' 'Critical: the softphone is down'; do
		letter "u$((++count))@example.com" "=?UTF-8?B?$(printf %s "$subject" | base64 -w0)?=" 'It does not work at all.'
	done
	same "$(tkt-list --all --sort id -o id,priority,tags,subject)" 'SUP-1	critical		Critical: no calls in Team
SUP-2	critical		RE: Fwd: [SUP-900] critical, Team is down
SUP-3	normal		Critically slow Team
SUP-4	normal		Is it critical for Team
SUP-5	normal		Critical
SUP-6	normal	critical_lookalike	Сritical: Team
SUP-7	normal		Critical: the softphone is down'
}

@test "S2-17: a Critical without a full description in the letter is none" {
	softphone
	letter a@example.com 'Critical: Team is down' 'Help'
	same "$(tkt-list -o priority,fields.product)" $'normal\tteam'
}

@test "S2-18: only four conditions are confirmed, by an agent, with a reason" {
	softphone
	letter a@example.com 'Critical: Team is down' 'Nobody at our company can log in.'
	run -65 --separate-stderr tkt-set --action confirm_critical --why 'asked by phone' SUP-1
	same "$stderr" "tkt-set: action 'confirm_critical' is not for tickets like 'SUP-1'"
	tkt-set --quiet SUP-1 fields.condition=one_headset
	run -65 tkt-set --action confirm_critical --why 'asked by phone' SUP-1
	tkt-set --quiet SUP-1 fields.condition=nobody_logs_in
	run -65 --separate-stderr tkt-set --action confirm_critical SUP-1
	same "$stderr" "tkt-set: action 'confirm_critical' needs a reason: --why"
	run -0 tkt-set --as ivanova --action confirm_critical --why 'asked by phone' SUP-1 -o priority,fields.verdict
	same "$output" $'critical\tconfirmed'
	run -0 tkt-show --blame SUP-1 -o field,actor,rule,why
	same "$(grep '^priority\|^fields.verdict' <<<"$output")" $'priority\ttool:tkt-route\tdesk.conf:13\troute team; route critical
fields.verdict\tagent:ivanova\tdesk.conf:24\tasked by phone'
}

@test "S2-19: downgraded: ordinary order and hours, from the receipt; both verdicts are in the history" {
	softphone
	at 2026-03-02T14:00:00Z # 17:00 in Moscow
	letter a@example.com 'Critical: Team is down' 'My own headset is broken again.'
	same "$(tkt-list -o due,queue)" $'2026-03-02T15:00:00Z\tcritical'
	at 2026-03-02T14:20:00Z
	tkt-set --quiet --as ivanova --action downgrade_critical --why 'one headset' SUP-1
	same "$(tkt-list -o due,queue,priority)" $'2026-03-03T12:00:00Z\tsupport\tnormal'
	same "$(tkt-log | jq -r 'select(.set["fields.verdict"]) | "\(.actor) \(.set["fields.verdict"]) \(.why)"')" 'tool:tkt-route claimed route team; route critical
agent:ivanova downgraded one headset'
	run -0 tkt-route --changes SUP-1 # the rules do not raise it again
	same "$output" ''
}

@test "S2-20: Critical counts outside office hours, and wakes the duty person" {
	softphone
	at 2026-03-01T01:00:00Z # a Sunday night
	letter a@example.com 'Critical: Team is down' 'Nobody at our company can log in.'
	same "$(told)" 'ivanova@staff.example.org SUP-1' # petrov is absent
	same "$(tkt-list -o due)" 2026-03-01T02:00:00Z
	tkt-set --quiet fields.condition=nobody_logs_in SUP-1
	tkt-set --quiet --as ivanova --action confirm_critical --why 'asked by phone' SUP-1
	same "$(told)" $'ivanova@staff.example.org SUP-1\nivanova@staff.example.org SUP-1'
}
