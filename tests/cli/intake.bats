#!/usr/bin/env bats
# tkt-intake, and the same decisions in tkt-mailin and tkt-new; what each section means is tests/unit/test_intake.c's.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	export TKT_AGENT=ivanova
	cat >desk.conf <<-'E'
		address = "support@example.org"   ticket_prefix = "SUP"   version = "1"   languages = {"en", "ru"}
		recognise "report" { pattern = '(?<report>[0-9A-F]{8}-[0-9]{4})' }
		category "trouble" { match = {'subject ~ "trouble|беда"'} }
		flag "terse" { match = {'description !~ "\w+\W+\w+"'} }
		question "browser" { text = {"en: Which browser do you use?", "ru: Какой у вас браузер?"}   pattern = 'firefox|chrome' }
		question "error" { text = {"en: What exactly does the error say?", "ru: Какой текст у ошибки?"} }
		question "steps" { text = {"en: Which steps lead there?", "ru: Что вы делали?"} }
		form "trouble" { match = {"category=trouble"}   require = {"fields.browser", "fields.error"}   ask = {"fields.steps"} }
		sla "all" { first_response = "4h" }
	E
	conf <desk.conf
}

template() {
	printf 'Subject: [{{id}}] %s\n\n%s\n' "$2" "$3" >"$TKT_DESK/templates/$1.en"
}

letter() {
	mail anna@example.com "$@" | tkt-mailin
}

# The letters of a ticket that are ours: subject and the lines that say something.
ours() {
	tkt-show --messages "$1" | jq -r 'select(.direction == "out") | .subject, (.body | split("\n") | map(select(test("^[0-9]"))) | .[])'
}

# The log as both ways write it: without the tool, and Message-IDs, which are chance.
both() {
	tkt-log | jq -c 'del(.tool, .outgoing[]?.message_id, .message.message_id, .message.in_reply_to, .message.references)'
}

@test "a ticket as it would be, with its change; other objects pass; nothing is changed" {
	mail anna@example.com 'Some trouble' 'See 1A2B3C4D-0001 for it.' | tkt-mailin --no-intake
	run -0 --separate-stderr tkt-intake <<<$'{"type":"note","text":"kept"}\n{"id":"SUP-1","x":[1]}'
	same "${lines[0]}" '{"type":"note","text":"kept"}'
	same "$(jq -c '[.id, .x, .rev, .category, .fields, .lacks]' <<<"${lines[1]}")" '["SUP-1",[1],1,"trouble",{"report":"1A2B3C4D-0001"},["fields.browser","fields.error"]]'
	same "$(jq -c '.changes[].rules' <<<"${lines[1]}")" '{"fields.report":"desk.conf:2","category":"desk.conf:3","lacks":"desk.conf:8"}'
	same "$(jq -c '.changes[] | del(.message.body, .rules)' <<<"${lines[1]}")" \
		'{"type":"change","ticket":"SUP-1","was":{"fields.report":null,"category":null,"lacks":null},"set":{"fields.report":"1A2B3C4D-0001","category":"trouble","lacks":["fields.browser","fields.error"]},"message":{"kind":"public","direction":"out","channel":"mail","auto":true,"subject":"[SUP-1] We need to know more","to":[{"email":"anna@example.com"}]},"questions":[{"key":"browser","text":"Which browser do you use?","asked_at":"2026-03-02T09:00:00Z","kind":"required"},{"key":"error","text":"What exactly does the error say?","asked_at":"2026-03-02T09:00:00Z","kind":"required"},{"key":"steps","text":"Which steps lead there?","asked_at":"2026-03-02T09:00:00Z","kind":"asked"}],"why":"recognised report; category trouble; lacks fields.browser, fields.error; reply questions","rule":"desk.conf:2, desk.conf:3, desk.conf:5, desk.conf:6, desk.conf:7, desk.conf:8","actor":"tool:tkt-intake"}'
	same "$stderr" ""
	same "$(tkt-list -o rev,category)" $'1\t'
	tkt-intake --changes SUP-1 >changes
	valid change changes
	same "$(jq -c .changes[0] <<<"${lines[1]}")" "$(cat changes)"
	run -1 --separate-stderr tkt-intake -o id,category SUP-1 SUP-7
	same "$output" $'SUP-1\ttrouble'
	same "$stderr" "tkt-intake: there is no ticket 'SUP-7'"
}

