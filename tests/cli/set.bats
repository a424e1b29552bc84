#!/usr/bin/env bats
# tkt-set: operands, objects, and what a change is refused for.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<<'ticket_prefix = "SUP"'
	export TKT_AGENT=ivanova
	tkt-new --quiet -s 'Printer' -r anna@example.com -c mail tags=floor2,hp <<<'It is silent.'
	tkt-new --quiet -s 'Log in' -r bob@example.com -c mail priority=low </dev/null
}

ticket() { # ID REV MEMBERS...: what both have in common
	printf '{"type":"ticket","id":"%s","rev":%s,%s,"identity":"none","policy":"+%s",%s,"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"%s"%s}' \
		"$1" "$2" "$3" "$policy" "$4" "${6-2026-03-02T09:00:00Z}" "$5"
}
policy=$(printf 'ticket_prefix = "SUP"\n' | sha256sum | head -c 12)

# events: what the log tells of a change, without who and when.
events() {
	sqlite3 "$TKT_DESK/tkt.db" 'SELECT json FROM event WHERE seq > 2 ORDER BY seq' | jq -c 'del(.type, .at, .actor, .uid, .tool, .now, .policy)'
}

@test "one ticket by operand: the ticket as it now is, and an event" {
	run -0 --separate-stderr tkt-set 1 priority=high assignee=petrov requester.name='Anna K.' fields.room=201 -w 'asked for' --now 2026-03-02T10:00:00Z
	same "$output" "$(ticket SUP-1 2 '"subject":"Printer","status":"open","queue":"support","priority":"high","channel":"mail","lang":"en"' \
		'"requester":{"email":"anna@example.com","name":"Anna K."},"assignee":"petrov","tags":["floor2","hp"],"fields":{"room":"201"}' ',"last_in_at":"2026-03-02T09:00:00Z"' 2026-03-02T10:00:00Z)"
	same "$stderr" ""
	valid ticket <<<"$output"
	same "$(sqlite3 "$TKT_DESK/tkt.db" 'SELECT json FROM event WHERE seq = 3' | jq -c 'del(.set, .was, .policy)')" \
		'{"type":"event","seq":3,"at":"2026-03-02T10:00:00Z","actor":"agent:ivanova","uid":'"$(id -u)"',"tool":"tkt-set","ticket":"SUP-1","rev":2,"now":true,"why":"asked for"}'
	same "$(events | jq -c '[.was, .set]')" '[{"rev":1,"status":"new","priority":"normal","requester.name":null,"assignee":null,"fields.room":null,"updated_at":"2026-03-02T09:00:00Z"},{"rev":2,"status":"open","priority":"high","requester.name":"Anna K.","assignee":"petrov","fields.room":"201","updated_at":"2026-03-02T10:00:00Z"}]'
}

@test "ids and assignments in any order and form" {
	run -0 --separate-stderr tkt-set sup-1 queue=a '#2' tags+=x -o id,queue,tags
	same "$output" $'SUP-1\ta\tfloor2,hp,x\nSUP-2\ta\tx'
	run -0 --separate-stderr tkt-set -o id,queue -- queue=b SUP-2
	same "$output" $'SUP-2\tb'
}

@test "an empty value clears; lists lose and get elements, none twice" {
	tkt-set 1 fields.room=201 group=l1 >/dev/null
	run -0 --separate-stderr tkt-set 1 fields.room= group= tags-=hp tags-=none tags+=floor2 tags+=new cc=Carol@Example.com,dan@example.com -o id,fields,group,tags,cc
	same "$output" $'SUP-1\t\t\tfloor2,new\tcarol@example.com,dan@example.com'
	run -0 --separate-stderr tkt-set 1 tags= cc-=CAROL@example.com -o id,tags,cc
	same "$output" $'SUP-1\t\tdan@example.com'
}

@test "what belongs to a status goes with it" {
	tkt-set 1 status=pending pending_reason=customer wake_at=2026-03-05T09:00:00Z -o status,pending_reason,wake_at >out
	tkt-set 1 status=closed resolution=fixed -o status,pending_reason,wake_at,resolution,closed_at >>out
	tkt-set 1 status=open -o status,resolution,closed_at >>out
	same "$(<out)" $'pending\tcustomer\t2026-03-05T09:00:00Z\nclosed\t\t\tfixed\t2026-03-02T09:00:00Z\nopen\t\t'
}

