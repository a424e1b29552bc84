#!/usr/bin/env bats
# tkt-route: what it proposes, explains and does. How it decides is tests/unit/test_route.c's.
load helper

setup() {
	desk
	conf <<-'END'
		name = "Support"   address = "support@example.org"   ticket_prefix = "SUP"
		staff_domain = "staff.example.org"
		transport "maildir" { path = "outbox" }
		route "critical" {
		    match = {'subject ~ "^critical\b"'}   set = {"priority=critical", "queue=oncall"}
		    add = {"tags=outage"}   notify = {"group:duty"}   stop = true
		}
		route "all" { team = "l1" }
		team "l1" { members = {"ivanova", "petrov"}   prefer = {"named", "previous"} }
	END
	open_tickets 'No calls' 'For Petrov' 'Critical: nobody can call'
}

# open_tickets SUBJECT...: a ticket each, from people of their own, not yet decided upon.
open_tickets() {
	local subject
	for subject; do
		tkt-new --no-intake --quiet --requester "$(cksum <<<"$subject" | cut -d' ' -f1)@example.com" --subject "$subject" <<<Help
	done
}

@test "each ticket is passed on as it would be, with the change; other objects pass" {
	run -0 --separate-stderr bash -c 'tkt-list id=SUP-3; echo "{\"type\":\"note\",  \"text\":\"kept\"}"' 
	run -0 --separate-stderr tkt-route <<<"$output"
	same "$(jq -c '[.status, .priority, .queue, .tags, .rev]' <<<"${lines[0]}")" '["new","critical","oncall",["outage"],1]'
	same "$(jq -c '.changes' <<<"${lines[0]}")" '[{"type":"change","ticket":"SUP-3","was":{"priority":"normal","queue":"support"},"set":{"priority":"critical","queue":"oncall"},"add":{"tags":["outage"]},"notify":["group:duty"],"why":"route critical","rule":"desk.conf:4","actor":"tool:tkt-route"}]'
	same "${lines[1]}" '{"type":"note",  "text":"kept"}'
	same "$stderr" ''
	same "$(tkt-list id=SUP-3 -o priority)" normal
}

@test "a stream knows of its own turns; --changes prints the changes alone" {
	open_tickets four five
	run -0 --separate-stderr bash -c 'tkt-list status=new | tkt-route --changes'
	valid change <<<"$output"
	same "$(jq -r '"\(.ticket) \(.set.assignee) \(.team) \(.why)"' <<<"$output")" 'SUP-1 ivanova l1 route all; team l1: ivanova
SUP-2 petrov l1 route all; team l1: petrov
SUP-3 null null route critical
SUP-4 ivanova l1 route all; team l1: ivanova
SUP-5 petrov l1 route all; team l1: petrov'
	same "$stderr" ''
	same "$(tkt-list -o assignee | sort -u)" ''
}

@test "in a pipe and with --apply the same comes of it; the second time nothing does" {
	cp -r "$TKT_DESK" "$BATS_TEST_TMPDIR/other"
	run -0 --separate-stderr bash -c 'tkt-list status=new | tkt-route | tkt-apply -o id,status,assignee,priority'
	same "$output" $'SUP-1\tnew\tivanova\tnormal\nSUP-2\tnew\tpetrov\tnormal\nSUP-3\tnew\t\tcritical'
	same "$stderr" ''
	tkt-log >"$BATS_TEST_TMPDIR/piped"
	run -0 --separate-stderr bash -c 'tkt-list status=new | tkt-route --changes'
	same "$output" ''
	run -0 --separate-stderr bash -c "export TKT_DESK=$BATS_TEST_TMPDIR/other; tkt-list status=new | tkt-route --apply -o id,status,assignee,priority; tkt-log >$BATS_TEST_TMPDIR/applied"
	same "$output" $'SUP-1\tnew\tivanova\tnormal\nSUP-2\tnew\tpetrov\tnormal\nSUP-3\tnew\t\tcritical'
	same "$(tail -n 1 "$BATS_TEST_TMPDIR/applied" | jq -r .actor)" tool:tkt-route
	diff <(jq -c 'del(.tool)' "$BATS_TEST_TMPDIR/piped") <(jq -c 'del(.tool)' "$BATS_TEST_TMPDIR/applied")
}

@test "turns go on from one run to the next, and from the log" {
	tkt-route --apply --quiet 1
	open_tickets four
	run -0 tkt-route --changes SUP-4
	same "$(jq -r .set.assignee <<<"$output")" petrov
	mkdir "$BATS_TEST_TMPDIR/copy"
	cp "$TKT_DESK/desk.conf" "$BATS_TEST_TMPDIR/copy"
	tkt-init --desk "$BATS_TEST_TMPDIR/copy" --quiet
	tkt-log | tkt-apply --desk "$BATS_TEST_TMPDIR/copy" --replay --quiet
	run -0 tkt-route --desk "$BATS_TEST_TMPDIR/copy" --changes SUP-4
	same "$(jq -r .set.assignee <<<"$output")" petrov
}

