#!/usr/bin/env bats
# tkt-apply: changes alone and in tickets; what is refused. The replay of a log is tests/e2e/replay.bats's.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<<'ticket_prefix = "SUP"'
	export TKT_AGENT=ivanova
	tkt-new --quiet -s 'Printer' -r anna@example.com -c mail tags=hp <<<'It is silent.'
	tkt-new --quiet -s 'Log in' -r bob@example.com -c mail priority=low </dev/null
}
policy=$(printf 'ticket_prefix = "SUP"\n' | sha256sum | head -c 12)

sql() {
	sqlite3 "$TKT_DESK/tkt.db" "$1"
}

events() {
	sql 'SELECT json FROM event WHERE seq > 2 ORDER BY seq'
}

@test "a change with all its parts: the ticket as it now is, and its event" {
	cat >in <<'END'
{"type":"change","ticket":"SUP-1","was":{"queue":"support","group":null},"set":{"queue":"oncall","requester.name":"Anna"},"add":{"tags":["outage","hp"],"cc":["Dan@example.com"]},"remove":{"tags":["hp"]},"questions":[{"key":"browser","text":"Which one?"}],"notify":["group:leads"],"why":"route critical","rule":"desk.conf:41"}
END
	run -0 --separate-stderr tkt-apply <in
	same "$output" '{"type":"ticket","id":"SUP-1","rev":2,"subject":"Printer","status":"new","queue":"oncall","priority":"normal","channel":"mail","lang":"en","identity":"none","policy":"+'"$policy"'","requester":{"email":"anna@example.com","name":"Anna"},"cc":["dan@example.com"],"tags":["outage"],"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"}'
	same "$stderr" ""
	same "$(events)" '{"type":"event","seq":3,"at":"2026-03-02T09:00:00Z","actor":"agent:ivanova","uid":'"$(id -u)"',"tool":"tkt-apply","ticket":"SUP-1","rev":2,"now":true,"was":{"rev":1,"queue":"support","requester.name":null,"cc":null,"tags":["hp"]},"set":{"rev":2,"queue":"oncall","requester.name":"Anna","cc":["dan@example.com"],"tags":["outage"]},"questions":[{"key":"browser","text":"Which one?","type":"question","ticket":"SUP-1","asked_at":"2026-03-02T09:00:00Z"}],"notify":["group:leads"],"policy":"+'"$policy"'","why":"route critical","rule":"desk.conf:41"}'
	same "$(sql 'SELECT ticket, key, text FROM question')" '1|browser|Which one?'
	events >log
	valid - log
}

@test "a change without a ticket opens one" {
	run -0 --separate-stderr tkt-apply <<'END'
{"type":"change","set":{"subject":"By a script","requester.email":"Eve@example.com"},"message":{"kind":"public","direction":"in","channel":"chat","author":{"email":"eve@example.com"},"body":"Hello\n"},"why":"asked in the chat"}
END
	same "$output" '{"type":"ticket","id":"SUP-3","rev":1,"subject":"By a script","status":"new","queue":"support","priority":"normal","channel":"chat","lang":"en","identity":"none","policy":"+'"$policy"'","requester":{"email":"eve@example.com"},"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"}'
	same "$(sql 'SELECT ticket, channel, author_email, body FROM message WHERE number = 2')" $'3|chat|eve@example.com|Hello'
}

@test "the tool that decided is the actor of the event, whoever applies it" {
	tkt-apply --quiet <<<'{"type":"change","ticket":"SUP-1","set":{"category":"order"},"why":"category order","actor":"tool:tkt-intake"}'
	same "$(events | jq -c '[.actor, .tool, .why]')" '["tool:tkt-intake","tkt-apply","category order"]'
}

@test "a public message out leaves by the outbox, in the same transaction; an internal one does not" {
	tkt-apply >out <<'END'
{"type":"change","ticket":"SUP-1","message":{"kind":"internal","direction":"in","channel":"shell","body":"a note"}}
{"type":"change","ticket":"SUP-1","message":{"kind":"public","direction":"out","channel":"phone","body":"said"}}
{"type":"change","ticket":"SUP-1","message":{"kind":"public","direction":"out","body":"written"}}
END
	same "$(jq -r '[.id, .rev, .status, .last_out_at] | @tsv' out)" $'SUP-1\t2\tnew\t
SUP-1\t3\topen\t2026-03-02T09:00:00Z
SUP-1\t4\topen\t2026-03-02T09:00:01Z'
	same "$(sql 'SELECT number, message, state, recipients, subject FROM outgoing')" '1|4|queued|["anna@example.com"]|Re: [SUP-1] Printer'
	same "$(events | jq -c '[.message.id, .message.body, .outgoing[0].number]')" '["2",null,null]
["3",null,null]
["4",null,1]'
}