@test "a piped ticket keeps its order and unknown members, and loses what is empty now" {
	tkt-set 1 assignee=petrov status=pending pending_reason=customer >/dev/null
	run -0 --separate-stderr tkt-set status=open assignee= group=l2 <<'END'
{"note":{"b":1,"a":[1.5,"ä"]},"assignee":"petrov","id":"SUP-1","type":"ticket","pending_reason":"customer","waiting_for":"customer","big":-1234567890123456789,"status":"pending","rev":2}
END
	same "$output" '{"note":{"b":1,"a":[1.5,"ä"]},"id":"SUP-1","type":"ticket","big":-1234567890123456789,"status":"open","rev":3,"subject":"Printer","queue":"support","priority":"normal","channel":"mail","lang":"en","identity":"none","policy":"+'"$policy"'","requester":{"email":"anna@example.com"},"group":"l2","tags":["floor2","hp"],"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"}'
	same "$stderr" ""
}

@test "an object of another type names its ticket; what names none passes as its bytes" {
	printf '%s\r\n' '{ "type" : "note",  "text":"a\/b"}' >in
	printf '%s\n' '{"type":"message","ticket":"SUP-2","id":"7"}' '{"type":"event","ticket":"SUP-1","rev":1,"seq":1,"set":{}}' '{"x":1e2}' '{"id":"SUP-2"}' >>in
	run -0 --separate-stderr tkt-set priority=high <in
	same "${lines[0]}" $'{ "type" : "note",  "text":"a\\/b"}\r'
	same "$(jq -r '[.type, .id, .rev] | @tsv' <<<"${lines[1]}")" $'ticket\tSUP-2\t2'
	same "$(jq -r '[.type, .id, .rev] | @tsv' <<<"${lines[2]}")" $'ticket\tSUP-1\t2'
	same "${lines[3]}" '{"x":1e2}'
	same "$(jq -r '[.type, .id, .rev] | @tsv' <<<"${lines[4]}")" $'ticket\tSUP-2\t2'
	same "${#lines[@]}" 5
	same "$stderr" ""
}

@test "bad lines are named, the good ones are done, the status is 65" {
	run -65 --separate-stderr tkt-set queue=x -o id <<'END'
{"type":"ticket","id":"SUP-1"}
{"type":"ticket","id":"SUP-9"}
[1]

{"type":"ticket","id":"OTHER-2"}
{"type":"ticket","id":"SUP-2","id":"SUP-1"}
{"type":"ticket","id":2}
{"ticket":2}
{"type":"ticket","id":"SUP-2"}
END
	same "$output" $'SUP-1\nSUP-2'
	same "$stderr" "tkt-set: stdin:2: there is no ticket 'SUP-9'
tkt-set: stdin:3: not a JSON object
tkt-set: stdin:5: there is no ticket 'OTHER-2'
tkt-set: stdin:6: a member is there twice: duplicate object key near '\"id\"'
tkt-set: stdin:7: 'id' must be a text
tkt-set: stdin:8: 'ticket' must be a text"
}

@test "an unknown operand is status 1, the others are done" {
	run -1 --separate-stderr tkt-set 1 9 nobody 2 queue=x -o id
	same "$output" $'SUP-1\nSUP-2'
	same "$stderr" "tkt-set: there is no ticket '9'
tkt-set: there is no ticket 'nobody'"
}

@test "a ticket with its rev that has moved on stays as it is" {
	run -65 --separate-stderr tkt-set priority=high <<'END'
{"type":"ticket","id":"SUP-1","rev":1,"priority":"low"}
{"type":"ticket","id":"SUP-2","rev":1}
END
	same "$output" ""
	same "$stderr" "tkt-set: stdin:1: ticket 'SUP-1' has moved on: 'priority' is 'normal', not 'low'; read it again
tkt-set: stdin:2: ticket 'SUP-2' has moved on: 'priority' is 'low', not empty; read it again"
	same "$(events)" ""
	run -0 --separate-stderr tkt-set priority=high -o id,rev <<<'{"type":"ticket","id":"SUP-2","rev":77,"priority":"low"}'
	same "$output" $'SUP-2\t2'
}