@test "--explain: what each section says" {
	mail anna@example.com 'Hello' 'Word' | tkt-mailin --no-intake
	tkt-intake --explain SUP-1 >rows
	valid judgement rows
	same "$(jq -r '[.section, .name, .rule, .result, .note] | @tsv' rows)" $'recognise\treport\tdesk.conf:2\tno\t
recognise\treport\tdesk.conf:2\tno\t
category\ttrouble\tdesk.conf:3\tno\t
flag\tterse\tdesk.conf:4\tyes\t
form\ttrouble\tdesk.conf:8\tno\t'
}

@test "--apply does it; -n and --atomic as writers have them; then there is nothing left" {
	mail anna@example.com 'Hello' 'Word' | tkt-mailin --no-intake
	mail bob@example.com 'Some trouble' 'It is broken.' | tkt-mailin --no-intake
	run -0 tkt-intake --apply -n -o id,rev,tags SUP-1
	same "$output" $'SUP-1\t2\tterse'
	run -1 --separate-stderr tkt-intake --apply --atomic SUP-1 SUP-9
	same "$(tkt-list -o id,rev)" $'SUP-1\t1\nSUP-2\t1'
	tkt-list | tkt-intake --apply -o id,rev,tags,lacks >out
	same "$(cat out)" $'SUP-1\t2\tterse\t\nSUP-2\t2\t\tfields.browser,fields.error'
	same "$(tkt-list | tkt-intake --changes)" ""
	same "$(tkt-log -o actor,tool,why | tail -2)" $'tool:tkt-intake\ttkt-intake\tflag terse; acknowledgement
tool:tkt-intake\ttkt-intake\tcategory trouble; lacks fields.browser, fields.error; reply questions'
	run -65 --separate-stderr tkt-intake --apply <<<'{"id":"SUP-1","type":"ticket","changes":[{"type":"change"}]}'
	same "$stderr" "tkt-intake: stdin:1: the 'changes' of ticket 'SUP-1' have not been applied: end the pipe with tkt-apply"
	run -64 --separate-stderr tkt-intake --atomic SUP-1
	same "$stderr" "tkt-intake: '--atomic' goes with --apply"
	run -64 --separate-stderr tkt-intake --apply --changes SUP-1
	same "$stderr" "tkt-intake: give only one of --apply, --changes, --explain"
}

@test "tkt-intake | tkt-apply gives the same tickets, mails and events as tkt-mailin, but for the tool" {
	story() {
		local later=$1
		shift
		export TKT_NOW=2026-03-02T09:00:00Z
		mail anna@example.com 'Some trouble' 'Our site is broken.' | tkt-mailin "$@"
		$later
		mail bob@example.com 'Hello there' 'Where is my invoice?' | tkt-mailin "$@"
		$later
		{ printf 'Return-Path: <>\n' && mail carl@example.com 'Some trouble' 'Nobody is there.'; } | tkt-mailin "$@"
		$later
		mail robot@example.com 'Some trouble' 'A machine speaks.' 'Auto-Submitted: auto-generated' | tkt-mailin "$@"
		$later
		export TKT_NOW=2026-03-02T10:00:00Z
		mail anna@example.com 'Re: [SUP-1] Some trouble' 'It is Firefox 120.' | tkt-mailin "$@"
		$later
		export TKT_NOW=2026-03-02T11:00:00Z
		mail anna@example.com 'Re: [SUP-1] Some trouble' $'> 2. What exactly does the error say?\nout of cheese' | tkt-mailin "$@"
		$later
	}
	sed -i '1s/$/ acknowledge = all/' desk.conf
	conf <desk.conf
	story true
	both >at_once
	tkt-list --all >tickets
	tkt-log | jq -r .tool | sort -u >tools
	same "$(cat tools)" tkt-mailin
	desk second
	(cat desk.conf && echo 'intake = manual') | conf
	by_hand() { tkt-list | tkt-intake | tkt-apply --quiet; }
	story by_hand
	both | sed 's/"policy":"[^"]*"/"policy":"1"/g' >later
	same "$(cat later)" "$(cat at_once)"
	same "$(tkt-list --all)" "$(cat tickets)"
	same "$(tkt-log | jq -r 'select(.actor == "tool:tkt-intake").tool' | sort -u)" tkt-apply
}

