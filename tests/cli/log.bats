#!/usr/bin/env bats
# tkt-log: the events, the ledger of letters, following both.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	conf <<-'END'
		ticket_prefix = "SUP"
		address = "support@example.org"
		timezone = "Europe/Moscow"
		acknowledge = false
	END
	tkt-apply --as ivanova --quiet <<-'END'
		{"type":"change","set":{"subject":"ПЕЧАТЬ\u001b[31m","requester.email":"anna@example.com"},"message":{"kind":"public","direction":"in","channel":"phone","author":{"email":"anna@example.com"},"body":"Принтер молчит.\n"},"questions":[{"key":"browser","text":"Which?"}]}
		{"type":"change","ticket":"SUP-1","set":{"status":"open","assignee":"ivanova","fields.domain":"example.org"},"add":{"tags":["a","b"]},"why":"phone rota"}
		{"type":"change","ticket":"SUP-1","set":{"assignee":null}}
		{"type":"change","ticket":"SUP-1","message":{"kind":"internal","body":"cable"}}
	END
}

@test "events are objects, in order" {
	run -0 --separate-stderr tkt-log
	valid event <<<"$output"
	same "$stderr" ''
	same "$(jq -c 'del(.policy, .set.policy, .uid, .message)' <<<"$output")" '{"type":"event","seq":1,"at":"2026-03-02T09:00:00Z","actor":"agent:ivanova","tool":"tkt-apply","ticket":"SUP-1","rev":1,"now":true,"set":{"id":"SUP-1","rev":1,"subject":"ПЕЧАТЬ\u001b[31m","status":"new","queue":"support","priority":"normal","channel":"phone","lang":"en","identity":"none","requester.email":"anna@example.com","received_at":"2026-03-02T09:00:00Z","created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","last_in_at":"2026-03-02T09:00:00Z"},"questions":[{"key":"browser","text":"Which?","type":"question","ticket":"SUP-1","asked_at":"2026-03-02T09:00:00Z"}]}
{"type":"event","seq":2,"at":"2026-03-02T09:00:00Z","actor":"agent:ivanova","tool":"tkt-apply","ticket":"SUP-1","rev":2,"now":true,"was":{"rev":1,"status":"new","assignee":null,"tags":null,"fields.domain":null},"set":{"rev":2,"status":"open","assignee":"ivanova","tags":["a","b"],"fields.domain":"example.org"},"why":"phone rota"}
{"type":"event","seq":3,"at":"2026-03-02T09:00:00Z","actor":"agent:ivanova","tool":"tkt-apply","ticket":"SUP-1","rev":3,"now":true,"was":{"rev":2,"assignee":"ivanova"},"set":{"rev":3,"assignee":null}}
{"type":"event","seq":4,"at":"2026-03-02T09:00:00Z","actor":"agent:ivanova","tool":"tkt-apply","ticket":"SUP-1","rev":4,"now":true,"was":{"rev":3},"set":{"rev":4}}'
}

@test "a table says in words what changed" {
	run -0 tkt-log --format table
	same "$output" "At                Ticket      Actor                 Tool          Change
2026-03-02 12:00  SUP-1       agent:ivanova         tkt-apply     opened 'ПЕЧАТЬ^[[31m'; letter from anna@example.com (phone); asked 'browser'
2026-03-02 12:00  SUP-1       agent:ivanova         tkt-apply     status: new → open; assignee: ivanova; tags: a,b; fields.domain: example.org; phone rota
2026-03-02 12:00  SUP-1       agent:ivanova         tkt-apply     assignee: ivanova → empty
2026-03-02 12:00  SUP-1       agent:ivanova         tkt-apply     internal note"
	COLUMNS=80 run -0 tkt-log --format table --after 3
	same "$output" "At                Ticket      Actor                 Change
2026-03-02 12:00  SUP-1       agent:ivanova         internal note"
}

