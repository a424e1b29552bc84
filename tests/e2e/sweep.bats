#!/usr/bin/env bats
# tkt-sla --sweep over virtual time: what is due happens once, staff gets one mail, nothing else does.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	rules ''
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: Are you there?\n\nWe wait for you, {{id}} is {{status}}.\n' >"$TKT_DESK/templates/reminder.en"
}

# rules OPTIONS: desk.conf with these options of the desk.
rules() {
	conf <<-END
		address = "support@example.org"
		ticket_prefix = "SUP"
		languages = {"en", "ru"}
		staff_domain = "staff.example.org"
		transport "maildir" { path = "outbox" }
		$1
		calendar "office" { week = {"mon-fri 09:00-18:00"} }
		sla "basic" {
			match = {"tier=basic"}   calendar = "office"   first_response = "4wh"
			escalate "50%" { notify = {"assignee"} }
			escalate "75%" { notify = {"group:leads", "assignee", "requester"} set = {"priority=high"} add = {"tags=late"} }
			escalate "100%" { notify = {"group:leads"} set = {"priority=critical"} }
		}
		timer "silent" {
			match = {"status=pending"}   since = received   calendar = "office"
			step "5wd"  { reply = "reminder" }
			step "10wd" { set = {"status=closed", "resolution=no_information"} }
		}
	END
}

# new [FIELD=VALUE...]: a ticket by hand, quietly.
new() {
	tkt-new --quiet -r anna@example.com -s 'Printer' "$@" </dev/null
}

# sweep DAYTIME [OPTION...]: in March 2026; the changes without their mails.
sweep() {
	tkt-sla --sweep --now "2026-03-${1}Z" "${@:2}" >changes || return
	[ ! -s changes ] || valid change changes >&2 || return
	jq -c 'del(.message.body)' changes
}

# fired: the log of steps, a line each: ticket, clock or timer, cycle, step, those skipped.
fired() {
	tkt-log | jq -r 'select(.step) | [.ticket, (.step | .clock // .timer, .cycle, .step, .skipped // [])] | flatten | join(" ")'
}

# mails: what waits in the outbox: the recipients and the subject.
mails() {
	tkt-mailout --list -o recipients,subject
}

# stamp: the time of the last sweep.
stamp() {
	date -u -d "@$(stat -c %Y "$TKT_DESK/sweep")" +%FT%TZ
}

@test "escalations fire at their second, once, with what they set and whom they tell" {
	new tier=basic assignee=ivanova
	same "$(sweep 02T10:59:59)" ''
	same "$(stamp)" 2026-03-02T10:59:59Z
	same "$(sweep 02T11:00:00)" '{"type":"change","ticket":"SUP-1","step":{"clock":"first_response","cycle":1,"step":"50%"},"notify":["assignee"],"why":"escalation: first_response 50%","rule":"desk.conf:10"}'
	same "$(sweep 02T11:00:00)" ''
	same "$(sweep 02T12:00:00)" '{"type":"change","ticket":"SUP-1","was":{"priority":"normal"},"set":{"priority":"high"},"add":{"tags":["late"]},"message":{"kind":"public","direction":"out","channel":"mail","auto":true,"subject":"[SUP-1] Your request has been passed on","to":[{"email":"anna@example.com"}]},"step":{"clock":"first_response","cycle":1,"step":"75%"},"notify":["group:leads","assignee","requester"],"why":"escalation: first_response 75%","rule":"desk.conf:11"}'
	same "$(tkt-list -o id,priority,tags,updated_at)" $'SUP-1\thigh\tlate\t2026-03-02T12:00:00Z'
	same "$(mails)" $'ivanova@staff.example.org\tSupport: tickets that need you: 1
anna@example.com\t[SUP-1] Your request has been passed on
ivanova@staff.example.org\tSupport: tickets that need you: 1
leads@staff.example.org\tSupport: tickets that need you: 1'
	same "$(fired)" 'SUP-1 first_response 1 50%
SUP-1 first_response 1 75%'
}