@test "a ticket with changes: all of them, in order; it passes on without them" {
	run -0 --separate-stderr tkt-apply <<'END'
{"x":[1,{"b":2,"a":3}],"type":"ticket","id":"SUP-1","rev":1,"queue":"night","changes":[{"type":"change","ticket":"SUP-1","was":{"queue":"support"},"set":{"queue":"oncall"},"why":"a"},{"type":"change","ticket":"SUP-1","was":{"queue":"oncall"},"set":{"queue":"night"},"why":"b"}]}
END
	same "$output" '{"x":[1,{"b":2,"a":3}],"type":"ticket","id":"SUP-1","rev":3,"queue":"night","subject":"Printer","status":"new","priority":"normal","channel":"mail","lang":"en","identity":"none","policy":"+'"$policy"'","requester":{"email":"anna@example.com"},"tags":["hp"],"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"}'
	same "$(events | jq -c '[.seq, .why]')" $'[3,"a"]\n[4,"b"]'
}

@test "of a ticket's changes all are done or none" {
	run -65 --separate-stderr tkt-apply <<'END'
{"type":"ticket","id":"SUP-1","changes":[{"type":"change","ticket":"SUP-1","set":{"queue":"oncall"}},{"type":"change","ticket":"SUP-1","was":{"queue":"support"},"set":{"queue":"night"}}]}
{"type":"ticket","id":"SUP-1","changes":[{"type":"change","ticket":"SUP-1","set":{"queue":"oncall"}},{"type":"change","ticket":"SUP-2","set":{"queue":"night"}}]}
{"type":"ticket","id":"SUP-1","changes":[{"type":"change","set":{"subject":"a new one"}}]}
{"type":"ticket","id":"SUP-1","changes":{"type":"change"}}
{"type":"ticket","id":"SUP-1","changes":[{"type":"note","ticket":"SUP-1"}]}
END
	same "$output" ""
	same "$stderr" "tkt-apply: stdin:1: ticket 'SUP-1' has moved on: 'queue' is 'oncall', not 'support'; read it again
tkt-apply: stdin:2: what stands in the 'changes' of ticket 'SUP-1' must be a change of it
tkt-apply: stdin:3: what stands in the 'changes' of ticket 'SUP-1' must be a change of it
tkt-apply: stdin:4: 'changes' must be a list
tkt-apply: stdin:5: not a change"
	same "$(events)" ""
	same "$(sql 'SELECT queue FROM ticket')" $'support\nsupport'
}

@test "what is no change passes as its bytes" {
	cat >in <<'END'
{ "type":"note" , "a":1.0e3}
{"type":"ticket","id":"SUP-1","queue":"not taken over"}
{"type":"ticket","id":"SUP-1","changes":[]}
{"id":"SUP-1"}
{"type":"message","ticket":"SUP-1"}
END
	run -0 --separate-stderr tkt-apply <in
	same "$output" "$(<in)"
	same "$stderr" ""
	same "$(events)" ""
}

