#!/usr/bin/env bats
# The log written into an empty desk gives the same tickets, byte for byte.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<-'END'
		ticket_prefix = "SUP"
		languages = {"en", "ru"}
	END
}

at() {
	export TKT_NOW=2026-03-02T$1:00Z
}

# busy_day: letters, follow-ups, answers, sets, proposals, files, a key, an import.
busy_day() {
	at 09:00
	mail 'Anna <anna@example.com>' 'Printer' 'It is silent.' 'Message-ID: <one@example.com>' | tkt-mailin
	mail bob@example.com 'Не могу войти' 'Пароль не подходит.' 'Cc: dan@example.com' | tkt-mailin
	at 09:30
	tkt-set 1 assignee=petrov tags=hp,floor2 fields.room=201 fields.b=x -w taken
	tkt-set 2 status=pending pending_reason=customer wake_at=2026-03-05T09:00:00Z
	at 10:00
	mail 'Anna <anna@example.com>' 'Re: Printer' 'Still.' 'In-Reply-To: <one@example.com>' | tkt-mailin
	tkt-apply <<<'{"type":"change","ticket":"SUP-2","message":{"kind":"public","direction":"out","body":"Which one?\n"},"questions":[{"key":"browser","text":"Which one?"}],"why":"asked"}'
	at 10:30
	mail bob@example.com 'Re: [SUP-2] Не могу войти' 'Firefox' | tkt-mailin
	head -c 300000 /dev/urandom >big.bin
	tkt-new -s 'Files' -a big.bin -r eve@example.com <<<'See there.'
	for text in 91% 94%; do tkt-new -s 'web1: disk' -k web1/disk -c monitoring <<<"$text"; done
	printf '{"subject":"line %d","priority":"low","tags":["import"]}\n' {1..1200} | tkt-new
	at 11:00
	tkt-list 'tags=import' --limit 700 | tkt-set priority=high tags-=import
	tkt-list 'tags=import' | tkt-set -w 'not ours' status=closed resolution=out_of_scope
	tkt-set 1 fields.b= requester.name= status=resolved resolution=fixed
	tkt-set 4 status=closed
	tkt-new -s 'web1: disk' -k web1/disk -c monitoring <<<'95%'
	tkt-set 4 status=open
	tkt-set 2 cc= subject=$'tab\tquote"back\\slash «ё»'
} >/dev/null

# replica NAME: an empty desk of the same policy.
replica() {
	tkt-init --quiet "$1"
	cp "$TKT_DESK/desk.conf" "$1"
}

@test "tkt-log | tkt-apply --replay gives the same list and the same log" {
	busy_day
	replica copy
	at 23:00
	tkt-log >log
	tkt-list --all >tickets
	same "$(wc -l <tickets)" 1205
	run -0 --separate-stderr tkt-apply --replay --quiet -D copy <log
	same "$output$stderr" ""
	tkt-list --all -D copy >copied
	cmp copied tickets
	tkt-log -D copy >relog
	cmp relog log
	cmp <(tkt-list --all -D copy 'tags=floor2 or fields.room=201 or priority=high' --sort -updated_at,id) <(tkt-list --all 'tags=floor2 or fields.room=201 or priority=high' --sort -updated_at,id)
	same "$(tkt-list --all --count -D copy questions)" "$(tkt-list --all --count questions)"
}

@test "a replay of the replay is the same, in one pipe" {
	busy_day
	replica one
	replica two
	tkt-log | tkt-apply --replay --quiet -D one
	tkt-log -D one | tkt-apply --replay --quiet -D two
	cmp <(tkt-list --all -D two) <(tkt-list --all)
}

@test "nothing is sent, and no number is given out again" {
	busy_day
	replica copy
	tkt-log | tkt-apply --replay --quiet -D copy
	same "$(sqlite3 copy/tkt.db 'SELECT count(*) FROM outgoing')" 0
	same "$(tkt-new -D copy -s x -o id </dev/null)" "$(tkt-new -s x -o id </dev/null)"
	for name in ticket event message outgoing; do
		same "$(sqlite3 copy/tkt.db "SELECT value FROM counter WHERE name = '$name'")" \
			"$(sqlite3 "$TKT_DESK/tkt.db" "SELECT value FROM counter WHERE name = '$name'")"
	done
}