@test "--explain says which route matches, who comes into question, who loses and why" {
	run -0 --separate-stderr tkt-route --explain SUP-2 3
	valid routing <<<"$output"
	same "$output" '{"type":"routing","ticket":"SUP-2","kind":"route","name":"critical","rule":"desk.conf:4","result":"differs"}
{"type":"routing","ticket":"SUP-2","kind":"route","name":"all","rule":"desk.conf:8","result":"matches","why":"team l1"}
{"type":"routing","ticket":"SUP-2","kind":"agent","name":"ivanova","rule":"desk.conf:9","result":"lost","why":"not named in the text"}
{"type":"routing","ticket":"SUP-2","kind":"agent","name":"petrov","rule":"desk.conf:9","result":"chosen","why":"last turn: never"}
{"type":"routing","ticket":"SUP-2","kind":"team","name":"l1","rule":"desk.conf:9","result":"chooses","why":"petrov"}
{"type":"routing","ticket":"SUP-3","kind":"route","name":"critical","rule":"desk.conf:4","result":"matches","why":"priority=critical, queue=oncall, tags=outage, stop"}
{"type":"routing","ticket":"SUP-3","kind":"route","name":"all","rule":"desk.conf:8","result":"unreached"}'
	same "$stderr" ''
	run -0 --separate-stderr tkt-route --explain SUP-3 --format table
	same "$output" 'Ticket      Kind      Name                  Result            Rule            Reason
SUP-3       route     critical              matches           desk.conf:4     priority=critical, queue=oncall, tags=outage, stop
SUP-3       route     all                   unreached         desk.conf:8'
}

@test "the previous assignee of the requester gets the next ticket too" {
	tkt-new --no-intake --quiet --requester bob@example.com --subject first assignee=petrov <<<Help
	tkt-new --no-intake --quiet --requester bob@example.com --subject second <<<Help
	run -0 tkt-route SUP-5 -o assignee
	same "$output" petrov
}

@test "who is told is told by the sweep, once, by all ways" {
	local way
	for way in 'tkt-route SUP-3 | tkt-apply' 'tkt-route --apply SUP-3' 'tkt-route --apply SUP-3'; do
		run -0 --separate-stderr bash -c "$way --quiet"
		same "$output$stderr" ''
	done
	tkt-sla --sweep --quiet
	run -0 tkt-mailout --list -o recipients
	same "$output" duty@staff.example.org
	same "$(tkt-mailout --show 1 | grep ^SUP)" 'SUP-3  critical  route critical  -  Critical: nobody can call'
}

@test "whom nothing reaches is named" {
	conf <<-'END'
		ticket_prefix = "SUP"   address = "support@example.org"
		route "all" { set = {"queue=first"}   notify = {"agent:support"} }
	END
	open_tickets four
	run -0 --separate-stderr tkt-route --apply SUP-4 -o queue
	same "$output" first
	same "$stderr" "tkt-route: ticket 'SUP-4': 'agent:support' has no mail address of its own and is not told"
}

@test "a pattern that runs away fails and is told; the ticket goes on" {
	conf <<-'END'
		ticket_prefix = "SUP"
		route "slow" { match = {'subject ~ "^(a+)+$"'}   set = {"queue=slow"} }
		route "all"  { set = {"queue=first"} }
	END
	open_tickets "$(printf 'a%.0s' {1..60})b"
	run -0 --separate-stderr tkt-route --changes SUP-4
	same "$output" '{"type":"change","ticket":"SUP-4","was":{"queue":"support"},"set":{"queue":"first"},"add":{"tags":["rule_failed"]},"why":"route slow failed: a pattern takes too many steps on this ticket; route all","rule":"desk.conf:2, desk.conf:3","rules":{"queue":"desk.conf:3","tags":"desk.conf:2"},"actor":"tool:tkt-route"}'
	same "$stderr" ''
}

@test "what deciders before it propose stands: changes are appended" {
	run -0 bash -c 'tkt-list id=SUP-1 | jq -c ".subject = \"critical: x\" | .changes = [{\"type\":\"change\",\"ticket\":\"SUP-1\",\"set\":{\"subject\":\"critical: x\"}}]" | tkt-route'
	same "$(jq -c '[.priority, [.changes[].set]]' <<<"$output")" '["critical",[{"subject":"critical: x"},{"priority":"critical","queue":"oncall"}]]'
	run -65 --separate-stderr tkt-route --apply <<<"$output"
	same "$output" ''
	same "$stderr" "tkt-route: stdin:1: the 'changes' of ticket 'SUP-1' have not been applied: end the pipe with tkt-apply"
}