@test "S1-14 a partial answer leaves the rest open, which is asked for by the numbers it had" {
	letter 'Some trouble' 'It is broken.'
	export TKT_NOW=2026-03-02T10:00:00Z
	letter 'Re: [SUP-1] Some trouble' $'1. Opera 9\n3. I clicked.'
	same "$(ours SUP-1)" "[SUP-1] We need to know more
1. Which browser do you use?
2. What exactly does the error say?
3. Which steps lead there?
[SUP-1] We need to know more
2. What exactly does the error say?"
	same "$(tkt-list 'questions > 0' -o id,lacks,fields.browser,fields.steps)" $'SUP-1\tfields.error\tOpera 9\tI clicked.'
	same "$(tkt-show SUP-1 | jq -c 'select(.type == "question")')" \
		'{"type":"question","ticket":"SUP-1","key":"error","text":"What exactly does the error say?","asked_at":"2026-03-02T09:00:00Z","kind":"required"}'
	tkt-show --format table SUP-1 | tail -2 >page
	same "$(cat page)" $'Open questions\n? error, required: What exactly does the error say?'
	export TKT_NOW=2026-03-02T11:00:00Z
	letter 'Re: [SUP-1] Some trouble' 'It says: no cheese.'
	same "$(tkt-list 'questions > 0')" ""
	same "$(tkt-list -o lacks,fields.error,complete_at)" $'\tIt says: no cheese.\t2026-03-02T11:00:00Z'
}

@test "the questions are in the writer's language" {
	letter 'Беда' 'Сайт не открывается.'
	same "$(ours SUP-1)" "[SUP-1] Нужны уточнения
1. Какой у вас браузер?
2. Какой текст у ошибки?
3. Что вы делали?"
}

@test "S2-6 no clock runs before what is required is there; then it counts from that" {
	letter 'Some trouble' 'It is broken.'
	same "$(tkt-list -o id,due,clock.first_response.state)" $'SUP-1\t\t'
	TKT_NOW=2026-03-02T15:00:00Z tkt-sla --sweep --quiet
	tkt-sla --verify
	export TKT_NOW=2026-03-03T09:00:00Z
	letter 'Re: [SUP-1] Some trouble' $'> Which browser do you use?\nLynx\n> What exactly does the error say?\nNothing'
	same "$(tkt-list -o id,received_at,complete_at,clock.first_response.started,due)" \
		$'SUP-1\t2026-03-02T09:00:00Z\t2026-03-03T09:00:00Z\t2026-03-03T09:00:00Z\t2026-03-03T13:00:00Z'
	tkt-sla --verify
	same "$(tkt-log | tkt-apply --replay --quiet -D "$(tkt-init --quiet copy && cp desk.conf copy && echo copy)" && tkt-list -D copy)" "$(tkt-list)"
}

@test "an agent says that nothing is lacking: the clocks start then" {
	letter 'Some trouble' 'It is broken.'
	TKT_NOW=2026-03-02T12:00:00Z tkt-set --quiet lacks= SUP-1
	same "$(tkt-list -o complete_at,due)" $'2026-03-02T12:00:00Z\t2026-03-02T16:00:00Z'
}

