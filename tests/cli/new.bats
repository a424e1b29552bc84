#!/usr/bin/env bats
# tkt-new: tickets from options and a text, from objects, from monitoring; what is attached.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<<'ticket_prefix = "SUP"'
	export TKT_AGENT=ivanova
}
policy=$(printf 'ticket_prefix = "SUP"\n' | sha256sum | head -c 12)

sql() {
	sqlite3 "$TKT_DESK/tkt.db" "$1"
}

@test "a subject and a text: the ticket and its message" {
	run -0 --separate-stderr tkt-new -s 'Printer' -r Anna@Example.com -c phone priority=high tags=a,b fields.room=201 requester.name='Anna K.' <<<'It is silent.'
	same "$output" '{"type":"ticket","id":"SUP-1","rev":1,"subject":"Printer","status":"new","queue":"support","priority":"high","channel":"phone","lang":"en","identity":"none","policy":"+'"$policy"'","requester":{"email":"anna@example.com","name":"Anna K."},"tags":["a","b"],"fields":{"room":"201"},"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"}
{"type":"message","id":"1","ticket":"SUP-1","kind":"public","direction":"in","channel":"phone","author":{"email":"anna@example.com","name":"Anna K."},"subject":"Printer","body":"It is silent.\n","body_new":"It is silent.\n","received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false,"body_sha256":"'"$(sha256sum <<<'It is silent.' | head -c 64)"'"}'
	same "$stderr" ""
	valid - <<<"$output"
	same "$(sql 'SELECT json FROM event' | jq -c '[.seq, .actor, .tool, .ticket, .rev, .now, .was, .message.body, .message.body_sha256]')" \
		'[1,"agent:ivanova","tkt-new","SUP-1",1,true,null,null,"'"$(sha256sum <<<'It is silent.' | head -c 64)"'"]'
	same "$(sql 'SELECT count(*) FROM outgoing')" 0
}

@test "a subject is one line; a requester is an address" {
	same "$(tkt-new -s $'web1:\ndisk is full' -o subject </dev/null)" 'web1: disk is full'
	run -65 --separate-stderr tkt-new -s x -r 'Anna <anna@example.com>' </dev/null
	same "$output$stderr" "tkt-new: 'anna <anna@example.com>' is not a mail address"
	run -65 --separate-stderr tkt-new <<<'{"subject":"x","requester":{"email":"a@example.com, b@example.com"}}'
	same "$output$stderr" "tkt-new: stdin:1: 'a@example.com, b@example.com' is not a mail address"
}

@test "no text, no message" {
	run -0 --separate-stderr tkt-new -s 'Printer' </dev/null
	same "$output" '{"type":"ticket","id":"SUP-1","rev":1,"subject":"Printer","status":"new","queue":"support","priority":"normal","channel":"shell","lang":"en","identity":"none","policy":"+'"$policy"'","received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z"}'
	same "$(sql 'SELECT count(*) FROM message')" 0
}

@test "the language is judged by the text; line ends are LF; what is no UTF-8 is repaired" {
	conf <<<'languages = {"en", "ru"}'
	run -0 --separate-stderr tkt-new -s 'Принтер' <<<$'молчит\r\nсовсем\xff'
	same "$(jq -r 'select(.type == "ticket") | .lang' <<<"$output")" ru
	same "$(jq -c 'select(.type == "message") | .body' <<<"$output")" '"молчит\nсовсем�\n"'
}

@test "objects: tickets are opened, others pass, unknown members are kept" {
	cat >in <<'END'
{"our":{"number":77},"subject":"One","body":"first\n","requester":{"name":"Bob"},"status":"open","priority":"low","id":"OLD-5","rev":9,"created_at":"2020-01-01T00:00:00Z"}
{ "type":"note" , "text":"kept"}
{"type":"ticket","subject":"Two","channel":"chat","requester":{"email":"eve@example.com"},"fields":{"b":"2","a":"1"}}
END
	run -0 --separate-stderr tkt-new -r bob@example.com -c web tags=new <in
	same "$output" '{"our":{"number":77},"subject":"One","requester":{"email":"bob@example.com","name":"Bob"},"status":"open","priority":"low","id":"SUP-1","rev":1,"created_at":"2026-03-02T09:00:00Z","type":"ticket","queue":"support","channel":"web","lang":"en","identity":"none","policy":"+'"$policy"'","tags":["new"],"received_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"}
{"type":"message","id":"1","ticket":"SUP-1","kind":"public","direction":"in","channel":"web","author":{"email":"bob@example.com","name":"Bob"},"subject":"One","body":"first\n","body_new":"first\n","received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false,"body_sha256":"'"$(sha256sum <<<first | head -c 64)"'"}
{ "type":"note" , "text":"kept"}
{"type":"ticket","subject":"Two","channel":"chat","requester":{"email":"eve@example.com"},"fields":{"b":"2","a":"1"},"id":"SUP-2","rev":1,"status":"new","queue":"support","priority":"normal","lang":"en","identity":"none","policy":"+'"$policy"'","tags":["new"],"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z"}'
	same "$stderr" ""
	valid - <<<"$(sed -e 1d -e 3d <<<"$output")"
}

@test "bad lines are named, the good ones are opened, the status is 65" {
	run -65 --separate-stderr tkt-new -o id,subject <<'END'
{"subject":"One"}
{"type":"ticket"}
{"subject":"x","status":"urgent"}
nothing
{"subject":"x","body":5}
{"subject":"x","tags":"a"}
{"subject":"x","wake_at":"soon"}
{"subject":7}
{"subject":"Two"}
END
	same "$output" $'SUP-1\tOne\nSUP-2\tTwo'
	same "$stderr" "tkt-new: stdin:2: a new ticket needs a 'subject'
tkt-new: stdin:3: 'status' cannot be 'urgent': new, open, pending, resolved or closed
tkt-new: stdin:4: not a JSON object: '[' or '{' expected near 'nothing'
tkt-new: stdin:5: 'body' must be a text
tkt-new: stdin:6: 'tags' must be a list of texts
tkt-new: stdin:7: 'wake_at': 'soon' is not a time like 2026-03-02T09:00:00Z
tkt-new: stdin:8: 'subject' must be a text"
}

@test "--atomic: a bad line undoes all" {
	run -65 --separate-stderr tkt-new --atomic <<<$'{"subject":"One"}\n{"type":"note"}\n{}'
	same "$output" ""
	same "$stderr" "tkt-new: stdin:3: a new ticket needs a 'subject'"
	same "$(tkt-new -s x -o id </dev/null)" SUP-1
}

@test "-n prints what would be and keeps nothing, no file either" {
	head -c 300000 /dev/zero | tr '\0' '\3' >big.bin
	run -0 --separate-stderr tkt-new -n -s 'Printer' -a big.bin <<<'It is silent.'
	same "$(jq -c '[.type, .id, .attachments]' <<<"$output")" '["ticket","SUP-1",null]
["message","1",[{"name":"big.bin","content_type":"application/octet-stream","size":300000,"sha256":"'"$(sha256sum big.bin | head -c 64)"'"}]]'
	same "$(sql 'SELECT (SELECT count(*) FROM ticket), (SELECT count(*) FROM event), (SELECT count(*) FROM blob)')" '0|0|0'
	same "$(ls -A "$TKT_DESK/blobs")" ""
}

@test "attachments: names, types by content, small ones in the database, large ones as files" {
	printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0' >'picture'
	mkdir sub
	echo 'a note' >'sub/зам етка.txt'
	head -c 300000 /dev/zero | tr '\0' '\3' >big.bin
	run -0 --separate-stderr tkt-new -s 'Files' -a picture --attach 'sub/зам етка.txt' -a big.bin </dev/null
	same "$(jq -c 'select(.type == "message") | .attachments[]' <<<"$output")" '{"name":"picture","content_type":"image/png","size":29,"sha256":"'"$(sha256sum picture | head -c 64)"'"}
{"name":"зам етка.txt","content_type":"text/plain","size":7,"sha256":"'"$(sha256sum 'sub/зам етка.txt' | head -c 64)"'"}
{"name":"big.bin","content_type":"application/octet-stream","size":300000,"sha256":"'"$(sha256sum big.bin | head -c 64)"'"}'
	sum=$(sha256sum big.bin | head -c 64)
	same "$(cd "$TKT_DESK/blobs" && find . -type f -printf '%m %p\n')" "660 ./${sum:0:2}/$sum"
	cmp big.bin "$TKT_DESK/blobs/${sum:0:2}/$sum"
	same "$(sql 'SELECT size, codec FROM blob ORDER BY size')" $'7|0\n29|0\n300000|2'
}

@test "the same file for each object is stored once" {
	echo 'a note' >note.txt
	printf '{"subject":"%s"}\n' One Two | tkt-new --quiet -a note.txt
	same "$(sql 'SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM blob)')" '2|1'
}

@test "a file to attach that is missing, a folder, too large, not to be read" {
	run -66 --separate-stderr tkt-new -s x -a nothing.txt <<<'text'
	same "$stderr" "tkt-new: cannot open 'nothing.txt': No such file or directory"
	run -74 --separate-stderr tkt-new -s x -a "$PWD" <<<'text'
	same "$stderr" "tkt-new: cannot read '$PWD': Is a directory"
	truncate -s 65M large.bin
	run -65 --separate-stderr tkt-new -s x -a large.bin <<<'text'
	same "$stderr" "tkt-new: 'large.bin' is larger than 67108864 bytes"
	same "$(sql 'SELECT count(*) FROM ticket')" 0
}

@test "--key: the text joins the open ticket; a closed one is left alone" {
	tkt-new -s 'web1: disk' -k web1/disk -c monitoring -r root@example.com <<<'91%' >/dev/null
	run -0 --separate-stderr tkt-new -s 'another subject' -k web1/disk -c chat priority=high <<<'94%'
	same "$(jq -c '[.type, .id, .rev, .subject, .channel, .priority, .key, .body, .author.email]' <<<"$output")" '["ticket","SUP-1",2,"web1: disk","monitoring","normal","web1/disk",null,null]
["message","2",null,"web1: disk","monitoring",null,null,"94%\n","root@example.com"]'
	same "$(sql 'SELECT json FROM event WHERE seq = 2' | jq -c '[.ticket, .why]')" '["SUP-1","the same key again"]'
	tkt-set --quiet 1 status=closed
	same "$(tkt-new -s 'web1: disk' -k web1/disk -o id,key <<<'91%')" $'SUP-2\tweb1/disk'
	same "$(tkt-new -s 'web1: disk' -k web2/disk -o id,key <<<'91%')" $'SUP-3\tweb2/disk'
}

@test "a key in objects: those with the same one are one ticket" {
	printf '%s\n' '{"subject":"a","key":"k","body":"1"}' '{"subject":"b","key":"k","body":"2"}' '{"subject":"c","body":"3"}' | tkt-new -o id,rev,subject >out
	same "$(<out)" $'SUP-1\t1\ta\nSUP-1\t2\ta\nSUP-2\t1\tc'
}

@test "many at the same time: no id twice, none lost" {
	for ((i = 0; i < 24; i++)); do
		tkt-new -s "number $i" -o id <<<"text $i" >"out.$i" &
	done
	wait
	same "$(cat out.* | sort -V)" "$(seq -f SUP-%g 24)"
	same "$(sql 'SELECT count(*), min(seq), max(seq) FROM event')" '24|1|24'
	same "$(sql 'SELECT count(DISTINCT number), min(number), max(number) FROM message')" '24|1|24'
}

@test "many at the same time with one key: one ticket with all texts" {
	for ((i = 0; i < 12; i++)); do
		tkt-new -s disk -k web1/disk --quiet <<<"text $i" &
	done
	wait
	same "$(sql 'SELECT (SELECT count(*) FROM ticket), (SELECT rev FROM ticket), (SELECT count(*) FROM message)')" '1|12|12'
}

@test "bad options and assignments: nothing is opened" {
	while IFS='|' read -r argument status sentence; do
		run "-$status" --separate-stderr tkt-new -s x "$argument" </dev/null
		same "$output" ""
		same "$stderr" "tkt-new: $sentence"
	done <<'END'
stauts=open|64|there is no field 'stauts'; did you mean 'status'?
word|64|'word' is no assignment such as 'status=open' or 'tags+=outage'
status=urgent|65|'status' cannot be 'urgent': new, open, pending, resolved or closed
id=SUP-7|65|'id' cannot be set
-k|64|option '-k' needs an argument
--output=nothing|64|there is no field 'nothing'
END
	same "$(sql 'SELECT count(*) FROM ticket')" 0
}

@test "tickets of one desk are copied to another, each under a number of its own" {
	tkt-new --quiet -s 'One' -k k1 priority=high tags=a <<<'text'
	tkt-new --quiet -s 'Two' status=closed resolution=fixed </dev/null
	sql "SELECT json_object('type', 'ticket', 'id', id, 'rev', rev, 'subject', subject, 'status', status, 'priority', 'high', 'key', key) FROM ticket ORDER BY number" >in
	tkt-init --quiet other
	run -0 --separate-stderr tkt-new -D other -o id,rev,subject,status,priority,key <in
	same "$output" $'TKT-1\t1\tOne\tnew\thigh\tk1\nTKT-2\t1\tTwo\tclosed\thigh\t'
	same "$stderr" ""
}

@test "--quiet and the formats" {
	same "$(tkt-new --quiet -s One <<<'text')" ""
	same "$(tkt-new -s Two -o id,subject --format json <<<'text')" '{"type":"ticket","id":"SUP-2","subject":"Two"}'
	same "$(tkt-new -s Three -o id,subject --format table <<<'text')" $'Ticket      Subject\nSUP-3       Three'
	same "$(tkt-new -s $'Fo\tur' --format tsv <<<'text' | cut -f 1,2,9)" $'SUP-4\tnew\tFo\\tur'
}

@test "--as names who does it, the uid stays" {
	tkt-new --as petrov --quiet -s x </dev/null
	same "$(sql 'SELECT actor, uid FROM event')" "agent:petrov|$(id -u)"
}