@test "--after, --limit, expressions and columns" {
	run -0 tkt-log --after 2 -o seq
	same "$output" $'3\n4'
	run -0 tkt-log --limit 2 -o seq
	same "$output" $'1\n2'
	run -0 tkt-log --after 1 'ticket=SUP-1' 'why ~ rota' -o seq,set.status
	same "$output" $'2\topen'
	run -0 tkt-log 'rev > 2' -o seq --limit 1
	same "$output" 3
	run -0 tkt-log --after 99
	same "$output" ''
	run -64 tkt-log --limit 0
	same "$output" "tkt-log: '--limit' needs a number of 1 or more"
	run -64 tkt-log --after=-1
	same "$output" "tkt-log: '--after' needs a number of 0 or more"
	run -64 tkt-log tickt=SUP-1
	same "$output" "tkt-log: expression 'tickt=SUP-1': there is no field 'tickt'; did you mean 'ticket'?"
}

@test "--mail is the ledger of letters" {
	mail 'Bob <bob@example.com>' Login 'Refused.' >letter.eml
	tkt-mailin --sender bob@example.com --recipient support@example.org <letter.eml
	tkt-mailin --sender bob@example.com --recipient support@example.org <letter.eml
	echo 'no header at all' | tkt-mailin
	run -0 tkt-log --mail
	valid letter <<<"$output"
	run -0 tkt-log --mail -o number,fate,sender,recipient,ticket
	same "$output" $'1\topened\tbob@example.com\tsupport@example.org\tSUP-2\n2\tduplicate\tbob@example.com\tsupport@example.org\tSUP-2\n3\trefused\t\t\t'
	run -0 tkt-log --mail --after 1 fate=refused -o number
	same "$output" 3
	run -0 tkt-log --mail --limit 1 -o number
	same "$output" 1
}

@test "--follow goes on with what comes, and holds nothing while it waits" {
	tkt-log --follow --after 4 --limit 2 -o seq,set.priority >followed 2>errors &
	tkt-set --quiet SUP-1 priority=high
	sqlite3 "$TKT_DESK/tkt.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >checkpoint
	tkt-set --quiet SUP-1 priority=low
	wait $!
	same "$(cat checkpoint)" '0|0|0'
	same "$(cat followed errors)" $'5\thigh\n6\tlow'
}

@test "--follow ends quietly with its reader, and when it is interrupted" {
	status=0
	timeout 20 bash -c 'tkt-log --follow 2>errors | head -n 1 >first; exit "${PIPESTATUS[0]}"' || status=$?
	same "$status$(cat errors)" 141
	same "$(jq .seq first)" 1
	status=0
	timeout --signal=INT 0.5 tkt-log --follow >followed 2>errors || status=$?
	same "$status$(cat errors)" 124
	same "$(wc -l <followed)" 4
}

@test "--last begins with the last so many, of the log and of the ledger; 0 follows what comes" {
	run -0 --separate-stderr tkt-log --last 2 -o seq
	same "$output" $'3\n4'
	run -0 --separate-stderr tkt-log --last 2 why -o seq
	same "$output" ''
	run -0 --separate-stderr tkt-log --last 3 why -o seq
	same "$output" 2
	run -0 --separate-stderr tkt-log --last 99 -o seq
	same "$output" $'1\n2\n3\n4'
	run -0 --separate-stderr tkt-log --last 0 -o seq
	same "$output" ''
	mail bob@example.com One x | tkt-mailin
	mail bob@example.com Two x | tkt-mailin
	run -0 --separate-stderr tkt-log --mail --last 1 -o number
	same "$output" 2
	run -64 --separate-stderr tkt-log --last -1
	same "$stderr" "tkt-log: '--last' needs a number of 0 or more"
	run -64 --separate-stderr tkt-log --last 1 --after 1
	same "$stderr" 'tkt-log: give either --after or --last'
	desk "$BATS_TEST_TMPDIR/empty"
	run -0 --separate-stderr tkt-log --last 3
	same "$output" ''
}
