#!/usr/bin/env bats
# Actions of desk.conf: what may be done on whose word, and what it does.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<'END'
name = "Support"   address = "support@example.org"   trusted_host = "mx.example.org"
staff_domain = "example.org"   version = "1"
transport "maildir" { path = "outbox" }
action "change_service" { needs = verified }
action "account_data"   { needs = authenticated   channels = {"panel", "mail"} }
action "talk"           { }
action "confirm" {
    match = {"priority=critical"}   reason = true   set = {"fields.critical=confirmed"}   notify = {"group:oncall", "assignee"}
}
action "downgrade" {
    match = {"priority=critical"}   reason = true
    set = {"priority=normal", "fields.critical=downgraded"}   add = {"tags=downgraded"}   reply = "downgraded"
}
action "identified" { channels = {"phone"}   reason = true   set = {"identity=verified"} }
END
	printf 'Subject: [{{id}}] {{subject}}\n\nThis is handled as {{priority}}.\n' >"$TKT_DESK/templates/downgraded.en"
	export TKT_AGENT=ivanova
}

letter() { # SUBJECT [RESULT]
	[ -z "${2-}" ] || printf 'Authentication-Results: mx.example.org; %s\n' "$2"
	printf 'Received: from a by mx.example.org; Mon, 2 Mar 2026 08:59:00 +0000\n'
	mail anna@example.com "$1" 'Text'
}

# refused STATUS ERROR COMMAND...: the status, the one line of its error, and a ticket as it was.
refused() {
	local status=$1 error=$2 before after
	shift 2
	before=$(tkt-list)
	run "-$status" --separate-stderr "$@" </dev/null
	after=$(tkt-list)
	same "$output|$stderr" "|$error"
	same "$after" "$before"
}

@test "below the rung that it needs an action is refused with 77, which names the rung" {
	letter Plain | tkt-mailin
	letter Proven 'dmarc=pass header.from=example.com' | tkt-mailin
	refused 77 "tkt-set: action 'change_service' needs the identity 'verified', and ticket 'TKT-1' has 'claimed'" tkt-set --action change_service TKT-1
	refused 77 "tkt-set: action 'change_service' needs the identity 'verified', and ticket 'TKT-2' has 'authenticated'" tkt-set --action change_service TKT-2 status=resolved
	refused 77 "tkt-set: action 'account_data' needs the identity 'authenticated', and ticket 'TKT-1' has 'claimed'" tkt-set --action account_data TKT-1
	run -0 --separate-stderr tkt-set --action account_data TKT-2 -o id,rev
	same "$output|$stderr" $'TKT-2\t3|'
	same "$(tkt-set --action talk TKT-1 -o id,rev)" $'TKT-1\t3'
	same "$(tkt-log tool=tkt-set | jq -c '[.ticket, .actor, .action, .rule]')" '["TKT-2","agent:ivanova","account_data","desk.conf:5"]
["TKT-1","agent:ivanova","talk","desk.conf:6"]'
	tkt-log | valid event
}

@test "every way to an action goes by the same rule: tkt-set, tkt-reply, tkt-apply" {
	letter Plain | tkt-mailin
	error="action 'change_service' needs the identity 'verified', and ticket 'TKT-1' has 'claimed'"
	run -77 --separate-stderr tkt-reply --action change_service TKT-1 <<<'Done.'
	same "$output|${stderr%%$'\n'*}" "|tkt-reply: $error"
	run -77 --separate-stderr tkt-apply <<<'{"type":"change","ticket":"TKT-1","action":"change_service","set":{"priority":"high"}}'
	same "$output|$stderr" "|tkt-apply: stdin:1: $error"
	run -77 --separate-stderr tkt-set --action change_service -n TKT-1
	same "$output|$stderr" "|tkt-set: $error"
	run -0 --separate-stderr tkt-reply --action talk TKT-1 -o ticket <<<'Hello.'
	same "$output" TKT-1
	run -0 --separate-stderr tkt-apply -o id,priority <<<'{"type":"change","ticket":"TKT-1","action":"talk","set":{"priority":"high"}}'
	same "$output" $'TKT-1\thigh'
	same "$(tkt-log | jq -r 'select(.action) | [.tool, .action] | join(" ")')" $'tkt-reply talk\ntkt-apply talk'
	tkt-list | jq -c '{type: "change", ticket: .id, action: "talk"}' | valid change
}