@test "what is wrong with an assignment is said once, before anything is done" {
	while IFS='|' read -r assignment status sentence; do
		run "-$status" --separate-stderr tkt-set 1 queue=x "$assignment"
		same "$output" ""
		same "$stderr" "tkt-set: $sentence"
	done <<'END'
stauts=open|64|there is no field 'stauts'; did you mean 'status'?
=open|64|'=open' is no assignment such as 'status=open' or 'tags+=outage'
status=urgent|65|'status' cannot be 'urgent': new, open, pending, resolved or closed
status=|65|'status' cannot be empty
priority=urgent|65|'priority' cannot be 'urgent': low, normal, high or critical
pending_reason=me|65|'pending_reason' cannot be 'me': customer, third_party, development or other
id=SUP-7|65|'id' cannot be set
rev=7|65|'rev' cannot be set
due=2026-03-02|65|'due' cannot be set
subject+=x|65|'subject' is no list
tags+=|65|an element of 'tags' cannot be empty
requester.email=Anna <anna@example.com>|65|'anna <anna@example.com>' is not a mail address
cc=anna@example.com,bob|65|'bob' is not a mail address
cc+=bob|65|'bob' is not a mail address
fields=x|65|'fields' holds names: set one of them as 'fields.NAME'
wake_at=noday|65|'wake_at': 'noday' is no time: write 2026-03-02, '2026-03-02 09:00', 2026-03-02T09:00:00Z, monday, 'monday 09:00', or a length from now: +2h, -2d
END
	run -65 --separate-stderr tkt-set 1 subject=$'\xff'
	same "$stderr" "tkt-set: the value of 'subject' is not UTF-8"
	run -64 --separate-stderr tkt-set 1
	same "$stderr" "tkt-set: nothing to set: give FIELD=VALUE or --action"
	same "$(events)" ""
}

@test "--if is judged in the transaction, each ticket as it is by then" {
	run -1 --separate-stderr tkt-set 1 2 1 --if 'priority=normal' priority=high -o id,priority
	same "$output" $'SUP-1\thigh'
	same "$stderr" ""
	run -0 --separate-stderr tkt-set 1 2 --if 'not assignee' queue=x -o id
	same "$output" $'SUP-1\nSUP-2'
	run -65 --separate-stderr tkt-set --if 'queue=y' queue=z <<<$'{"type":"ticket","id":"SUP-1"}\n{"type":"ticket","id":"SUP-9"}'
	same "$stderr" "tkt-set: stdin:2: there is no ticket 'SUP-9'"
}

@test "--if with a bad expression" {
	run -64 --separate-stderr tkt-set 1 --if 'stauts=open' queue=x
	same "$output" ""
	same "$stderr" "tkt-set: expression 'stauts=open': there is no field 'stauts'; did you mean 'status'?"
	same "$(events)" ""
}

@test "-n prints what would be and changes nothing" {
	run -0 --separate-stderr tkt-set -n 1 2 priority=critical -o id,rev,priority
	same "$output" $'SUP-1\t2\tcritical\nSUP-2\t2\tcritical'
	same "$(events)" ""
	run -0 --separate-stderr tkt-set 1 queue=x -o id,rev,priority
	same "$output" $'SUP-1\t2\tnormal'
}

@test "--atomic: one bad item undoes all, and nothing is printed" {
	run -1 --separate-stderr tkt-set --atomic 1 9 2 queue=x
	same "$output" ""
	same "$stderr" "tkt-set: there is no ticket '9'"
	run -65 --separate-stderr tkt-set --atomic queue=x <<<$'{"type":"ticket","id":"SUP-1"}\n{"type":"note"}\nx'
	same "$output" ""
	same "$stderr" "tkt-set: stdin:3: not a JSON object: '[' or '{' expected near 'x'"
	same "$(events)" ""
	run -0 --separate-stderr tkt-set --atomic queue=x -o id <<<$'{"type":"ticket","id":"SUP-1"}\n{"type":"ticket","id":"SUP-2"}'
	same "$output" $'SUP-1\nSUP-2'
}