@test "a breach is recorded the second after, and leaves updated_at as it was" {
	rules 'sla "plain" { match = {"tier=plain"} first_response = "1h" }'
	new tier=plain
	same "$(sweep 02T10:00:00)" ''
	same "$(sweep 02T10:00:01)" '{"type":"change","ticket":"SUP-1","why":"first_response breached"}'
	same "$(tkt-show 1 | jq -r 'select(.type == "ticket") | .updated_at, .clocks[].breached_at, .next_at')" '2026-03-02T09:00:00Z
2026-03-02T10:00:00Z
null'
	same "$(sweep 03T10:00:01)" ''
}

@test "a timer reminds, then closes; a letter in between starts it anew" {
	new status=pending
	same "$(sweep 09T08:59:59)" ''
	same "$(sweep 09T09:00:00)" '{"type":"change","ticket":"SUP-1","message":{"kind":"public","direction":"out","channel":"mail","auto":true,"subject":"Are you there?"},"step":{"timer":"silent","cycle":"2026-03-02T09:00:00Z","step":"5wd"},"why":"timer '\''silent'\'': 5wd","rule":"desk.conf:16"}'
	same "$(tkt-mailout --show 1 | tail -n 1)" 'We wait for you, SUP-1 is pending.'
	tkt-set --quiet --now 2026-03-10T09:00:00Z 1 status=open
	same "$(sweep 16T09:00:00)" ''
	tkt-set --quiet --now 2026-03-16T10:00:00Z 1 status=pending
	same "$(sweep 16T10:00:00 | jq -c .set)" '{"status":"closed","resolution":"no_information"}'
	same "$(fired)" "SUP-1 silent 2026-03-02T09:00:00Z 5wd
SUP-1 silent 2026-03-02T09:00:00Z 10wd"
	same "$(tkt-list --all -o status,resolution,next_at)" $'closed\tno_information\t'
}

@test "a timer since the last change runs from the first one on, and its own steps begin it anew" {
	rules 'timer "still" { match = {"queue=support"}   since = updated   step "1h" { add = {"tags=still"} } }'
	new
	same "$(tkt-list -o next_at)" 2026-03-02T10:00:00Z
	tkt-set --quiet --now 2026-03-02T09:30:00Z 1 assignee=ivanova
	same "$(sweep 02T10:29:59)" ''
	same "$(sweep 02T10:30:00 | jq -c .step)" '{"timer":"still","cycle":"2026-03-02T09:30:00Z","step":"1h"}'
	same "$(sweep 02T11:30:00 | jq -c .step)" '{"timer":"still","cycle":"2026-03-02T10:30:00Z","step":"1h"}'
	tkt-set --quiet --now 2026-03-02T11:40:00Z 1 queue=other
	same "$(tkt-list -o tags,updated_at,next_at)" $'still\t2026-03-02T11:40:00Z\t'
}

@test "who sleeps wakes" {
	new status=pending pending_reason=customer wake_at=2026-03-02T15:00:00Z
	same "$(sweep 02T14:59:59)" ''
	same "$(sweep 02T15:00:00)" '{"type":"change","ticket":"SUP-1","was":{"status":"pending"},"set":{"status":"open"},"why":"woken"}'
	same "$(tkt-list -o id,status,wake_at,pending_reason)" $'SUP-1\topen\t\t'
}

@test "after a stop of a week the highest step fires, the skipped ones are recorded" {
	new tier=basic assignee=ivanova
	new status=pending
	sweep 17T09:00:00 >/dev/null
	same "$(fired)" 'SUP-1 first_response 1 100% 50% 75%
SUP-2 silent 2026-03-02T09:00:00Z 10wd 5wd'
	same "$(mails)" $'leads@staff.example.org\tSupport: tickets that need you: 1'
	same "$(sweep 17T09:00:00)" ''
}