@test "a way that is not listed is a hard block: no proof and no field lifts it, a letter does" {
	tkt-new --quiet -s Call -c phone -r anna@example.com <<<'Please tell me my balance.'
	error="action 'account_data' is not done for ticket 'TKT-1': it is asked for by panel, mail alone"
	refused 77 "tkt-set: $error" tkt-set --action account_data TKT-1
	tkt-set --quiet --action identified TKT-1 -w 'named the code word'
	same "$(tkt-show TKT-1 -o identity)" verified
	refused 77 "tkt-set: $error" tkt-set --action account_data TKT-1
	tkt-set --quiet TKT-1 channel=mail
	refused 77 "tkt-set: $error" tkt-set --action account_data TKT-1
	letter 'Re: TKT-1' | tkt-mailin
	same "$(tkt-set --action account_data TKT-1 -o id)" TKT-1
}

@test "a ticket without any message goes by its own channel" {
	tkt-new --quiet -s Call -c phone </dev/null
	tkt-new --quiet -s Wish -c mail </dev/null
	refused 77 "tkt-set: action 'account_data' is not done for ticket 'TKT-1': it is asked for by panel, mail alone" tkt-set --action account_data TKT-1
	refused 77 "tkt-set: action 'account_data' needs the identity 'authenticated', and ticket 'TKT-2' has 'none'" tkt-set --action account_data TKT-2
}

@test "what it is not for, and what wants a reason: 65" {
	letter Plain | tkt-mailin
	refused 65 "tkt-set: action 'confirm' is not for tickets like 'TKT-1'" tkt-set --action confirm TKT-1 -w x
	tkt-set --quiet TKT-1 priority=critical
	refused 65 "tkt-set: action 'confirm' needs a reason: --why" tkt-set --action confirm TKT-1
	refused 65 "tkt-set: the policy of ticket 'TKT-1' has no action 'nothing'" tkt-set --action nothing TKT-1
	refused 64 "tkt-set: '' is no name of an action" tkt-set --action '' TKT-1
	run -64 --separate-stderr tkt-reply --action '' TKT-1 <<<Text
	same "$output|${stderr%%$'\n'*}" "|tkt-reply: '' is no name of an action"
	run -65 --separate-stderr tkt-apply <<<'{"type":"change","set":{"subject":"x"},"action":"talk"}'
	same "$output|$stderr" "|tkt-apply: stdin:1: action 'talk' is for a ticket that is there already"
}

