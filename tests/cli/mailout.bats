#!/usr/bin/env bats
# tkt-mailout: what leaves, what waits and for how long, what fails and who is told.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	sent=$BATS_TEST_TMPDIR/sent
	: >"$sent"
}

# transport BODY: a sendmail command that runs BODY; it notes each mail in `sent` by the word 'take'.
transport() {
	cat >"$BATS_TEST_TMPDIR/sendmail" <<-END
		#!/bin/bash
		take() { printf '%s\n' "\$*" >>"$sent"; cat >>"$BATS_TEST_TMPDIR/letters"; }
		$1
	END
	chmod +x "$BATS_TEST_TMPDIR/sendmail"
	conf <<-END
		address = "support@example.org"
		acknowledge = false
		transport "sendmail" {
			command = "$BATS_TEST_TMPDIR/sendmail"
		}
	END
}

# ticket FROM SUBJECT, then an answer to it in the outbox
answered() {
	tkt-new --quiet -r "$1" -s "$2" <<<'Help.'
	tkt-reply --quiet "$(tkt-list -o id "requester.email=$1")" <<<'Try again.'
}

# hide: Message-IDs and the desk's mark, which are random
hide() {
	sed -E 's/\.(r[0-9]+-[a-z2-7]{16}\.)?[a-z2-7]{15}@/.ID@/g; s/^(X-Tkt-Desk: ).*/\1MARK/'
}