@test "a promise that is made again fires no step again" {
	new tier=basic assignee=ivanova
	sweep 02T11:00:00 >/dev/null
	tkt-set --quiet --now 2026-03-02T11:10:00Z 1 tier=
	same "$(tkt-list -o clocks)" ''
	tkt-set --quiet --now 2026-03-02T11:20:00Z 1 tier=basic
	same "$(tkt-list | jq -c '.clocks[0].steps, .next_at')" '["50%"]
"2026-03-02T12:00:00Z"'
	same "$(sweep 02T11:20:00)" ''
	same "$(fired)" 'SUP-1 first_response 1 50%'
	same "$(tkt-sla --verify)" ''
}

@test "one sweep, one mail an address: a line a ticket, in the desk's first language" {
	new tier=basic assignee=ivanova
	new tier=basic assignee=petrov
	tkt-new --quiet -s $'Ünïcode\nand a second line' tier=basic assignee=petrov </dev/null
	sweep 02T12:00:00 >/dev/null
	same "$(mails | grep staff)" $'ivanova@staff.example.org\tSupport: tickets that need you: 1
leads@staff.example.org\tSupport: tickets that need you: 3
petrov@staff.example.org\tSupport: tickets that need you: 2'
	same "$(tkt-mailout --show 4 | grep -v '^Message-ID\|^X-Tkt')" 'Date: Mon, 02 Mar 2026 12:00:00 +0000
From: Support <support@example.org>
To: leads@staff.example.org
Subject: Support: tickets that need you: 3
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: OOF, AutoReply
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

These tickets need you. Of each: its number, its priority, what has come,
when it is due, what it is about.

SUP-1  high  first_response 75%  2026-03-02 13:00  Printer
SUP-2  high  first_response 75%  2026-03-02 13:00  Printer
SUP-3  high  first_response 75%  2026-03-02 13:00  =C3=9Cn=C3=AFcode and a =
second line

This is an automatic message.

--=20
Support
support@example.org'
	tkt-mailout --list | valid outgoing
	same "$(tkt-mailout --list | jq -c 'select(.recipients == ["leads@staff.example.org"]) | [.ticket, .message, .sender, .state]')" '[null,null,"support@example.org","queued"]'
	tkt-log | valid event
	same "$(tkt-log | jq -c 'select(.ticket == null) | [.actor, .why, .outgoing[0].recipients, .outgoing[0].body]' | tail -n 1)" '["tool:tkt-sla","notice",["petrov@staff.example.org"],null]'
}

@test "the line of a notice says when that is due which it is about" {
	rules 'sla "two" {
		match = {"tier=two"}   first_response = "1h"   resolution = "6h"
		escalate "resolution 50%" { notify = {"group:leads"} }
		escalate "first_response 100%" { notify = {"group:boss"} }
	}'
	new tier=two
	sweep 02T12:00:00 >/dev/null
	same "$(mails | cut -f 1)" $'boss@staff.example.org\nleads@staff.example.org'
	same "$(tkt-mailout --show 1 | grep ^SUP-1)" 'SUP-1  normal  first_response 100%  2026-03-02 10:00  Printer'
	same "$(tkt-mailout --show 2 | grep ^SUP-1)" 'SUP-1  normal  resolution 50%  2026-03-02 15:00  Printer'
}

@test "a notice that waited says what is over by then" {
	rules 'notice_calendar = "office"
	sla "two" {
		match = {"tier=two"}   first_response = "1h"
		escalate "50%" { notify = {"group:leads"} }
	}'
	tkt-new --quiet --now 2026-03-07T10:00:00Z -s One -r a@example.com tier=two </dev/null
	tkt-new --quiet --now 2026-03-07T10:00:00Z -s Two tier=two </dev/null
	tkt-new --quiet --now 2026-03-07T10:00:00Z -s Three tier=two </dev/null
	sweep 07T10:30:00 >/dev/null
	tkt-reply --quiet --now 2026-03-07T10:40:00Z 1 <<<'We are on it.'
	tkt-set --quiet --now 2026-03-07T10:50:00Z 2 status=closed
	sweep 09T09:00:00 >/dev/null
	same "$(tkt-mailout --show 2 | grep ^SUP-)" 'SUP-1  normal  first_response 50%  met  One
SUP-2  normal  first_response 50%  closed  Two
SUP-3  normal  first_response 50%  2026-03-07 11:00  Three'
}