@test "S2-22 S0-1 who may not ask is told so, and asked nothing" {
	cat >>desk.conf <<-'E'
		entitlement "lapsed" { match = {"entitlement=expired"}   reply = "expired"   set = {"status=resolved", "resolution=out_of_scope"} }
		entitlement "stranger" { match = {"entitlement=none"}   reply = "stranger"   set = {"status=resolved", "resolution=out_of_scope"} }
	E
	conf <desk.conf
	template expired 'Renew' 'Please renew your licence.'
	template stranger 'Unknown' 'We know nobody there.'
	run -0 --separate-stderr tkt-lint
	same "$(jq -r .text <<<"$output")" "there is no template 'expired' in 'ru'
there is no template 'stranger' in 'ru'"
	tkt-customer --quiet <<-'E'
		{"type":"customer","id":"acme","tier":"paid","domains":["acme.example"],"contracts":[{"number":"K-1","until":"2026-12-31"}]}
		{"type":"customer","id":"old","tier":"paid","domains":["old.example"],"contracts":[{"number":"K-2","until":"2026-03-01"}]}
	E
	mail a@acme.example 'Some trouble' 'It is broken.' | tkt-mailin
	mail b@old.example 'Some trouble' 'It is broken.' | tkt-mailin
	mail c@example.net 'Some trouble' 'It is broken.' | tkt-mailin
	same "$(tkt-list --all --sort id -o id,customer,contract,tier,entitlement,status,lacks)" $'SUP-1\tacme\tK-1\tpaid\tvalid\tnew\tfields.browser,fields.error
SUP-2\told\tK-2\tpaid\texpired\tresolved\t
SUP-3\t\t\t\tnone\tresolved\t'
	same "$(ours SUP-2; ours SUP-3)" $'[SUP-2] Renew\n[SUP-3] Unknown'
	same "$(tkt-log ticket=SUP-2 actor=tool:tkt-intake -o why)" 'customer old: expired; category trouble; entitlement lapsed; reply expired'
}

@test "S2-1 S4-8 a channel that takes nothing: status 77, the pointer, and nothing is registered" {
	echo 'channel "telegram" { accept = none   reply = "pointer" }' >>desk.conf
	conf <desk.conf
	template pointer 'Write to us' $'Please write to {{desk.address}}:\nwe take no requests here.'
	run -77 --separate-stderr tkt-new -s 'Please do it' -c telegram <<<'It is urgent.'
	same "$output" ""
	same "$stderr" "tkt-new: nothing is registered: channel 'telegram' takes no such request (desk.conf:10): Please write to support@example.org: we take no requests here."
	run -77 --separate-stderr tkt-new <<<$'{"subject":"One","channel":"telegram"}\n{"subject":"Two","channel":"site"}'
	same "$(tkt-list --all -o id,subject)" $'SUP-1\tTwo'
	same "$(tkt-log -o ticket | sort -u)" SUP-1
}

@test "S3-1 S3-2 S1-2 talk: proves nothing, is asked nothing; beyond scope and hours too" {
	cat >>desk.conf <<-'E'
		calendar "day" { week = {"mon-fri 09:00-18:00"} }
		channel "phone" { accept = consult   identity = none   add = {"tags=talk"} }
		channel "chat" { match = {'subject ~ "tariff"'}   outside = consult   calendar = "day"   add = {"tags=talk"} }
	E
	conf <desk.conf
	tkt-new --quiet -s 'Some trouble' -c phone -r anna@example.com identity=claimed <<<'It is broken, she says.'
	tkt-new --quiet -s 'Which tariff?' -c chat <<<'Tell me.'
	tkt-new --quiet -s 'A domain' -c chat <<<'Move it please.'
	TKT_NOW=2026-03-02T20:00:00Z tkt-new --quiet -s 'Which tariff?' -c chat <<<'Tell me.'
	same "$(tkt-list -o id,identity,tags,lacks --sort id)" $'SUP-1\tnone\ttalk\t\nSUP-2\tnone\t\t\nSUP-3\tnone\ttalk\t\nSUP-4\tnone\ttalk\t'
	same "$(tkt-list -o questions | sort -u)" 0
}