@test "formats: a table, tsv, JSON with some members, nothing at all" {
	run -0 --separate-stderr tkt-set 2 queue='a	b' -o id,queue
	same "$output" $'SUP-2\ta\\tb'
	run -0 --separate-stderr tkt-set 2 queue=b -o id,queue --format json
	same "$output" '{"type":"ticket","id":"SUP-2","queue":"b"}'
	run -0 --separate-stderr tkt-set 2 queue=c -o id,queue --format table
	same "$output" $'Ticket      Queue\nSUP-2       c'
	run -0 --separate-stderr tkt-set 2 queue=d --quiet
	same "$output$stderr" ""
	run -64 --separate-stderr tkt-set 2 queue=e -o id,quue
	same "$stderr" "tkt-set: there is no field 'quue'; did you mean 'queue'?"
}

@test "nothing on standard input is nothing to do" {
	run -0 --separate-stderr tkt-set queue=x </dev/null
	same "$output$stderr" ""
}

@test "what stands before a pause is done and printed while the rest is waited for" {
	mkfifo in
	tkt-set queue=x -o id <in >out &
	exec {in}>in
	echo '{"type":"ticket","id":"SUP-1"}' >&"$in"
	until [ -s out ]; do :; done
	same "$(<out)" SUP-1
	tkt-set 2 queue=y --quiet # no transaction is open
	echo '{"type":"ticket","id":"SUP-2"}' >&"$in"
	exec {in}>&-
	wait $!
	same "$(<out)" $'SUP-1\nSUP-2'
}

@test "a thousand tickets and more" {
	for ((i = 3; i <= 2300; i++)); do echo '{"subject":"one of many"}'; done | tkt-new --quiet
	for ((i = 1; i <= 2300; i++)); do echo "{\"type\":\"ticket\",\"id\":\"SUP-$i\"}"; done | tkt-set queue=x -o id >out
	same "$(<out)" "$(seq -f SUP-%g 2300)"
	same "$(sqlite3 "$TKT_DESK/tkt.db" "SELECT count(*) FROM ticket WHERE queue = 'x'")" 2300
}

@test "a ticket that is opened again leaves its key to the open one that has it" {
	tkt-new --quiet -s disk -k web1/disk </dev/null
	tkt-set 3 status=closed --quiet
	tkt-new --quiet -s disk -k web1/disk </dev/null
	run -0 --separate-stderr tkt-set 3 status=open -o id,status,key
	same "$output" $'SUP-3\topen\t'
	same "$(tkt-new -s disk -k web1/disk -o id </dev/null)" SUP-4
}

@test "what is not UTF-8 is refused by name, in words" {
	run -1 --separate-stderr tkt-set $'\xff' queue=a
	same "$stderr" "tkt-set: there is no ticket '"$'\xef\xbf\xbd'"'"
	run -65 --separate-stderr tkt-set 1 queue=a -w $'\xff'
	same "$stderr" "tkt-set: the value of 'why' is not UTF-8"
	run -64 --separate-stderr tkt-set 1 $'fields.\xff=a'
	same "$stderr" "tkt-set: there is no field 'fields."$'\xef\xbf\xbd'"'; did you mean 'fields'?"
	run -64 --separate-stderr tkt-set --as $'\xff' 1 queue=a
	same "$stderr" "tkt-set: the value of '--as' is not UTF-8"
	run -65 --separate-stderr tkt-new -s x -k $'\xff' </dev/null
	same "$stderr" "tkt-new: the value of 'key' is not UTF-8"
	same "$(events)" ""
}

@test "standard output fails between what is done and what is not: both are kept, the status is 74" {
	run -74 --separate-stderr bash -c 'tkt-set 1 99 2 queue=y >/dev/full'
	same "$stderr" "tkt-set: cannot write standard output: No space left on device"
	same "$(tkt-list -o id,queue)" $'SUP-1\ty\nSUP-2\ty'
}