@test "what is due leaves by the maildir, is printed once and then no more" {
	conf <<-'END'
		address = "support@example.org"
		name = "Support"
		transport "maildir" { path = "outbox" }
	END
	mail 'Anna <anna@example.com>' 'Printer' 'It is silent.' 'Message-ID: <one@example.com>' | tkt-mailin
	run -0 --separate-stderr bash -c 'tkt-mailout | sed -E "s/r1-[a-z2-7]{16}[.][a-z2-7]{15}@/TOKEN.ID@/"'
	same "$output" '{"type":"outgoing","number":1,"ticket":"TKT-1","message":"2","state":"sent","recipients":["anna@example.com"],"subject":"[TKT-1] We have received your request","message_id":"TKT-1.TOKEN.ID@example.org","attempts":1,"unknowns":0,"created_at":"2026-03-02T09:00:00Z","sent_at":"2026-03-02T09:00:00Z"}'
	same "$stderr" ''
	valid - <<<"$(tkt-mailout --list --all)"
	same "$(hide <"$(ls "$TKT_DESK"/outbox/new/*)")" 'Return-Path: <>
Delivered-To: anna@example.com
Date: Mon, 02 Mar 2026 09:00:00 +0000
From: Support <support@example.org>
To: anna@example.com
Subject: [TKT-1] We have received your request
Message-ID: <TKT-1.ID@example.org>
In-Reply-To: <one@example.com>
References: <one@example.com>
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: OOF, AutoReply
X-Tkt-Desk: MARK
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 7bit

Hello,

your letter has reached Support. Its number is TKT-1.

If you want to add something, answer this letter and leave the number
in the subject. There is no need to write again: a person will answer.

This is an automatic answer.

-- 
Support
support@example.org'
	run -0 --separate-stderr tkt-mailout
	same "$output$stderr" ''
	[ "$(find "$TKT_DESK/outbox/new" -type f | wc -l)" -eq 1 ]
}

@test "a mail that is refused for good fails, its ticket says so until a retry gets through" {
	transport 'echo "550 no such user" >&2; exit 67'
	answered anna@example.com Printer
	answered bob@example.com Login
	run -69 --separate-stderr tkt-mailout -o number,state,due_at,attempts
	same "$output" $'1\tfailed\t\t1\n2\tfailed\t\t1'
	same "$stderr" "tkt-mailout: mail 1 of ticket 'TKT-1' has failed: '$BATS_TEST_TMPDIR/sendmail' ended with status 67: 550 no such user
tkt-mailout: mail 2 of ticket 'TKT-2' has failed: '$BATS_TEST_TMPDIR/sendmail' ended with status 67: 550 no such user"
	run -0 tkt-list -o id,undelivered undelivered
	same "$output" $'TKT-1\t'"anna@example.com: '$BATS_TEST_TMPDIR/sendmail' ended with status 67: 550 no such user
TKT-2	bob@example.com: '$BATS_TEST_TMPDIR/sendmail' ended with status 67: 550 no such user"
	run -0 bash -c "tkt-log ticket=TKT-1 | jq -c 'select(.tool == \"tkt-mailout\") | [.actor, .why, .set.undelivered]'"
	same "$output" "[\"tool:tkt-mailout\",\"a mail could not be delivered\",\"anna@example.com: '$BATS_TEST_TMPDIR/sendmail' ended with status 67: 550 no such user\"]"
	run -0 tkt-mailout # nothing is due
	same "$output" ''

	# another mail of the ticket gets through: the first is still not delivered
	transport 'take "$*"'
	tkt-reply --quiet 1 <<<'And this?'
	tkt-mailout --quiet
	run -0 tkt-list -o id undelivered
	same "$output" $'TKT-1\nTKT-2'

	run -0 tkt-mailout --retry 1 -o number,state,due_at,attempts
	same "$output" $'1\tqueued\t2026-03-02T09:00:00Z\t0'
	run -0 tkt-mailout -o number,state,attempts
	same "$output" $'1\tsent\t1'
	run -0 tkt-list -o id undelivered
	same "$output" TKT-2
	same "$(cat "$sent")" '-i -f support@example.org -- anna@example.com
-i -f support@example.org -- anna@example.com'
}

@test "what is put off waits longer each time, and after five days it has failed" {
	transport 'echo "greylisted" >&2; exit 75'
	answered anna@example.com Printer
	now=2026-03-02T09:00:00Z
	pauses=
	for _ in {1..11}; do
		run -75 --separate-stderr tkt-mailout --now "$now" -o due_at
		same "$stderr" "tkt-mailout: mail 1 of ticket 'TKT-1' is put off until $output: '$BATS_TEST_TMPDIR/sendmail' ended with status 75: greylisted"
		run -0 tkt-mailout --now "$(date -u -d "$output - 1 second" +%FT%TZ)"
		same "$output" ''
		next=$(tkt-mailout --list -o due_at)
		pauses+=" $((($(date -d "$next" +%s) - $(date -d "$now" +%s)) / 60))"
		now=$next
	done
	same "$pauses" ' 1 5 15 30 60 120 240 480 480 480 480'
	run -0 tkt-mailout --list -o state,attempts,unknowns
	same "$output" $'queued\t11\t0'
	run -0 tkt-list undelivered
	same "$output" ''
	run -69 --separate-stderr tkt-mailout --now 2026-03-07T09:00:01Z -o state,attempts
	same "$output" $'failed\t12'
	same "$stderr" "tkt-mailout: mail 1 of ticket 'TKT-1' has failed: '$BATS_TEST_TMPDIR/sendmail' ended with status 75: greylisted"
	run -0 tkt-list -o id undelivered
	same "$output" TKT-1
}

@test "one bad mail blocks no other; put off outranks refused in the status" {
	transport 'case $* in *anna*) exit 67 ;; *bob*) exit 75 ;; *) take "$*" ;; esac'
	answered anna@example.com Printer
	answered bob@example.com Login
	answered carol@example.com Invoice
	run -75 --separate-stderr tkt-mailout -o number,state
	same "$output" $'1\tfailed\n2\tqueued\n3\tsent'
	same "$(cat "$sent")" '-i -f support@example.org -- carol@example.com'
}

@test "a recipient who is refused keeps the mail from nobody else, and the ticket names him" {
	transport 'case $* in *bob*) echo "550 no such user" >&2; exit 67 ;; *carol*) exit 75 ;; *) take "$*" ;; esac'
	mail 'Anna <anna@example.com>' Printer 'It is silent.' 'Cc: bob@example.com, carol@example.com' | tkt-mailin
	tkt-reply --quiet 1 <<<'Try again.'
	run -0 tkt-mailout --list -o number,message,recipients,state
	same "$output" $'1\t2\tanna@example.com\tqueued\n2\t2\tbob@example.com\tqueued\n3\t2\tcarol@example.com\tqueued'
	same "$(tkt-mailout --list -o message_id | uniq | wc -l)" 1
	same "$(tkt-mailout --show 3)" "$(tkt-mailout --show 1)"
	same "$(tkt-mailout --show 3 | sed -n '/^To:/p; /^Cc:/p')" 'To: Anna <anna@example.com>
Cc: bob@example.com, carol@example.com'
	run -75 --separate-stderr tkt-mailout -o number,state,attempts,due_at
	same "$output" $'1\tsent\t1\t\n2\tfailed\t1\t\n3\tqueued\t1\t2026-03-02T09:01:00Z'
	same "$(cat "$sent")" '-i -f support@example.org -- anna@example.com'
	same "$(tkt-list -o undelivered)" "bob@example.com: '$BATS_TEST_TMPDIR/sendmail' ended with status 67: 550 no such user"
	transport 'take "$*"'
	tkt-mailout --quiet --retry 2
	run -0 tkt-mailout --now 2026-03-02T09:01:00Z -o number,state
	same "$output" $'2\tsent\n3\tsent'
	same "$(cat "$sent")" '-i -f support@example.org -- anna@example.com
-i -f support@example.org -- bob@example.com
-i -f support@example.org -- carol@example.com'
	same "$(tkt-list -o undelivered)" ''
}

@test "what each recipient of a ticket got, with which result" {
	transport 'case $* in *bob*) echo "550 no such user" >&2; exit 67 ;; *) take "$*" ;; esac'
	mail 'Anna <anna@example.com>' Printer 'It is silent.' 'Cc: bob@example.com' | tkt-mailin
	answered carol@example.com Login
	tkt-mailout --quiet
	tkt-reply --quiet 1 2 <<<'Try again.'
	run -69 tkt-mailout --quiet
	tkt-reply --quiet 1 <<<'And now?'
	tkt-mailout --quiet --cancel 6
	run -0 tkt-mailout --list --all --ticket 1 -o number,recipients,state,error
	same "$output" $'2\tanna@example.com\tsent\t\n3\tbob@example.com\tfailed\t'"'$BATS_TEST_TMPDIR/sendmail' ended with status 67: 550 no such user"$'\n5\tanna@example.com\tqueued\t\n6\tbob@example.com\tcancelled\t'
	same "$(tkt-mailout --list --ticket 1 -o number)" $'3\n5'
	same "$(tkt-mailout --list --all --ticket 2 -o number,state)" $'1\tsent\n4\tsent'
	same "$(tkt-mailout --list --all --to Bob@example.com -o number,state)" $'3\tfailed\n6\tcancelled'
	same "$(tkt-mailout --list --to bob@example.com -o number)" 3
	same "$(tkt-mailout --list --all --ticket 2 --to bob@example.com; tkt-mailout --list --all --to ob@example.com)" ''
}

@test "answers and bounces are asked for at signed addresses; none to an automatic answer" {
	conf <<-'END'
		address = "support@example.org"
		name = "Support"
		recipient_delimiter = "+"
		transport "maildir" { path = "outbox" }
	END
	mail anna@example.com Printer 'It is silent.' | tkt-mailin
	tkt-reply --quiet 1 <<<'Try again.'
	tkt-reply --quiet 1 <<<'Or not.'
	run -0 tkt-mailout --list -o number,sender
	same "$(sed -E 's/-[a-z2-7]{16}@/-MAC@/' <<<"$output")" $'1\t\n2\tsupport+b2-MAC@example.org\n3\tsupport+b3-MAC@example.org'
	same "$(tkt-mailout --show 1 2 3 | sed -nE 's/-[a-z2-7]{16}@/-MAC@/; s/[a-z2-7]{15}@/ID@/; /^(Reply-To|Auto-Submitted|X-Auto.*|Message-ID):/p')" 'Reply-To: Support <support+r1-MAC@example.org>
Message-ID: <TKT-1.ID@example.org>
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: OOF, AutoReply
Reply-To: Support <support+r1-MAC@example.org>
Message-ID: <TKT-1.ID@example.org>
Reply-To: Support <support+r1-MAC@example.org>
Message-ID: <TKT-1.ID@example.org>'
	same "$(tkt-mailout --show 2)" "$(tkt-mailout --show 2)"
	same "$(tkt-mailout --show 2 | sed -n 's/^Reply-To/&/p')" "$(tkt-mailout --show 3 | sed -n 's/^Reply-To/&/p')"
	cp -r "$TKT_DESK" copy # its key is another one, and so are its addresses
	rm copy/keys/token
	[ "$(tkt-mailout --desk copy --show 2)" != "$(tkt-mailout --show 2)" ]
	tkt-mailout --quiet
	same "$(sed -n '/^Return-Path/p' "$TKT_DESK"/outbox/new/* | sed -E 's/-[a-z2-7]{16}@/-MAC@/' | sort)" 'Return-Path: <>
Return-Path: <support+b2-MAC@example.org>
Return-Path: <support+b3-MAC@example.org>'
}

@test "where the desk wants it customers get HTML beside the text, the staff does not" {
	conf <<-'END'
		address = "support@example.org"
		html = true
		acknowledge = false
		transport "maildir" { path = "outbox" }
		sla "basic" {
			first_response = "1h"
			escalate "50%" { notify = {"anna@staff.example.org"} }
		}
	END
	answered anna@example.com '<Printer>'
	run -0 tkt-mailout --show 1
	same "$(sed -n '/^<!DOCTYPE/,$p' <<<"$output" | grep -v '^--')" '<!DOCTYPE html>
<html><head><meta charset="utf-8"></head><body>
<p>Try again.</p>
</body></html>'
	tkt-new --quiet -s Login </dev/null
	tkt-sla --sweep --now 2026-03-02T09:40:00Z >/dev/null
	same "$(tkt-mailout --show 2 | grep -c '^Content-Type: text/plain')" 1
	same "$(tkt-mailout --show 2 | grep -c 'text/html' || true)" 0
}

@test "an address too long to be signed stays as it is" {
	conf <<-'END'
		address = "a-very-long-name-of-the-support-of-us-all-here@example.org"
		recipient_delimiter = "+"
		acknowledge = false
		transport "maildir" { path = "outbox" }
	END
	answered anna@example.com Printer
	same "$(tkt-mailout --list -o sender)" 'a-very-long-name-of-the-support-of-us-all-here@example.org'
	same "$(tkt-mailout --show 1 | sed -n '/^Reply-To/p')" ''
}

# bounce TO RECIPIENT: what a mail server reports of a mail that it could not deliver (RFC 3464)
bounce() {
	cat <<-END
		From: MAILER-DAEMON@mx.example.com
		To: $1
		Subject: Undelivered Mail Returned to Sender
		Date: Mon, 02 Mar 2026 09:01:00 +0000
		Message-ID: <$RANDOM.$RANDOM@mx.example.com>
		Auto-Submitted: auto-replied
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status; boundary="="

		--=

		I could not deliver your mail.

		--=
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mx.example.com

		Final-Recipient: rfc822; $2
		Action: failed
		Status: 5.1.1
		Diagnostic-Code: smtp; 550 no such user

		--=--
	END
}

@test "a bounce to the signed address is known by it: the ticket names the recipient, a retry is a new start" {
	transport 'take "$*"'
	sed -i '1i recipient_delimiter = "+"' "$TKT_DESK/desk.conf"
	mail 'Anna <anna@example.com>' Printer 'It is silent.' 'Cc: bob@example.com' | tkt-mailin
	tkt-reply --quiet 1 <<<'Try again.'
	tkt-mailout --quiet
	sender=$(tkt-mailout --list --all --ticket 1 -o number,sender | sed -n 's/^2\t//p')
	bounce "$sender" robert@mx.example.com | tkt-mailin --sender '<>' --recipient "$sender"
	run -0 tkt-mailout --list --all --ticket 1 -o number,recipients,state,status,error
	same "$output" $'1\tanna@example.com\tsent\t\t\n2\tbob@example.com\tbounced\t5.1.1\t550 no such user'
	same "$(tkt-list -o undelivered)" 'bob@example.com: 550 no such user'
	same "$(tkt-mailout --list -o number)" 2
	run -0 tkt-mailout --retry 2 -o number,state,status,error,attempts
	same "$output" $'2\tqueued\t\t\t0'
	tkt-mailout --quiet
	same "$(tkt-list -o undelivered)$(tkt-mailout --list)" ''
	bounce "$sender" bob@example.com | tkt-mailin --sender '<>' --recipient "$sender"
	tkt-mailout --quiet --cancel 2
	same "$(tkt-list -o undelivered)$(tkt-mailout --list)" ''
}

@test "a cancelled mail never leaves, and the log says who did it" {
	transport 'take "$*"'
	answered anna@example.com Printer
	answered bob@example.com Login
	run -0 tkt-mailout --cancel --dry-run 1 -o number,state
	same "$output" $'1\tcancelled'
	run -0 --separate-stderr bash -c "tkt-mailout --list | jq -c 'select(.ticket == \"TKT-1\")' | tkt-mailout --as ivanova --cancel -o number,state"
	same "$output" $'1\tcancelled'
	run -0 bash -c "tkt-log ticket=TKT-1 | tail -n 1 | jq -c '[.actor, .tool, .why, .set.undelivered]'"
	same "$output" '["agent:ivanova","tkt-mailout","mail 1 was cancelled",null]'
	run -0 tkt-mailout -o number,state
	same "$output" $'2\tsent'
	run -0 tkt-mailout --list
	same "$output" ''
	run -0 tkt-mailout --list --all -o number,state
	same "$output" $'1\tcancelled\n2\tsent'
	run -65 --separate-stderr tkt-mailout --cancel 1 2
	same "$stderr" "tkt-mailout: the state of mail 1 is 'cancelled'
tkt-mailout: the state of mail 2 is 'sent'"
	run -1 --separate-stderr tkt-mailout --retry 9
	same "$stderr" "tkt-mailout: there is no outgoing mail '9'"
	run -65 --separate-stderr tkt-mailout --retry <<<'{"type":"outgoing","number":9}'
	same "$stderr" "tkt-mailout: stdin:1: there is no outgoing mail '9'"
}

@test "cancelling a mail that failed clears its ticket" {
	transport 'exit 67'
	answered anna@example.com Printer
	run -69 tkt-mailout --quiet
	run -0 tkt-list -o id undelivered
	same "$output" TKT-1
	tkt-mailout --quiet --cancel 1
	run -0 tkt-list -o id undelivered
	same "$output" ''
}

@test "a copy of a desk sends nothing until it is armed" {
	transport 'take "$*"'
	answered anna@example.com Printer
	cp -r "$TKT_DESK" copy
	run -78 --separate-stderr tkt-mailout --desk copy
	same "$output" ''
	same "${stderr/\'"$(uname -n)"*\'/\'PLACE\'}" "tkt-mailout: this desk is a copy, armed elsewhere ('PLACE'), and sends no mail; run tkt-init --arm if it is to take over"
	same "$(cat "$sent")" ''
	run -0 tkt-mailout --desk copy --list -o number,state
	same "$output" $'1\tqueued'
	tkt-init --arm copy
	run -0 tkt-mailout --desk copy -o number,state
	same "$output" $'1\tsent'
}

@test "two at once send each mail once" {
	transport 'read -t 0.02 <> <(:); take "$*"'
	for name in a b c d e f g h i j k l; do
		answered "$name@example.com" "$name"
	done
	tkt-mailout -o number >first &
	pid=$!
	tkt-mailout -o number >second
	wait "$pid"
	same "$(sort -n first second)" "$(seq 12)"
	same "$(sort "$sent")" "$(printf -- '-i -f support@example.org -- %s@example.com\n' {a..l})"
}

@test "a rate bounds what leaves in its window, however many run; the rest waits untried" {
	transport 'take "$*"'
	sed -i 's|command = .*|&\n rate = "5/10m"|' "$TKT_DESK/desk.conf"
	for name in a b c d e f g h i j k l; do
		answered "$name@example.com" "$name"
	done
	for _ in 1 2 3; do
		tkt-mailout -o number >>numbers &
	done
	wait
	same "$(sort -n numbers)" "$(seq 5)"
	run -0 --separate-stderr tkt-mailout --now 2026-03-02T09:09:59Z
	same "$output$stderr" ''
	same "$(tkt-mailout --list -o attempts,state,due_at | sort -u)" $'0\tqueued\t2026-03-02T09:00:00Z'
	run -0 tkt-mailout --now 2026-03-02T09:10:00Z -o number
	same "$output" "$(seq 6 10)"
	run -0 tkt-mailout --now 2026-03-02T09:20:00Z -o number
	same "$output" $'11\n12'
	same "$(wc -l <"$sent")" 12
}

@test "a mail whose sender was killed is tried again twice, then a person must look" {
	transport 'take "$*"; kill -KILL $PPID'
	answered anna@example.com Printer
	run -137 tkt-mailout
	run -0 tkt-mailout # leased to the one that was killed
	same "$output" ''
	run -0 tkt-mailout --list -o state,attempts,unknowns,due_at
	same "$output" $'sending\t1\t0\t2026-03-02T09:12:00Z'
	run -65 --separate-stderr tkt-mailout --retry 1
	same "$stderr" "tkt-mailout: the state of mail 1 is 'sending'"
	run -137 tkt-mailout --now 2026-03-02T09:12:00Z
	run -0 tkt-mailout --list -o state,attempts,unknowns
	same "$output" $'sending\t2\t1'
	run -137 tkt-mailout --now 2026-03-02T10:00:00Z
	run -69 --separate-stderr tkt-mailout --now 2026-03-02T11:00:00Z -o state,attempts,unknowns
	same "$output" $'failed\t4\t3'
	same "$stderr" "tkt-mailout: mail 1 of ticket 'TKT-1' has failed: it may have been sent: its senders were stopped on the way"
	[ "$(wc -l <"$sent")" -eq 3 ]
	run -0 tkt-list -o id,undelivered undelivered
	same "$output" $'TKT-1\tanna@example.com: it may have been sent: its senders were stopped on the way'
}

@test "a transport that must be mended ends the run; its mail waits a minute" {
	transport 'take "$*"'
	answered anna@example.com Printer
	answered bob@example.com Login
	mv sendmail away
	run -78 --separate-stderr tkt-mailout -o number,state,due_at
	same "$output" $'1\tqueued\t2026-03-02T09:01:00Z'
	same "$stderr" "tkt-mailout: cannot run '$BATS_TEST_TMPDIR/sendmail': No such file or directory"
	mv away sendmail
	run -0 tkt-mailout --now 2026-03-02T09:01:00Z -o number,state
	same "$output" $'2\tsent\n1\tsent'
}

@test "one ticket's mails alone; a mail as it leaves" {
	transport 'take "$*"'
	answered anna@example.com Printer
	answered bob@example.com Login
	run -0 tkt-mailout --list --ticket 2 -o number,ticket
	same "$output" $'2\tTKT-2'
	run -1 --separate-stderr tkt-mailout --show 9 2
	same "$output" "$(tkt-mailout --show 2)"
	same "$stderr" "tkt-mailout: there is no outgoing mail '9'"
	run -0 tkt-mailout --show 2
	same "$(hide <<<"$output")" 'Date: Mon, 02 Mar 2026 09:00:00 +0000
From: Support <support@example.org>
To: bob@example.com
Subject: Re: [TKT-2] Login
Message-ID: <TKT-2.ID@example.org>
X-Tkt-Desk: MARK
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 7bit

Try again.'
	run -0 tkt-mailout --ticket 2 -o number,state
	same "$output" $'2\tsent'
	run -0 tkt-mailout --list -o number
	same "$output" 1
	run -1 --separate-stderr tkt-mailout --ticket 3
	same "$stderr" "tkt-mailout: there is no ticket '3'"
}

@test "options that do not go together are said" {
	for try in '--list --retry' '--retry --cancel 1'; do
		# shellcheck disable=SC2086
		run -64 --separate-stderr tkt-mailout $try
		same "$stderr" 'tkt-mailout: give one of --list, --retry, --cancel and --show'
	done
	run -64 --separate-stderr tkt-mailout 1
	same "$stderr" "tkt-mailout: numbers go with --retry, --cancel or --show; for one ticket's mails give --ticket"
	run -64 --separate-stderr tkt-mailout --show
	same "$stderr" 'tkt-mailout: give the number of a mail; --list shows them'
	run -64 --separate-stderr tkt-mailout --show 1 --ticket 1
	same "$stderr" 'tkt-mailout: --ticket goes with --list or with sending'
	run -64 --separate-stderr tkt-mailout --all
	same "$stderr" 'tkt-mailout: --all goes with --list'
	run -64 --separate-stderr tkt-mailout --to anna@example.com
	same "$stderr" 'tkt-mailout: --to goes with --list'
	run -64 --separate-stderr tkt-mailout --list --to $'\xff'
	same "$stderr" "tkt-mailout: the value of '--to' is not UTF-8"
	run -64 --separate-stderr tkt-mailout -n
	same "$stderr" 'tkt-mailout: --dry-run goes with --retry or --cancel'
}

# smtp_server REFUSED: speaks just enough, on a port of its own, which it writes into the file `port`; a
# line with REFUSED gets 550. It serves two connections and notes what it hears.
smtp_server() {
	/usr/bin/python3 - "$@" <<-'END' &
		import os, socket, sys
		def serve(connection, log):
		    lines = connection.makefile("rb")
		    def say(text):
		        connection.sendall(text.encode() + b"\r\n")
		    def hear(line):
		        log.write(line.replace(b"\r\n", b"\n"))
		        return line
		    say("220 mx.example.com ESMTP")
		    for line in lines:
		        hear(line)
		        if line[:4] == b"QUIT":
		            say("221 bye")
		            return
		        if line[:4] == b"DATA":
		            say("354 go on")
		            while hear(next(lines)) != b".\r\n":
		                pass
		            say("250 taken")
		        else:
		            say("550 no such user here" if sys.argv[1].encode() in line else "250 mx.example.com")
		server = socket.create_server(("127.0.0.1", 0))
		server.settimeout(20)
		open("port.new", "w").write(str(server.getsockname()[1]))
		os.rename("port.new", "port")
		with open("conversation", "wb") as log:
		    for _ in range(2):
		        with server.accept()[0] as connection:
		            serve(connection, log)
	END
	server=$!
	for _ in {1..200}; do
		[ ! -s port ] || return 0
		read -rt 0.05 <> <(:) || true
	done
	return 1
}

@test "SMTP: one mail is refused, the next is taken" {
	smtp_server '<bob@'
	conf <<-END
		address = "support@example.org"
		name = "Support"
		transport "smtp" {
			url = "smtp://127.0.0.1:$(cat port)"
			tls = false
		}
	END
	answered bob@example.com Login
	answered anna@example.com Printer
	run -69 --separate-stderr tkt-mailout -o number,state
	wait "$server"
	same "$output" $'1\tfailed\n2\tsent'
	same "$stderr" "tkt-mailout: mail 1 of ticket 'TKT-1' has failed: the mail server refuses the recipient 'bob@example.com': 550 no such user here"
	same "$(hide <conversation | sed -E "s/^(EHLO ).*/\1HOST/")" 'EHLO HOST
MAIL FROM:<support@example.org>
RCPT TO:<bob@example.com>
QUIT
EHLO HOST
MAIL FROM:<support@example.org>
RCPT TO:<anna@example.com>
DATA
Date: Mon, 02 Mar 2026 09:00:00 +0000
From: Support <support@example.org>
To: anna@example.com
Subject: Re: [TKT-2] Printer
Message-ID: <TKT-2.ID@example.org>
X-Tkt-Desk: MARK
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 7bit

Try again.
.
QUIT'
}