@test "S4-2 what the desk's channels confirm; letters of machines are not answered" {
	echo 'channel "site" { acknowledge = all }' >>desk.conf
	conf <desk.conf
	tkt-new --quiet -s 'Hello there' -c site -r anna@example.com <<<'Where is my invoice?'
	tkt-new --quiet -s 'Hello there' -c other -r anna@example.com <<<'Where is my invoice?'
	same "$(ours SUP-1; ours SUP-2)" '[SUP-1] We have received your request'
	mail robot@example.com 'Some trouble' 'A machine speaks.' 'Auto-Submitted: auto-generated' | tkt-mailin
	same "$(tkt-list id=SUP-3 -o category,lacks)" $'trouble\tfields.browser,fields.error'
	same "$(ours SUP-3)" ""
	same "$(tkt-log --mail -o ticket,unanswered)" $'SUP-3\ta machine\'s mail'
}

@test "a pattern that runs away: its rule fails visibly, the ticket goes on" {
	echo "recognise \"slow\" { pattern = '(?<all>(x+)+\$)' }" >>desk.conf
	conf <desk.conf
	letter 'Some trouble' "It is xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!"
	same "$(tkt-list -o tags,category)" $'rule_failed\ttrouble'
	same "$(tkt-log -o why,rule | tail -1)" $'category trouble; lacks fields.browser, fields.error; rule desk.conf:10 failed: its pattern takes too many steps; reply questions\tdesk.conf:3, desk.conf:5, desk.conf:6, desk.conf:7, desk.conf:8, desk.conf:10'
}

@test "a template that names what it may not, or is not there: the letter waits outside" {
	echo 'entitlement "none" { match = {"subject"}   reply = "away"   set = {"status=closed"} }' >>desk.conf
	conf <desk.conf
	run -75 --separate-stderr letter 'Hello' 'Word'
	same "$stderr" "tkt-mailin: there is no template 'away' in 'en'"
	template away 'No' 'Hello {{requester.name}}'
	run -78 --separate-stderr tkt-lint
	same "$(jq -r 'select(.level == "error") | [.file, .line, .text] | @tsv' <<<"$output")" $'templates/away.en\t3\tthere is no variable \'requester.name\''
	run -75 --separate-stderr letter 'Hello' 'Word'
	same "$stderr" "tkt-mailin: templates/away.en:3: there is no variable 'requester.name'"
	same "$(tkt-list --all)" ""
}

@test "an empty desk.conf: an acknowledgement, and nothing else" {
	conf </dev/null
	letter 'Some trouble' 'Word'
	same "$(tkt-list -o rev,category,tags,lacks,entitlement)" $'2\t\t\t\t'
	same "$(tkt-log | jq -c '[.actor, .why, .set]' | tail -1)" '["tool:tkt-intake","acknowledgement",{"rev":2}]'
}