@test "a ticket is merged into another one, whose id is stored as it is" {
	tkt-new --quiet -s 'Third' </dev/null
	run -0 --separate-stderr tkt-set 2 merged_into=sup-1 status=closed -o id,status,merged_into
	same "$output" $'SUP-2\tclosed\tSUP-1'
	run -0 --separate-stderr tkt-set 2 merged_into='#1' -o rev,merged_into
	same "$output" $'2\tSUP-1'
	same "$(events | jq -c '[.ticket, .set.merged_into]' | tail -n 1)" '["SUP-2","SUP-1"]'
	run -0 --separate-stderr tkt-set 2 merged_into=3 -o merged_into
	same "$output" SUP-3
	run -0 --separate-stderr tkt-set 2 merged_into= -o id,merged_into
	same "$output" $'SUP-2\t'
}

@test "no ticket is merged into itself, into none, or in a circle" {
	tkt-new --quiet -s 'Third' </dev/null
	tkt-set --quiet 2 merged_into=1
	tkt-set --quiet 3 merged_into=2
	local before
	before=$(tkt-list --all)
	for into in 1 TKT-2 99 nothing 2 3; do
		run -65 --separate-stderr tkt-set 1 merged_into=$into
		printf '%s\n' "$output$stderr"
	done >said
	run -65 --separate-stderr tkt-apply <<<'{"type":"change","ticket":"SUP-2","set":{"merged_into":"2"}}'
	printf '%s\n' "$output$stderr" >>said
	same "$(<said)" "tkt-set: ticket 'SUP-1' cannot be merged into itself
tkt-set: ticket 'SUP-1' cannot be merged into 'TKT-2': there is no such ticket
tkt-set: ticket 'SUP-1' cannot be merged into '99': there is no such ticket
tkt-set: ticket 'SUP-1' cannot be merged into 'nothing': there is no such ticket
tkt-set: ticket 'SUP-1' cannot be merged into 'SUP-2', which is merged into it
tkt-set: ticket 'SUP-1' cannot be merged into 'SUP-3', which is merged into it
tkt-apply: stdin:1: ticket 'SUP-2' cannot be merged into itself"
	same "$(tkt-list --all)" "$before"
}

@test "a time may be a word, by the desk's clock" {
	echo 'timezone = "Europe/Moscow"' >>"$TKT_DESK/desk.conf"
	tkt-set --quiet 1 2 status=pending
	for word in monday 'tomorrow 14:30' 2026-03-09 +3d ''; do
		tkt-set 1 "wake_at=$word" -o wake_at
	done >out
	same "$(<out)" $'2026-03-08T21:00:00Z\n2026-03-03T11:30:00Z\n2026-03-08T21:00:00Z\n2026-03-05T09:00:00Z'
	tkt-new --quiet -s Later status=pending wake_at=tomorrow </dev/null
	echo Later. | tkt-reply --quiet --internal --set wake_at='mon 09:00' 2
	same "$(tkt-list 'wake_at < "monday 09:01"' -s wake_at -o id,wake_at)" $'SUP-3\t2026-03-02T21:00:00Z\nSUP-2\t2026-03-09T06:00:00Z'
}

@test "--limit ends with so many, and says when there were fewer" {
	for i in 3 4 5 6; do
		echo "{\"subject\":\"Number $i\"}"
	done | tkt-new --quiet
	run -0 --separate-stderr bash -c 'tkt-list status=new | tkt-set --limit 2 status=open -o id'
	same "$output$stderr" $'SUP-1\nSUP-2'
	run -0 --separate-stderr bash -c 'tkt-list --all | tkt-set --if status=new -l 2 status=open -o id'
	same "$output$stderr" $'SUP-3\nSUP-4'
	run -1 --separate-stderr bash -c 'tkt-list --all | tkt-set --if status=new -l 3 status=open -o id'
	same "$output$stderr" $'SUP-5\nSUP-6'
	run -1 --separate-stderr bash -c 'tkt-list --all | tkt-set --if status=new -l 1 status=open -o id'
	same "$output$stderr" ''
	run -0 --separate-stderr tkt-set --limit 1 SUP-1 SUP-2 priority=high -o id
	same "$output" SUP-1
	run -1 --separate-stderr tkt-set --limit 3 --if priority=high SUP-1 SUP-77 queue=x -o id # what is wrong is still said
	same "$output" SUP-1
	same "$stderr" "tkt-set: there is no ticket 'SUP-77'"
	run -64 --separate-stderr tkt-set --limit 0 1 queue=x
	same "$stderr" "tkt-set: '--limit' needs a number of 1 or more"
}