@test "a desk without routes leaves tickets as they are" {
	conf <<<'ticket_prefix = "SUP"'
	open_tickets four
	run -0 tkt-route --changes SUP-4
	same "$output" ''
	run -0 tkt-route --explain SUP-4
	same "$output" ''
	run -0 bash -c 'tkt-list id=SUP-4 | tee /dev/stderr | tkt-route' 
	same "${lines[0]}" "${lines[1]}"
}

@test "tickets keep to the policy that they came under" {
	conf <<<'ticket_prefix = "SUP"'
	run -0 tkt-route SUP-3 -o priority
	same "$output" critical
}

@test "--dry-run changes nothing" {
	run -0 tkt-route --apply --dry-run SUP-1 -o id,assignee
	same "$output" $'SUP-1\tivanova'
	same "$(tkt-list id=SUP-1 -o assignee)" ''
	same "$(tkt-log | wc -l)" 3
}

@test "an unknown ticket, a bad line, wrong use" {
	run -1 --separate-stderr tkt-route SUP-9 SUP-3 -o id
	same "$output" SUP-3
	same "$stderr" "tkt-route: there is no ticket 'SUP-9'"
	run -65 --separate-stderr tkt-route --changes <<<'{"type":"ticket"}'
	same "$stderr" "tkt-route: stdin:1: a ticket needs an 'id'"
	run -65 --separate-stderr tkt-route --apply --atomic -o id <<<$'{"type":"ticket","id":"SUP-1"}\n{"type":"ticket","id":"SUP-9"}'
	same "$output" ''
	same "$stderr" "tkt-route: stdin:2: there is no ticket 'SUP-9'"
	same "$(tkt-list id=SUP-1 -o assignee)" ''
	run -64 --separate-stderr tkt-route --apply --explain
	same "$stderr" 'tkt-route: give only one of --apply, --changes, --explain'
	run -64 --separate-stderr tkt-route --dry-run
	same "$stderr" "tkt-route: '--dry-run' goes with --apply"
	run -64 --separate-stderr tkt-route --changes --atomic
	same "$stderr" "tkt-route: '--atomic' goes with --apply"
}

# come_in DESK WAY: two letters, decided upon by it
come_in() {
	local letter
	export TKT_DESK=$1
	for letter in 'No calls' 'Critical: nobody can call'; do
		if [ "$2" = at_once ]; then
			mail 'Bob <bob@example.com>' "$letter" Help | tkt-mailin
		else
			mail 'Bob <bob@example.com>' "$letter" Help | tkt-mailin --no-intake
			tkt-list status=new | tkt-intake | tkt-route | tkt-apply --quiet
		fi
	done
	tkt-sla --sweep --quiet
}

@test "letters are decided upon as they come in; a pipe gives the same tickets, mails and events but for the tool" {
	local desk=$TKT_DESK other=$BATS_TEST_TMPDIR/other same='del(.tool, .message.message_id, .outgoing)'
	tkt-list status=new | tkt-route --apply --quiet
	cp -a "$desk" "$other"
	come_in "$desk" at_once
	come_in "$other" piped
	same "$(tkt-list -D "$desk" -o id,status,priority,queue,assignee,tags | tail -n 2)" $'SUP-4\tnew\tnormal\tsupport\tivanova\t\nSUP-5\tnew\tcritical\toncall\t\toutage'
	diff <(tkt-list -D "$desk") <(tkt-list -D "$other")
	diff <(tkt-mailout -D "$desk" --list -o recipients,subject) <(tkt-mailout -D "$other" --list -o recipients,subject)
	diff <(tkt-log -D "$desk" | jq -c "$same") <(tkt-log -D "$other" | jq -c "$same")
	same "$(tkt-log -D "$desk" | jq -r 'select(.actor == "tool:tkt-route") | .tool' | tail -n 2 | uniq -c)" '      2 tkt-mailin'
	same "$(tkt-log -D "$other" | jq -r 'select(.actor == "tool:tkt-route") | .tool' | tail -n 2 | uniq -c)" '      2 tkt-apply'
}

@test "what people work on stays where they put it" {
	mail 'Bob <bob@example.com>' 'No calls' Help | tkt-mailin
	tkt-set --quiet --as petrov SUP-4 assignee= status=open queue=second
	mail 'Bob <bob@example.com>' 'Critical: no calls [SUP-4]' More | tkt-mailin
	same "$(tkt-list id=SUP-4 -o status,queue,assignee,priority)" $'open\tsecond\t\tnormal'
}