@test "tkt-mailin and tkt-new route behind intake; tkt-intake | tkt-route | tkt-apply does the same" {
	cat >>desk.conf <<-'E'
		route "trouble" { match = {"category=trouble"}   set = {"queue=sites", "priority=high"}   stop = true }
		route "rest" { team = "l1" }
		team "l1" { members = {"ivanova", "petrov"} }
		entitlement "shut" { match = {'subject ~ "offer"'}   reply = "away"   set = {"status=closed"} }
	E
	conf <desk.conf
	template away 'No' 'We buy nothing.'
	story() {
		letter 'Some trouble' 'It is broken.' && $1
		letter 'Hello there' 'Where is my invoice?' && $1
		letter 'An offer' 'Buy this now please.' && $1
		tkt-new --quiet -s 'Another thing' -r bob@example.com <<<'What is it then?' && $1
		tkt-list --all --sort id -o id,status,queue,priority,assignee,category
	}
	story true >at_once
	same "$(cat at_once)" $'SUP-1\tnew\tsites\thigh\t\ttrouble
SUP-2\tnew\tsupport\tnormal\tivanova\t
SUP-3\tclosed\tsupport\tnormal\t\t
SUP-4\tnew\tsupport\tnormal\tpetrov\t'
	same "$(tkt-log actor=tool:tkt-route -o ticket,tool,why,rule)" $'SUP-1\ttkt-mailin\troute trouble\tdesk.conf:10
SUP-2\ttkt-mailin\troute rest; team l1: ivanova\tdesk.conf:11, desk.conf:12
SUP-4\ttkt-new\troute rest; team l1: petrov\tdesk.conf:11, desk.conf:12'
	both >log
	desk second
	mkdir -p "$TKT_DESK/templates"
	template away 'No' 'We buy nothing.'
	(cat desk.conf && echo 'intake = manual') | conf
	later() { tkt-list --all status=new | tkt-intake | tkt-route | tkt-apply --quiet; }
	same "$(story later)" "$(cat at_once)"
	same "$(both | sed 's/"policy":"[^"]*"/"policy":"1"/g')" "$(cat log)"
}

@test "S0-5 tkt-reply --ask: what was asked is stored and ticked off as answered" {
	letter 'Hello there' 'My client does not start.'
	tkt-reply --quiet --ask browser --ask 'Since when?' SUP-1 <<<'Please tell us more.'
	same "$(tkt-show --messages SUP-1 | jq -r 'select(.direction == "out" and (.auto | not)).body')" $'Please tell us more.\n\n1. Which browser do you use?\n2. Since when?'
	same "$(tkt-list 'questions > 0' -o id,questions)" $'SUP-1\t2'
	same "$(tkt-log | jq -c 'select(.tool == "tkt-reply").questions')" '[{"key":"browser","text":"Which browser do you use?","asked_at":"2026-03-02T09:00:00Z","kind":"asked","type":"question","ticket":"SUP-1"},{"key":"ask-1","text":"Since when?","asked_at":"2026-03-02T09:00:00Z","kind":"asked","type":"question","ticket":"SUP-1"}]'
	export TKT_NOW=2026-03-02T10:00:00Z
	letter 'Re: [SUP-1] Hello there' 'In Firefox.'
	same "$(tkt-show SUP-1 | jq -c 'select(.type == "question") | .key')" '"ask-1"'
	tkt-reply --quiet --ask 'Since when?' --ask 'And where?' SUP-1 </dev/null
	same "$(tkt-show --messages SUP-1 | jq -r 'select(.direction == "out" and (.auto | not)).body' | tail -2)" $'2. Since when?\n3. And where?'
	export TKT_NOW=2026-03-02T11:00:00Z
	letter 'Re: [SUP-1] Hello there' $'3. At home.\n2. Since May.'
	same "$(tkt-list 'questions > 0')" ""
	same "$(sqlite3 "$TKT_DESK/tkt.db" 'SELECT key, answer FROM question ORDER BY key')" $'ask-1|Since May.\nask-2|At home.\nbrowser|Firefox'
}

@test "tkt-reply --ask: what is no question" {
	letter 'Hello there' 'My client does not start.'
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR
	run -65 --separate-stderr tkt-reply --ask browsr SUP-1 <<<'Hello'
	same "${stderr_lines[0]}" "tkt-reply: there is no question 'browsr'; one in your own words has more than one"
	run -64 --separate-stderr tkt-reply --ask ' ' SUP-1 <<<'Hello'
	same "$stderr" "tkt-reply: ' ' is no question: a line of text"
	run -64 --separate-stderr tkt-reply --internal --ask browser SUP-1 <<<'Hello'
	same "$stderr" "tkt-reply: '--ask' goes with an answer, not with a note"
	same "$(tkt-list 'questions > 0')" ""
}