@test "an old log, in which a mail had all its recipients, raises the number too" {
	tkt-new --quiet -s Printer -r anna@example.com </dev/null
	tkt-reply --quiet 1 <<<'Yes.'
	tkt-reply --quiet 1 <<<'No.'
	replica copy
	tkt-log | jq -c 'if .outgoing then .outgoing = .outgoing[0] else . end' | tee old | tkt-apply --replay --quiet -D copy
	same "$(sqlite3 copy/tkt.db "SELECT value FROM counter WHERE name = 'outgoing'")" 2
	valid event old
	cmp <(tkt-log -D copy) old
}

@test "what --replay prints: each ticket as each event leaves it" {
	tkt-new --quiet -s Printer </dev/null
	tkt-set --quiet 1 queue=x
	replica copy
	run -0 --separate-stderr tkt-apply --replay -D copy -o id,rev,queue < <(tkt-log)
	same "$output" $'SUP-1\t1\tsupport\nSUP-1\t2\tx'
	same "$stderr" ""
}

@test "a desk with tickets is refused" {
	tkt-new --quiet -s Printer </dev/null
	tkt-log >log
	run -65 --separate-stderr tkt-apply --replay <log
	same "$output" ""
	same "$stderr" "tkt-apply: the desk has tickets or a log already: --replay needs an empty one, from tkt-init"
}

@test "a log with a bad line is refused whole, each bad line named" {
	tkt-new --quiet -s Printer </dev/null
	tkt-set --quiet 1 queue=x
	replica copy
	{
		tkt-log
		echo broken
		echo '{"type":"event","seq":2,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{"queue":"again"}}'
		echo '{"type":"event","seq":3,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{"id":"SUP-7"}}'
		echo '{"type":"event","seq":"4","ticket":"SUP-1","set":{}}'
		echo '{"type":"event","seq":5,"at":"today","ticket":"SUP-1","set":{"queue":"y"}}'
		echo '{"type":"event","seq":6,"at":"2026-03-02T09:00:00Z","set":{"queue":"y"}}'
		echo '{"type":"event","seq":7,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{"status":"urgent"}}'
		echo '{"type":"event","seq":8,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{},"message":{"id":"x","ticket":"SUP-1"}}'
		echo '{"type":"event","seq":9,"at":"2026-03-02T09:00:00Z","ticket":"SUP-2","set":{"subject":"no status"}}'
		echo '{"type":"event","seq":10,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{"rev":2},"message":{"type":"message","id":"1","ticket":"SUP-2"}}'
		echo '{"type":"event","seq":11,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":[]}'
		echo '{"type":"event","seq":12,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{},"questions":1}'
		echo '{"type":"event","seq":13,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{},"questions":[1]}'
		echo '{"type":"event","seq":-14,"at":"2026-03-02T09:00:00Z","ticket":"SUP-1","set":{"queue":"y"}}'
		echo '{"type":"note"}'
	} >log
	run -65 --separate-stderr tkt-apply --replay -D copy <log
	same "$output" ""
	same "$stderr" "tkt-apply: stdin:3: not a JSON object: '[' or '{' expected near 'broken'
tkt-apply: stdin:4: event 2 stands behind event 2: a log is read in its order
tkt-apply: stdin:5: an event cannot give ticket 'SUP-1' another id
tkt-apply: stdin:6: this is no event: it needs 'type' and 'seq'
tkt-apply: stdin:7: 'today' is not a time like 2026-03-02T09:00:00Z
tkt-apply: stdin:8: an event needs a 'ticket'
tkt-apply: stdin:9: 'status' cannot be 'urgent': new, open, pending, resolved or closed
tkt-apply: stdin:10: the 'message' of an event must be of its ticket
tkt-apply: stdin:11: ticket 'SUP-2' has no status: the event that opened it is missing
tkt-apply: stdin:12: the 'message' of an event must be of its ticket
tkt-apply: stdin:13: 'set' must be an object
tkt-apply: stdin:14: 'questions' must be a list
tkt-apply: stdin:15: the 'questions' of an event must be of its ticket
tkt-apply: stdin:16: this is no event: it needs 'type' and 'seq'"
	same "$(tkt-log -D copy)" ""
	same "$(tkt-list --all -D copy)" ""
}