@test "a mail to the staff is sent, cancelled and replayed as any other" {
	new tier=basic assignee=ivanova
	new tier=basic assignee=petrov
	sweep 02T11:00:00 >/dev/null
	run -0 tkt-mailout --cancel 2 -o number,state
	same "$output" $'2\tcancelled'
	same "$(tkt-log | tail -n 1 | jq -c '[.ticket, .why, .outgoing[0].state]')" '[null,"mail 2 was cancelled","cancelled"]'
	run -0 tkt-mailout --now 2026-03-02T11:00:00Z -o number,state
	same "$output" $'1\tsent'
	run -0 grep -h ^To: "$TKT_DESK"/outbox/new/*
	same "$output" 'To: ivanova@staff.example.org'
	tkt-log >log
	tkt-init --quiet copy
	cp "$TKT_DESK/desk.conf" copy
	run -0 --separate-stderr tkt-apply --replay -D copy -o id <log
	same "$output$stderr" $'SUP-1\nSUP-2\nSUP-1\nSUP-2'
	cmp log <(tkt-log -D copy)
	cmp <(tkt-list) <(tkt-list -D copy)
	same "$(sqlite3 copy/tkt.db "SELECT value FROM counter WHERE name = 'outgoing'")" 2
}

@test "notices wait for their calendar, but a critical ticket does not" {
	rules 'notice_calendar = "late"   calendar "late" { week = {"mon-fri 15:00-18:00"} }'
	new tier=basic assignee=ivanova
	new tier=basic assignee=petrov priority=critical
	sweep 02T11:00:00 >/dev/null
	same "$(mails)" $'petrov@staff.example.org\tSupport: tickets that need you: 1'
	same "$(sweep 02T14:59:59 --quiet)" ''
	same "$(mails | grep -c ivanova)" 0
	sweep 02T15:00:00 >/dev/null
	same "$(mails | grep -c ivanova)" 1
	same "$(tkt-mailout --list | jq -r 'select(.recipients == ["ivanova@staff.example.org"]) | .body' | grep ^SUP)" 'SUP-1  critical  first_response 50%  2026-03-02 13:00  Printer'
}

@test "without an assignee his group is told; who has no address is named" {
	new tier=basic group=l1
	new tier=basic
	new tier=basic assignee='Ivan Ivanov'
	new tier=basic assignee=support@example.org # the desk itself
	run -0 --separate-stderr tkt-sla --sweep --quiet --now 2026-03-02T11:00:00Z
	same "$output" ''
	same "$stderr" "tkt-sla: ticket 'SUP-2': 'assignee' has no mail address of its own and is not told
tkt-sla: ticket 'SUP-3': 'assignee' has no mail address of its own and is not told
tkt-sla: ticket 'SUP-4': 'assignee' has no mail address of its own and is not told"
	same "$(mails)" $'l1@staff.example.org\tSupport: tickets that need you: 1'
	same "$(fired | wc -l)" 4
}

@test "a broken template keeps its step back and nobody else; mended, it fires" {
	new status=pending
	new tier=basic assignee=ivanova
	printf 'Subject: x\n\n{{nobody}}\n' >"$TKT_DESK/templates/reminder.en"
	run -78 --separate-stderr tkt-sla --sweep --now 2026-03-09T09:00:00Z
	same "$(jq -r .ticket <<<"$output")" SUP-2
	same "$stderr" "tkt-sla: SUP-1: templates/reminder.en:3: there is no variable 'nobody'"
	same "$(stamp)" 2026-03-09T09:00:00Z
	printf 'Subject: x\n\nx\n' >"$TKT_DESK/templates/reminder.en"
	same "$(sweep 09T09:01:00 | jq -r .why)" "timer 'silent': 5wd"
}

@test "a notice that cannot be rendered is kept for a later sweep" {
	new tier=basic assignee=ivanova
	printf 'Subject: x\n\n{{id}}\n' >"$TKT_DESK/templates/notice.en"
	run -78 --separate-stderr tkt-sla --sweep --quiet --now 2026-03-02T11:00:00Z
	same "$stderr" "tkt-sla: templates/notice.en:3: there is no variable 'id'"
	same "$(mails)" ''
	rm "$TKT_DESK/templates/notice.en"
	sweep 02T11:01:00
	same "$(mails)" $'ivanova@staff.example.org\tSupport: tickets that need you: 1'
}

@test "to nobody no reminder is written, and its step fires all the same" {
	tkt-new --quiet -s 'Printer' status=pending </dev/null
	same "$(sweep 09T09:00:00 | jq -c '[.step.step, .message]')" '["5wd",null]'
	same "$(mails)" ''
}

@test "a dry run prints the same and changes nothing" {
	new tier=basic assignee=ivanova
	new status=pending
	sweep 02T09:00:00 >/dev/null
	tkt-log >log
	cp -p "$TKT_DESK/sweep" before
	run -0 --separate-stderr tkt-sla --sweep -n --now 2026-03-09T10:00:00Z
	dry=$output
	same "$stderr" ''
	cmp log <(tkt-log)
	same "$(mails)" ''
	same "$(stat -c %Y "$TKT_DESK/sweep")" "$(stat -c %Y before)"
	run -0 tkt-sla --sweep --now 2026-03-09T10:00:00Z
	same "$output" "$dry"
}

@test "a sweep that would mail too many customers asks first" {
	rules 'sweep_limit = 2'
	for _ in 1 2 3; do new status=pending; done
	tkt-new --quiet -s 'Printer' status=pending </dev/null # nobody to write to
	run -75 --separate-stderr tkt-sla --sweep --now 2026-03-09T10:00:00Z
	same "$output" ''
	same "$stderr" 'tkt-sla: more than 2 customers would be mailed; see who by --dry-run, then run it with --yes'
	same "$(fired)" ''
	same "$(stat -c %Y "$TKT_DESK/sweep")" 0
	same "$(tkt-sla --sweep -n --now 2026-03-09T10:00:00Z | wc -l)" 4
	tkt-sla --sweep --yes --quiet --now 2026-03-09T10:00:00Z
	same "$(fired | wc -l)" 4
	same "$(mails | wc -l)" 3
}

@test "a wall clock that leaps either way changes nothing unasked" {
	new tier=basic assignee=ivanova
	sweep 02T10:00:00 >/dev/null
	run -75 --separate-stderr tkt-sla --sweep --now 2026-03-02T09:59:59Z
	same "$output$stderr" "tkt-sla: it is 2026-03-02T09:59:59Z, but the last sweep was at 2026-03-02T10:00:00Z; if the clock is right, run it with --yes"
	run -75 --separate-stderr tkt-sla --sweep --now 2026-04-01T10:00:01Z
	same "$output$stderr" "tkt-sla: it is 2026-04-01T10:00:01Z, and the last sweep was at 2026-03-02T10:00:00Z, more than 30 days ago; if the clock is right, run it with --yes"
	same "$(fired)$(stamp)" 2026-03-02T10:00:00Z
	tkt-sla --sweep --quiet --now 2026-04-01T10:00:01Z --yes
	same "$(fired | wc -l)" 1
	same "$(stamp)" 2026-04-01T10:00:01Z
	tkt-sla --sweep --now 2026-03-02T09:59:59Z --yes
	same "$(stamp)" 2026-03-02T09:59:59Z
}

@test "a sweep while another one runs waits for it and then says so, unless there is nothing to do" {
	rules 'busy_timeout = "1s"'
	new tier=basic assignee=ivanova
	sweep 02T10:00:00 >/dev/null
	exec 8<"$TKT_DESK/sweep"
	flock 8
	run -0 --separate-stderr tkt-sla --sweep --now 2026-03-02T10:30:00Z
	same "$output$stderr" ''
	run -75 --separate-stderr tkt-sla --sweep --now 2026-03-02T11:00:00Z
	same "$output$stderr" 'tkt-sla: another sweep of this desk is running'
	same "$(fired)" ''
	{ sleep 0.3 && exec 8<&-; } 3>&- &
	exec 8<&-
	sweep 02T11:00:00 >/dev/null
	same "$(fired)" 'SUP-1 first_response 1 50%'
}

@test "an idle sweep parses nothing, locks nothing, syncs nothing" {
	command -v strace >/dev/null || skip 'no strace'
	export ASAN_OPTIONS=detect_leaks=0 # which cannot look while another one traces
	new tier=basic assignee=ivanova
	sweep 02T10:00:00 >/dev/null
	strace -qf -e trace=openat,fsync,fdatasync,flock -o trace tkt-sla --sweep --now 2026-03-02T10:01:00Z
	same "$(grep -E 'desk.conf|calendars/|fsync|fdatasync|flock|writer.lock' trace)" ''
	same "$(stamp)" 2026-03-02T10:01:00Z
	touch "$TKT_DESK/desk.conf"
	strace -qf -e trace=openat -o trace tkt-sla --sweep --now 2026-03-02T10:02:00Z
	grep -q desk.conf trace
	strace -qf -e trace=openat,fsync,fdatasync -o trace tkt-sla --sweep --now 2026-03-02T10:03:00Z
	same "$(grep -E 'desk.conf|sync' trace)" ''
}

@test "an edited calendar moves what is open, before anything fires by the old one" {
	new tier=basic assignee=ivanova
	sweep 02T10:00:00 >/dev/null
	sed -i 's/mon-fri 09:00/mon-fri 12:00/' "$TKT_DESK/desk.conf"
	run -0 --separate-stderr tkt-sla --sweep -n --now 2026-03-02T11:00:00Z
	same "$stderr" 'tkt-sla: a calendar has changed: a sweep would first reckon open clocks anew'
	same "$(tkt-list -o due)" 2026-03-02T13:00:00Z
	same "$(sweep 02T11:00:00)" ''
	same "$(tkt-list -o due,next_at,updated_at)" $'2026-03-02T16:00:00Z\t2026-03-02T14:00:00Z\t2026-03-02T09:00:00Z'
	same "$(tkt-log | tail -n 1 | jq -r '.actor, .why')" 'tool:tkt-sla
recomputed: calendar edited'
	sed -i 's/mon-fri 12:00-18:00"}/& holidays = {"own"}/' "$TKT_DESK/desk.conf"
	printf '2026-03-03\tholiday\tOurs\n' >"$TKT_DESK/calendars/own.tsv"
	same "$(sweep 02T11:01:00)" ''
	printf '2026-03-02\tholiday\tOurs\n' >"$TKT_DESK/calendars/own.tsv"
	same "$(sweep 02T11:02:00)" ''
	same "$(tkt-list -o due)" 2026-03-03T16:00:00Z
	same "$(fired)" ''
	printf 'garbage\n' >"$TKT_DESK/calendars/own.tsv"
	run -78 --separate-stderr tkt-sla --sweep --now 2026-03-02T11:03:00Z
	same "$stderr" "tkt-sla: ticket 'SUP-1': desk.conf:7: calendar 'office': calendars/own.tsv:1: 'garbage' is no date"
	same "$(tkt-list -o due)" 2026-03-03T16:00:00Z
	printf '2026-03-03\tholiday\tOurs\n' >"$TKT_DESK/calendars/own.tsv"
	same "$(sweep 02T11:04:00)" ''
	same "$(tkt-list -o due)" 2026-03-02T16:00:00Z
}

@test "what does not go with a sweep" {
	run -64 --separate-stderr tkt-sla --sweep 1
	same "$output$stderr" 'tkt-sla: --sweep takes no tickets: it does what is due on all of them'
	rm "$TKT_DESK/sweep"
	sweep 02T10:00:00
	same "$(stat -c %a "$TKT_DESK/sweep")$(stamp)" 6602026-03-02T10:00:00Z
}