@test "an absent agent is told by his deputy, a group by those who are there" {
	conf <<-'END'
		ticket_prefix = "SUP"   address = "support@example.org"   staff_domain = "staff.example.org"   timezone = "Europe/Moscow"
		route "all" { set = {"queue=first", "group=l1"}   notify = {"assignee", "group:l2", "agent:boss", "group:l3", "requester"} }
	END
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"ivanova","email":"anna@example.net","groups":["l1"],"deputy":"petrov","absences":[{"from":"2026-03-02","until":"2026-03-02"}]}
		{"type":"agent","id":"petrov","groups":["l2"]}
		{"type":"agent","id":"sidorov","email":"ivan@example.net","groups":["l2"],"absences":[{"from":"2026-03-02","until":"2026-03-03"}]}
		{"type":"agent","id":"orlova","email":"olga@example.net","groups":["l2"]}
		{"type":"agent","id":"gone","groups":["l2"],"is_active":false}
	END
	open_tickets four five
	tkt-set --quiet SUP-4 assignee=ivanova
	tkt-route --apply --quiet SUP-4 SUP-5
	tkt-sla --sweep --quiet
	run -0 tkt-mailout --list -o recipients
	same "$(sort <<<"$output")" 'boss@staff.example.org
l3@staff.example.org
olga@example.net
petrov@staff.example.org'
	same "$(tkt-mailout --list | jq -r 'select(.recipients[0] == "petrov@staff.example.org") | .body' | grep -c ^SUP)" 2
	open_tickets six # on the day after she is back; nobody of l2 but a petrov
	tkt-set --quiet --now 2026-03-02T21:00:00Z SUP-6 assignee=ivanova
	tkt-route --apply --quiet --now 2026-03-02T21:00:00Z SUP-6
	tkt-sla --sweep --quiet --now 2026-03-02T21:00:00Z
	same "$(tkt-mailout --list | jq -r 'select(.body | contains("SUP-6")) | .recipients[0]' | sort | head -n 1)" anna@example.net
}

@test "--rules decides by a draft, whatever policy the tickets came under, and changes nothing" {
	cd "$BATS_TEST_TMPDIR" && mkdir draft
	cat >draft/desk.conf <<-'END'
		route "calls" { match = {'subject ~ "calls"'}   team = "l2" }
		team "l2" { members = {"sidorova"} }
	END
	before=$(tkt-list --all)
	run -0 --separate-stderr tkt-route --rules draft SUP-1 SUP-2 -o id,assignee
	same "$output" $'SUP-1\tsidorova\nSUP-2\t'
	run -0 --separate-stderr bash -c 'tkt-list id=SUP-1 | tkt-route --rules draft --explain -o kind,name,rule,result'
	same "$output" $'route\tcalls\tdesk.conf:1\tmatches\nagent\tsidorova\tdesk.conf:2\tchosen\nteam\tl2\tdesk.conf:2\tchooses'
	same "$(tkt-list --all)" "$before"
	: >draft/desk.conf
	run -0 --separate-stderr tkt-route --rules draft SUP-1 -o id,assignee
	same "$output" $'SUP-1\t'
	run -64 --separate-stderr tkt-route --rules draft --apply SUP-1
	same "$stderr" "tkt-route: '--rules' goes without --apply"
	echo 'route "calls" { team = "l3" }' >draft/desk.conf
	run -78 --separate-stderr tkt-route --rules draft SUP-1
	[[ $stderr = "tkt-route: desk.conf:1: "* ]]
	run -66 --separate-stderr tkt-route --rules nowhere SUP-1
}

@test "a time that a rule sets counts from the moment at which it is followed" {
	conf <<-'END'
		ticket_prefix = "SUP"   timezone = "Europe/Moscow"
		route "later" { match = {"status != pending"}   set = {"status=pending", "wake_at=monday 09:00"} }
		action "sleep" { set = {"wake_at=+3d"} }
	END
	open_tickets later
	run -0 --separate-stderr tkt-route --apply SUP-4 -o id,status,wake_at
	same "$output" $'SUP-4\tpending\t2026-03-09T06:00:00Z'
	run -0 --separate-stderr tkt-set --now 2026-03-10T09:00:00Z --action sleep SUP-4 -o wake_at
	same "$output" 2026-03-13T09:00:00Z
	echo 'action "bad" { set = {"wake_at=noday"} }' >>"$TKT_DESK/desk.conf"
	run -78 --separate-stderr tkt-lint --format table
	[[ $output = "desk.conf:4: error: 'wake_at': 'noday' is no time: "* ]]
}