@test "bad lines are named, the good ones are done, the status is 65" {
	while IFS='|' read -r line sentence; do
		printf '%s\n' "$line"
		printf "tkt-apply: stdin:%d: %s\n" "$((++number))" "$sentence" >>wanted
	done >in <<'END'
{"type":"change","ticket":"SUP-9","set":{"queue":"x"}}|there is no ticket 'SUP-9'
{"type":"change","ticket":7,"set":{"queue":"x"}}|'ticket' must be a text
{"type":"change","ticket":"SUP-1","set":{"queue":"x"},"sett":{}}|a change has no member 'sett'
{"type":"change","ticket":"SUP-1","set":{"stauts":"open"}}|there is no field 'stauts'; did you mean 'status'?
{"type":"change","ticket":"SUP-1","set":{"status":"urgent"}}|'status' cannot be 'urgent': new, open, pending, resolved or closed
{"type":"change","ticket":"SUP-1","set":{"status":null}}|'status' cannot be empty
{"type":"change","ticket":"SUP-1","set":{"id":"SUP-7"}}|'id' cannot be set
{"type":"change","ticket":"SUP-1","set":{"fields.a":1}}|'fields.a' must be a text
{"type":"change","ticket":"SUP-1","set":{"requester.email":"anna"}}|'anna' is not a mail address
{"type":"change","ticket":"SUP-1","add":{"cc":["anna"]}}|'anna' is not a mail address
{"type":"change","ticket":"SUP-1","set":[]}|'set' must be an object
{"type":"change","ticket":"SUP-1","add":{"subject":["x"]}}|'subject' is no list
{"type":"change","ticket":"SUP-1","was":{"overdue":true},"set":{"queue":"x"}}|'overdue' cannot stand in 'was'
{"type":"change","ticket":"SUP-1","was":{"queue":null},"set":{"queue":"x"}}|ticket 'SUP-1' has moved on: 'queue' is 'support', not empty; read it again
{"type":"change","ticket":"SUP-1","was":{"tags":["hp","a"]},"set":{"queue":"x"}}|ticket 'SUP-1' has moved on: 'tags' is ["hp"], not ["hp","a"]; read it again
{"type":"change","ticket":"SUP-1","message":{"body":"x","colour":"red"}}|'message': a message has no member 'colour'
{"type":"change","ticket":"SUP-1","message":{"body":"x","kind":"secret"}}|'message': 'kind' cannot be 'secret': public or internal
{"type":"change","ticket":"SUP-1","why":1}|'why' must be a text
{"type":"change","ticket":"SUP-1","set":{"queue":"x"},"actor":"agent:anna"}|'actor' must be a tool, as in 'tool:tkt-intake'
{"type":"change","ticket":"SUP-1","set":{"queue":"x"},"actor":"tool:"}|'actor' must be a tool, as in 'tool:tkt-intake'
{"type":"event","seq":1,"ticket":"SUP-1","set":{"queue":"x"}}|an event has been applied already; --replay writes it into an empty desk
END
	echo '{"type":"change","ticket":"SUP-2","set":{"queue":"good"}}' >>in
	run -65 --separate-stderr tkt-apply -o id,queue <in
	same "$output" $'SUP-2\tgood'
	same "$stderr" "$(<wanted)"
	same "$(events | jq -c '[.ticket, .rev]')" '["SUP-2",2]'
}

@test "--if leaves out quietly, with status 1, and not what opens a ticket" {
	run -1 --separate-stderr tkt-apply --if 'priority=low' -o id,queue <<'END'
{"type":"change","ticket":"SUP-1","set":{"queue":"x"}}
{"type":"change","ticket":"SUP-2","set":{"queue":"x"}}
{"type":"change","set":{"subject":"A new one"}}
END
	same "$output" $'SUP-2\tx\nSUP-3\tsupport'
	same "$stderr" ""
	run -64 --separate-stderr tkt-apply --if 'priority' --replay </dev/null
	same "$stderr" "tkt-apply: --replay writes the whole log: --if does not go with it"
}

@test "-n prints what would be and changes nothing" {
	run -0 --separate-stderr tkt-apply -n -o id,rev,queue <<<'{"type":"change","ticket":"SUP-1","set":{"queue":"x"},"message":{"kind":"public","direction":"out","body":"b"}}'
	same "$output" $'SUP-1\t2\tx'
	same "$(events)" ""
	same "$(sql 'SELECT (SELECT count(*) FROM outgoing), (SELECT count(*) FROM message)')" '0|1'
}

@test "--atomic: a bad line undoes all, and nothing is printed" {
	run -65 --separate-stderr tkt-apply --atomic <<'END'
{"type":"change","ticket":"SUP-1","set":{"queue":"x"}}
{"type":"note"}
{"type":"change","ticket":"SUP-9","set":{"queue":"x"}}
END
	same "$output" ""
	same "$stderr" "tkt-apply: stdin:3: there is no ticket 'SUP-9'"
	same "$(events)" ""
}

@test "an operand is not taken" {
	run -64 --separate-stderr tkt-apply 1 </dev/null
	same "$output" ""
	same "$stderr" "tkt-apply: unexpected operand '1'; see tkt-apply --help"
}

@test "nothing on standard input is nothing to do" {
	run -0 --separate-stderr tkt-apply </dev/null
	same "$output$stderr" ""
}
