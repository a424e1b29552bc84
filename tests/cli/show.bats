#!/usr/bin/env bats
# tkt-show: a ticket and its correspondence, as objects, a page, mails, files.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	conf <<-'END'
		ticket_prefix = "SUP"
		address = "support@example.org"
		name = "Support"
		timezone = "Europe/Moscow"
		acknowledge = false
	END
	tkt-apply --quiet <<-'END'
		{"type":"change","set":{"subject":"ПЕЧАТЬ \u001b[31mне работает","priority":"high","requester.email":"anna@example.com","requester.name":"Анна","fields.domain":"example.org"},"message":{"kind":"public","direction":"in","channel":"phone","author":{"email":"anna@example.com","name":"Анна"},"body":"Принтер молчит. Принтер молчит. Принтер молчит. Принтер молчит.\n> quoted words that do not fit into sixty columns at all, believe me\n\ta\tb\u001b[2J\u202eback\n\n"},"questions":[{"key":"browser","text":"Which browser?"}]}
		{"type":"change","ticket":"SUP-1","message":{"kind":"internal","body":"Look at the cable.","author":{"email":"ivanova@example.org"}}}
		{"type":"change","ticket":"SUP-1","message":{"body":"Try again.\nFrom here on\n>From there\n","author":{"email":"support@example.org","name":"Support"}}}
	END
}

# objects: what tkt-show printed, without what differs from run to run
objects() {
	jq -c 'del(.policy, .message_id, .body_sha256, .raw_sha256)' <<<"$output"
}