@test "an action sets, adds, answers and tells; its own values count most" {
	letter Down | tkt-mailin
	tkt-set --quiet TKT-1 priority=critical
	run -0 --separate-stderr tkt-set --action confirm TKT-1 -w 'all are down' -o fields
	same "$output|$stderr" "{\"critical\":\"confirmed\"}|tkt-set: ticket 'TKT-1': 'assignee' has no mail address of its own and is not told"
	run -0 --separate-stderr tkt-set --action downgrade TKT-1 -w 'one phone alone' priority=high tags+=mine -o status,priority,tags,fields
	same "$output|$stderr" $'open\tnormal\tmine,downgraded\t{"critical":"downgraded"}|'
	same "$(tkt-show TKT-1 --messages | jq -c 'select(.direction == "out" and (.auto | not)) | [.subject, .body]')" '["[TKT-1] Down","This is handled as normal."]'
	same "$(tkt-log tool=tkt-set | jq -c 'select(.action) | [.action, .why, .set.priority, .set["fields.critical"]]')" \
		'["confirm","all are down",null,"confirmed"]
["downgrade","one phone alone","normal","downgraded"]'
	same "$(tkt-log action=confirm --format table | tail -n 1 | sed 's/.*tkt-set *//')" "fields.critical: confirmed; action 'confirm'; all are down"
	tkt-sla --sweep --quiet
	tkt-mailout --quiet
	grep -l '^To: oncall@example.org' "$TKT_DESK"/outbox/new/* | xargs grep -c 'TKT-1  normal  all are down'
}

@test "the agent's own text stands in place of the action's" {
	letter Down | tkt-mailin
	tkt-set --quiet TKT-1 priority=critical
	tkt-reply --quiet --action downgrade TKT-1 -w x <<<'It is one phone.'
	same "$(tkt-show TKT-1 --messages | jq -c 'select(.direction == "out" and (.auto | not)).body')" '"It is one phone."'
	same "$(tkt-show TKT-1 -o priority)" normal
}

@test "the ticket's own policy says what an action needs" {
	letter Old | tkt-mailin
	sed -i 's/version = "1"/version = "2"/; s/"change_service" { needs = verified/"change_service" { needs = claimed/' "$TKT_DESK/desk.conf"
	letter New | tkt-mailin
	same "$(tkt-set --action change_service TKT-2 -o policy)" 2
	refused 77 "tkt-set: action 'change_service' needs the identity 'verified', and ticket 'TKT-1' has 'claimed'" tkt-set --action change_service TKT-1
}

@test "a stream: the good ones are done, the others named, 77" {
	letter Plain | tkt-mailin
	letter Proven 'dmarc=pass header.from=example.com' | tkt-mailin
	tkt-list -s id >tickets
	run -77 --separate-stderr tkt-set --action account_data -o id <tickets
	same "$output|$stderr" "TKT-2|tkt-set: stdin:1: action 'account_data' needs the identity 'authenticated', and ticket 'TKT-1' has 'claimed'"
}

@test "a section that cannot be: file and line" {
	conf <<'END'
action "a" { needs = sure }
action "b" { address = mine }
action "c" { reason = perhaps }
action "d" { notify = {"requester"} }
action "e" { match = {"stat=open"} }
action "f" { set = {"stat=open"} }
route "g" { set = {"identity=verified"} }
route "h" { set = {"identity=claimed"} }
action "i" { set = {"queue={{queue}}", "fields.x={{ fields.y }}"}   add = {"cc={{requester.email}}"} }
action "j" { set = {"identity={{fields.x}}"} }
action "k" { set = {"queue=a{{queue}}"} }
action "l" { set = {"queue={{quue}}"} }
action "m" { set = {"quue={{queue}}"} }
action "n" { add = {"queue={{queue}}"} }
action "o" { set = {"tags+={{queue}}"} }
route "p" { add = {"cc={{fields.admin}}"} }
forbid "q" { }
forbid "r" { match = {"stat=open", "questions > 0"}   text = "no" }
effective = "1.4.2026"
END
	run -78 --separate-stderr tkt-lint --format=table
	same "$output" "\
desk.conf:1: error: 'needs' cannot be 'sure': one of none, claimed, authenticated, verified
desk.conf:2: error: 'address' cannot be 'mine': one of contract, any
desk.conf:3: error: 'reason' cannot be 'perhaps': true or false
desk.conf:4: error: action 'd' tells the requester by a 'reply', not by 'notify'
desk.conf:5: error: expression 'stat=open': there is no field 'stat'
desk.conf:6: error: there is no field 'stat'
desk.conf:7: error: 'identity=verified' would be a word without proof: only an 'action', which a person performs, may set it
desk.conf:10: error: 'identity={{fields.x}}' would be a word without proof
desk.conf:11: error: 'queue=a{{queue}}' is no assignment such as 'cc={{fields.admin}}'
desk.conf:12: error: there is no field 'quue'; did you mean 'queue'?
desk.conf:13: error: there is no field 'quue'; did you mean 'queue'?
desk.conf:14: error: 'queue' is no list
desk.conf:15: error: 'tags+={{queue}}' is no assignment such as 'cc={{fields.admin}}'
desk.conf:16: error: 'cc={{fields.admin}}' has the value of a field: only an 'action', which a person performs, may use one
desk.conf:17: error: forbid 'q' has no 'match': no ticket could be changed
desk.conf:17: error: forbid 'q' needs a 'text': what to do instead
desk.conf:18: error: expression 'stat=open': there is no field 'stat'
desk.conf:18: warning: 'questions' is not known when a change is judged, and counts as empty
desk.conf:19: error: '1.4.2026' is no date such as 2026-04-01"
}

@test "only from the address in the contract: the same domain is not enough, and none is told" {
	echo 'action "move" { address = contract }' >>"$TKT_DESK/desk.conf"
	tkt-customer --quiet <<<'{"id":"acme","domains":["acme.example"],"contracts":[{"number":"K-77","contact":"boss@acme.example"},{"number":"K-78","contact":"it@acme.example"}]}'
	tkt-contact --quiet <<<'{"addresses":["boss@acme.example","boss@home.example"],"customer":"acme"}'
	local address number=0 error
	for address in boss@acme.example it@acme.example boss@home.example clerk@acme.example boss@acme.example.evil.example; do
		number=$((number + 1))
		mail "$address" "$number" Text | tkt-mailin
		tkt-set --quiet "$number" customer=acme contract=K-77
	done
	same "$(tkt-set --action move 1 -o id)" TKT-1
	for number in 2 3 4 5; do
		refused 77 "tkt-set: action 'move' is not done for ticket 'TKT-$number': the requester does not write from the address in the contract" tkt-set --action move "$number"
	done
	# Where the ticket names no contract, it is the one that names him; where it names another, no.
	same "$(tkt-set --action move 2 contract= -o id 2>&1 || tkt-set 2 contract= -o id)" "tkt-set: action 'move' is not done for ticket 'TKT-2': the requester does not write from the address in the contract
TKT-2"
	same "$(tkt-set --action move 2 -o id)" TKT-2
	tkt-set --quiet 1 contract=X-1
	refused 77 "tkt-set: action 'move' is not done for ticket 'TKT-1': the requester does not write from the address in the contract" tkt-set --action move 1
	# Nor is an address that an agent has put there one that somebody has written from.
	tkt-set --quiet 4 requester.email=boss@acme.example identity=claimed
	refused 77 "tkt-set: action 'move' is not done for ticket 'TKT-4': the requester does not write from the address in the contract" tkt-set --action move 4
	tkt-new --quiet -s Call -c phone contract=K-77 </dev/null
	refused 77 "tkt-set: action 'move' is not done for ticket 'TKT-6': the requester does not write from the address in the contract" tkt-set --action move 6
}

@test "who has taken the contact's place speaks for the contract, and the former no more" {
	echo 'action "move" { address = contract }' >>"$TKT_DESK/desk.conf"
	tkt-customer --quiet <<<'{"id":"acme","contracts":[{"number":"K-77","contact":"boss@acme.example"}]}'
	tkt-contact --quiet <<<'{"addresses":["boss@acme.example"],"customer":"acme"}'
	mail boss@acme.example Old Text | tkt-mailin
	mail new@acme.example New Text | tkt-mailin
	tkt-contact --quiet --replace boss@acme.example --by new@acme.example --from 2026-03-10
	same "$(tkt-set --action move 1 -o id)" TKT-1
	refused 77 "tkt-set: action 'move' is not done for ticket 'TKT-2': the requester does not write from the address in the contract" tkt-set --action move 2
	export TKT_NOW=2026-03-10T09:00:00Z
	same "$(tkt-set --action move 2 -o id)" TKT-2
	refused 77 "tkt-set: action 'move' is not done for ticket 'TKT-1': the requester does not write from the address in the contract" tkt-set --action move 1
}