@test "the ticket, its messages, its open questions: each a line of its own" {
	run -0 --separate-stderr tkt-show sup-1
	valid - <<<"$output"
	same "$stderr" ''
	same "$(objects)" '{"type":"ticket","id":"SUP-1","rev":3,"subject":"ПЕЧАТЬ \u001b[31mне работает","status":"open","queue":"support","priority":"high","channel":"phone","lang":"en","identity":"none","requester":{"email":"anna@example.com","name":"Анна"},"fields":{"domain":"example.org"},"received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z","last_out_at":"2026-03-02T09:00:00Z"}
{"type":"message","id":"1","ticket":"SUP-1","kind":"public","direction":"in","channel":"phone","author":{"email":"anna@example.com","name":"Анна"},"body":"Принтер молчит. Принтер молчит. Принтер молчит. Принтер молчит.\n> quoted words that do not fit into sixty columns at all, believe me\n\ta\tb\u001b[2J‮back\n\n","body_new":"Принтер молчит. Принтер молчит. Принтер молчит. Принтер молчит.\n> quoted words that do not fit into sixty columns at all, believe me\n\ta\tb\u001b[2J‮back\n\n","received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false}
{"type":"message","id":"2","ticket":"SUP-1","kind":"internal","direction":"out","channel":"mail","author":{"email":"ivanova@example.org"},"body":"Look at the cable.","received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false}
{"type":"message","id":"3","ticket":"SUP-1","kind":"public","direction":"out","channel":"mail","author":{"email":"support@example.org","name":"Support"},"to":[{"email":"anna@example.com","name":"Анна"}],"subject":"Re: [SUP-1] ПЕЧАТЬ \u001b[31mне работает","body":"Try again.\nFrom here on\n>From there\n","received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false}
{"type":"question","ticket":"SUP-1","key":"browser","text":"Which browser?","asked_at":"2026-03-02T09:00:00Z"}'
}

# answered: a second ticket, whose letter quotes ours and is signed.
answered() {
	mail 'Bob <bob@example.com>' 'Re: Login' $'It works.\n\nOn 02/03/2026 11:30, Support wrote:\n> Try again.\nI did.\n\n-- \nBob' |
		tkt-mailin
}

@test "--new leaves out what is quoted and signed" {
	answered
	run -0 tkt-show --messages --format table --new 2
	same "$output" "
← 2026-03-02 12:00  Bob <bob@example.com>  in
It works.

I did."
	run -0 tkt-show --messages --new 2
	same "$(jq -c '[.body, .body_new]' <<<"$output")" '[null,"It works.\n\nI did."]'
	run -0 tkt-show --messages --new 1
	same "$(jq -c '[.body, .direction]' <<<"$output" | tail -n 1)" '["Try again.\nFrom here on\n>From there\n","out"]'
}

@test "where there are colours quoted text and signatures are dim" {
	answered
	TERM=xterm NO_COLOR='' run -0 "$root/tests/terminal" tkt-show --messages 2 </dev/null
	same "$output" $'\n\e[36m← 2026-03-02 12:00  Bob <bob@example.com>  in\n\e[0mIt works.\n
\e[2mOn 02/03/2026 11:30, Support wrote:\n\e[0m\e[2m> Try again.\n\e[0mI did.\n
\e[2m-- \n\e[0m\e[2mBob\n\e[0m'
	TERM=xterm NO_COLOR=1 run -0 "$root/tests/terminal" tkt-show --messages 2 </dev/null
	[[ $output != *$'\e'* ]]
}

@test "--messages, --public" {
	run -0 tkt-show --messages 1
	same "$(jq -r '.type + .id' <<<"$output")" $'message1\nmessage2\nmessage3'
	run -0 tkt-show --public '#1'
	same "$(jq -r '.type + (.id // "")' <<<"$output")" $'ticketSUP-1\nmessage1\nmessage3'
	run -0 tkt-show --public --messages 1
	same "$(jq -r '.type + .id' <<<"$output")" $'message1\nmessage3'
}

@test "-o gives the columns of tickets, or of messages" {
	run -0 tkt-show -o id,questions,waiting_for,description 1
	same "$output" $'SUP-1\t1\tcustomer\tПринтер молчит. Принтер молчит. Принтер молчит. Принтер молчит.\\n> quoted words that do not fit into sixty columns at all, believe me\\n\\ta\\tb\e[2J‮back\\n\\n'
	run -0 tkt-show -m -o id,kind,author.email 1
	same "$output" $'1\tpublic\tanna@example.com\n2\tinternal\tivanova@example.org\n3\tpublic\tsupport@example.org'
	run -64 tkt-show -o subjekt 1
	same "$output" "tkt-show: there is no field 'subjekt'; did you mean 'subject'?"
}

@test "a page for a person" {
	COLUMNS=60 run -0 tkt-show --format table 1
	same "$output" "SUP-1  ПЕЧАТЬ ^[[31mне работает
Status:           open
Queue:            support
Priority:         high
Channel:          phone
Language:         en
Identity:         none
Requester:        Анна <anna@example.com>
domain:           example.org
Created:          2026-03-02 12:00
Updated:          2026-03-02 12:00

← 2026-03-02 12:00  Анна <anna@example.com>  in, phone
Принтер молчит. Принтер молчит. Принтер молчит. Принтер
молчит.
> quoted words that do not fit into sixty columns at all,
> believe me
        a       b^[[2J<U+202E>back

· 2026-03-02 12:00  ivanova@example.org  internal
Look at the cable.

→ 2026-03-02 12:00  Support <support@example.org>  out
Try again.
From here on
>From there

Open questions
? browser: Which browser?"
	COLUMNS=60 run -0 tkt-show --public --messages --format table 1
	same "$output" "
← 2026-03-02 12:00  Анна <anna@example.com>  in, phone
Принтер молчит. Принтер молчит. Принтер молчит. Принтер
молчит.
> quoted words that do not fit into sixty columns at all,
> believe me
        a       b^[[2J<U+202E>back

→ 2026-03-02 12:00  Support <support@example.org>  out
Try again.
From here on
>From there"
}

@test "tickets from standard input; other objects pass; bad lines are told" {
	run -0 --separate-stderr tkt-show --public <<<'{"type":"note","text":"kept"}'
	same "$output" '{"type":"note","text":"kept"}'
	run -0 bash -c 'tkt-list | tkt-show -o id'
	same "$output" SUP-1
	run -0 bash -c 'tkt-show 1 | tkt-show | jq -r .type'
	same "$output" $'ticket\nmessage\nmessage\nmessage\nquestion'
	run -65 --separate-stderr tkt-show -o id <<<$'{"type":"ticket","id":"SUP-9"}\n{"type":"ticket","id":"SUP-1"}\n{'
	same "$output" SUP-1
	same "${stderr_lines[0]}" "tkt-show: stdin:1: there is no ticket 'SUP-9'"
	[[ ${stderr_lines[1]} = 'tkt-show: stdin:3: '* ]]
	run -65 --separate-stderr tkt-show -o id <<<$'{"type":"ticket","id":1}\n{"ticket":1}\n{"type":"ticket","id":"SUP-1"}'
	same "$output" SUP-1
	same "$stderr" $'tkt-show: stdin:1: \'id\' must be a text\ntkt-show: stdin:2: \'ticket\' must be a text'
	run -1 --separate-stderr tkt-show -o id 9 x-1 1
	same "$output" SUP-1
	same "$stderr" $'tkt-show: there is no ticket \'9\'\ntkt-show: there is no ticket \'x-1\''
}

@test "--raw gives a letter as it came, --mbox one that mail readers open" {
	mail 'Bob <bob@example.com>' Login $'From the start.\r\n>From' >letter.eml
	printf 'From bob@example.com Mon Mar  2 09:00:00 2026\n' | cat - letter.eml | tkt-mailin
	tkt-show --raw 2 >raw
	tail -n +2 raw >received
	cmp received letter.eml
	run -0 tkt-show --mbox 2
	same "$output" "From bob@example.com Mon Mar  2 09:00:00 2026
$(tr -d '\r' <letter.eml | sed 's/^>*From /&/; s/^>*From the/>&/')"
}

@test "on a terminal --raw and --mbox show controls, and do not send them" {
	printf 'From: bob@example.com\r\nSubject: Login\r\nMessage-ID: <esc@example.com>\r\n\r\n\e]0;title\a\r\n' | tkt-mailin --sender '<>'
	run -0 "$root/tests/terminal" tkt-show --raw 2 </dev/null
	same "$output" $'From: bob@example.com\nSubject: Login\nMessage-ID: <esc@example.com>\n\n^[]0;title^G'
	run -0 "$root/tests/terminal" tkt-show --mbox 2 </dev/null
	same "${output#*$'\n'}" $'From: bob@example.com\nSubject: Login\nMessage-ID: <esc@example.com>\n\n^[]0;title^G'
	same "$(tkt-show --raw 2 | tail -n 1)" $'\e]0;title\a\r'
}

@test "an answer is composed as it is sent; calls and notes are no mails" {
	run -0 tkt-show --mbox 1
	same "$(grep -v '^X-Tkt-Desk: \|^Message-ID: ' <<<"$output")" "From support@example.org Mon Mar  2 09:00:00 2026
Date: Mon, 02 Mar 2026 09:00:00 +0000
From: Support <support@example.org>
To: =?UTF-8?b?0JDQvdC90LA=?= <anna@example.com>
Subject: Re: [SUP-1] =?UTF-8?B?0J/QldCn0JDQotCsICBbMzFt0L3QtQ==?=
 =?UTF-8?B?INGA0LDQsdC+0YLQsNC10YI=?=
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 7bit

Try again.
 From here on
> From there"
	run -0 bash -c 'tkt-show --raw 1 | tkt-mime | jq -r "[.subject, .body] | @json"'
	same "$output" '["Re: [SUP-1] ПЕЧАТЬ  [31mне работает","Try again.\nFrom here on\n> From there"]'
}

# attached: SUP-2 with an attachment
attached() {
	printf 'one\n' >a.txt
	tkt-new --quiet --attach a.txt --subject Files --requester bob@example.com <<<'See below.'
}

@test "attachments: one as it is, all into a folder, nothing overwritten" {
	attached
	run -0 tkt-show --attachment 1 2
	same "$output" one
	run -1 tkt-show --attachment 2 2
	same "$output" "tkt-show: ticket 'SUP-2' has no attachment 2"
	mkdir out && ln -s "$PWD/victim" out/a-2.txt && echo mine >out/a.txt
	run -0 tkt-show --save out 2
	same "$output" out/a-3.txt
	same "$(cat out/a.txt out/a-3.txt)" $'mine\none'
	[ ! -e victim ]
	run -0 tkt-show --save new/ 2
	same "$output" new/a.txt
	run -64 tkt-show --save '' 2
	run -66 tkt-show --save no/such/folder 2
	same "$output" "tkt-show: cannot make 'no/such/folder': No such file or directory"
}

@test "a name is never a path" {
	attached
	# The contents of a.txt are there; a message that comes from elsewhere may call them anything.
	sha256=$(sha256sum <a.txt | cut -d ' ' -f 1)
	jq -nc '{type: "change", ticket: "SUP-1", message: {kind: "internal", body: "x",
		attachments: ["../../etc/x", ".bashrc", "-rf", "a\u001b\u202eb.txt", "", ("д" * 300 + ".tar.gz")
		| {name: ., content_type: "text/plain", size: 4, sha256: $sha}]}}' --arg sha "$sha256" | tkt-apply --quiet
	run -0 tkt-show --save out 1
	same "$output" "out/_.._etc_x
out/bashrc
out/rf
out/a__b.txt
out/attachment-5
out/$(printf 'д%.0s' {1..98}).gz"
	same "$(cat out/* | sort -u)" one
}

@test "one thing at a time" {
	run -64 tkt-show --raw --mbox 1
	same "$output" "tkt-show: give only one of --attachment, --blame, --mbox, --messages (or --output), --raw, --save"
	run -64 tkt-show --attachment 0 1
	same "$output" "tkt-show: '--attachment' needs a number of 1 or more"
	run -64 tkt-show --attachment 1 1 2
	same "$output" "tkt-show: '--attachment' is about one ticket"
}

@test "--blame: of each field the event that set it, whose, by which rule" {
	tkt-apply --quiet <<-'END'
		{"type":"change","ticket":"SUP-1","set":{"queue":"oncall","group":"l1"},"add":{"tags":["outage"]},"why":"route critical; team l1","rule":"desk.conf:41, desk.conf:50","rules":{"queue":"desk.conf:41","tags":"desk.conf:41","group":"desk.conf:50"},"actor":"tool:tkt-route"}
	END
	tkt-set --quiet --as ivanova --why 'a whole floor' SUP-1 tags+=vip fields.domain= fields.os=bsd group=l2
	run -0 --separate-stderr tkt-show --blame 1
	valid blame <<<"$output"
	same "$(jq -c '[.field, .value, .seq, .actor, .tool, .rule, .why]' <<<"$output")" '["subject","ПЕЧАТЬ \u001b[31mне работает",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["status","open",3,"agent:'"$(id -un)"'","tkt-apply",null,null]
["queue","oncall",4,"tool:tkt-route","tkt-apply","desk.conf:41","route critical; team l1"]
["priority","high",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["channel","phone",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["lang","en",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["identity","none",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["policy","+'"$(sha256sum <"$TKT_DESK/desk.conf" | cut -c1-12)"'",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["requester.email","anna@example.com",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["requester.name","Анна",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["group","l2",5,"agent:ivanova","tkt-set",null,"a whole floor"]
["tags","outage",4,"tool:tkt-route","tkt-apply","desk.conf:41","route critical; team l1"]
["tags","vip",5,"agent:ivanova","tkt-set",null,"a whole floor"]
["fields.domain",null,5,"agent:ivanova","tkt-set",null,"a whole floor"]
["fields.os","bsd",5,"agent:ivanova","tkt-set",null,"a whole floor"]
["received_at","2026-03-02T09:00:00Z",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["created_at","2026-03-02T09:00:00Z",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["last_in_at","2026-03-02T09:00:00Z",1,"agent:'"$(id -un)"'","tkt-apply",null,null]
["last_out_at","2026-03-02T09:00:00Z",3,"agent:'"$(id -un)"'","tkt-apply",null,null]'
	same "$stderr" ''
	run -0 tkt-show --blame SUP-1 --format table
	same "${lines[0]}" 'Field             Value                 At                Actor                 Rule            Reason'
	same "${lines[3]}" 'queue             oncall                2026-03-02 12:00  tool:tkt-route        desk.conf:41    route critical; team l1'
	run -0 tkt-show --blame SUP-1 -o field,value
	same "${lines[1]}" $'status\topen'
	run -1 --separate-stderr tkt-show --blame SUP-9
	same "$stderr" "tkt-show: there is no ticket 'SUP-9'"
	run -64 --separate-stderr tkt-show --blame --mbox 1
	same "$stderr" 'tkt-show: give only one of --attachment, --blame, --mbox, --messages (or --output), --raw, --save'
}
