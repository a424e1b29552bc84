#!/usr/bin/env bats
# Which ticket a letter joins, by each road, and which it never does (S4-6, S2-2, S3-6).
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	settings
	mail anna@example.com 'Printer' 'It is silent.' 'Message-ID: <first@example.com>' | tkt-mailin
}

# settings LINE...: a desk with signed addresses, and these lines
settings() {
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'recipient_delimiter = "+"' \
		'transport "maildir" { path = "outbox" }' "$@" | conf
}

# token PURPOSE NUMBER: as this desk signs it
token() {
	/usr/bin/python3 - "$TKT_DESK/keys/token" "$1$2" <<-'END'
		import base64, hashlib, hmac, sys
		key = bytes.fromhex(open(sys.argv[1]).read().strip())
		mac = hmac.new(key, sys.argv[2].encode(), hashlib.sha256).digest()[:10]
		print(sys.argv[2] + '-' + base64.b32encode(mac).decode().lower(), end='')
	END
}

# fate: what became of the last letter
fate() {
	tkt-log --mail -o fate,ticket,reason | tail -n 1
}

@test "a signed address joins, whoever writes, whatever case the mail server leaves it" {
	mail bob@example.net 'Something else' 'Hello.' | tkt-mailin --recipient "support+$(token r 1)@example.org"
	same "$(fate)" $'appended\tSUP-1\t'
	mail carol@example.net 'Printer' 'Hi.' | tkt-mailin --recipient "SUPPORT+$(token r 1 | tr '[:lower:]' '[:upper:]')@Example.org"
	same "$(fate)" $'appended\tSUP-1\t'
	# the writer is no participant for that
	same "$(tkt-list --all -o requester.email,cc)" $'anna@example.com\t'
	mail bob@example.net 'Re: [SUP-1] Printer' 'And again.' | tkt-mailin
	same "$(fate)" $'opened\tSUP-2\ta letter from a newcomer'
}

@test "without an envelope To and Cc are looked at" {
	mail bob@example.net 'Else' 'Hello.' "Cc: \"Support\" <support+$(token r 1)@example.org>, x@example.com" | tkt-mailin
	same "$(fate)" $'appended\tSUP-1\t'
}

@test "a signature that is not ours joins nothing" {
	for address in "support+$(token r 2)@example.org" "support+$(token r 1 | sed 's/r1/r2/')@example.org" \
		"support+r1-aaaaaaaaaaaaaaaa@example.org" "support+$(token r 1)@example.net" "support+$(token b 1)@example.org"; do
		mail eve@example.net "To $address" 'Let me in.' | tkt-mailin --recipient "$address"
	done
	same "$(tkt-log --mail -o fate,ticket,reason | tail -n 5)" \
		$'opened\tSUP-2\t
opened\tSUP-3\ta letter with a signature that is not ours
opened\tSUP-4\ta letter with a signature that is not ours
opened\tSUP-5\t
opened\tSUP-6\t'
	same "$(tkt-show --messages 1 | jq -r 'select(.direction == "in") | .author.email')" anna@example.com
}

@test "the signature of a Message-ID, for desks without extensions" {
	printf '%s\n' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'transport "maildir" { path = "outbox" }' | conf
	mail bob@example.net 'Re: x' 'Hello.' "In-Reply-To: <SUP-1.$(token r 1).abcdef@example.org>" | tkt-mailin
	same "$(fate)" $'appended\tSUP-1\t'
	mail eve@example.net 'Re: x' 'Hello.' 'In-Reply-To: <SUP-1.r1-aaaaaaaaaaaaaaaa.abcdef@example.org>' | tkt-mailin
	same "$(fate)" $'opened\tSUP-2\ta letter with a signature that is not ours'
	# who answers one to whom our mail was passed on is no correspondent of ours
	mail eve@example.net 'Re: Fwd: x' 'Hello.' 'In-Reply-To: <fwd@example.com>' "References: <SUP-1.$(token r 1).abcdef@example.org> <fwd@example.com>" | tkt-mailin
	same "$(fate | cut -f 1)" opened
	# an extension means nothing there
	mail eve@example.net 'x' 'Hello.' | tkt-mailin --recipient "support+$(token r 1)@example.org"
	same "$(fate)" $'opened\tSUP-4\t'
}

@test "S4-6: the id in a subject through Re, Fwd, Отв, На, folding, re-encoding and tags of lists" {
	for subject in 'Re: [SUP-1] Printer' 'RE: Fwd: Отв: На: [SUP-1] Printer' 'AW: WG: sup-1 Printer' '[EXTERNAL] Re: [SUP-1] Printer' \
		'[office] Re[2]: [SUP-1] Printer' $'Re: a very long subject that is folded\n [SUP-1] Printer' '=?utf-8?B?0J7RgtCyOiBbU1VQLTFdINCf0YDQuNC90YLQtdGA?=' \
		'=?koi8-r?Q?=EF=D4=D7=3A_=5BSUP-1=5D?='; do
		mail anna@example.com "$subject" "By $subject" | tkt-mailin
		same "$subject: $(fate)" "$subject: "$'appended\tSUP-1\t'
	done
}

@test "an id of another desk, within a word, with Cyrillic letters, too large, joins nothing" {
	for subject in 'Re: [HELP-1] Printer' 'Re: XSUP-1' 'Re: [SUР-1]' 'Re: [SUP-99999999999999999999]' 'Re: [SUP-77]'; do
		mail anna@example.com "$subject" "By $subject" | tkt-mailin
		same "$subject: $(fate | cut -f 1,3)" "$subject: "$'opened\t'
	done
}

@test "a merged ticket stands for the one that took it over; a circle ends" {
	mail anna@example.com 'Toner' 'Empty.' | tkt-mailin
	mail anna@example.com 'Paper' 'Jammed.' | tkt-mailin
	tkt-set --quiet 1 merged_into=SUP-2
	tkt-set --quiet 2 merged_into=SUP-3
	mail anna@example.com 'Re: [SUP-1] Printer' 'Where is it?' | tkt-mailin
	same "$(fate)" $'appended\tSUP-3\t'
	sqlite3 "$TKT_DESK/tkt.db" "UPDATE ticket SET merged_into = 'SUP-1' WHERE number = 3" # tkt-set refuses it
	mail anna@example.com 'Re: [SUP-2] Toner' 'Round and round.' | tkt-mailin
	same "$(fate | cut -f 1)" appended
	sqlite3 "$TKT_DESK/tkt.db" "UPDATE ticket SET merged_into = 'SUP-77' WHERE number = 3"
	mail anna@example.com 'Re: [SUP-3] Paper' 'There is none.' | tkt-mailin
	same "$(fate)" $'appended\tSUP-3\t'
}

@test "the requester of a ticket that was merged goes on in the other one" {
	mail bob@example.com 'Toner' 'Empty.' | tkt-mailin
	tkt-set --quiet 1 merged_into=SUP-2
	mail anna@example.com 'Re: Printer' 'Where is it?' 'In-Reply-To: <first@example.com>' | tkt-mailin
	same "$(fate)" $'appended\tSUP-2\t'
	mail eve@example.net 'Re: Printer' 'Let me in.' 'In-Reply-To: <first@example.com>' | tkt-mailin
	same "$(fate)" $'opened\tSUP-3\ta letter from a newcomer'
	tkt-set --quiet 2 status=closed
	settings 'reply_to_closed = "new"'
	mail anna@example.com 'Re: Printer' 'And?' 'In-Reply-To: <first@example.com>' | tkt-mailin
	same "$(fate)" $'opened\tSUP-4\tan answer to a ticket that is closed'
}

@test "reply_to_closed: reopen, new, new after so long" {
	tkt-set --quiet 1 status=closed resolution=fixed
	mail anna@example.com 'Re: [SUP-1] Printer' 'One.' | tkt-mailin
	same "$(fate) $(tkt-list --all -o status)" $'appended\tSUP-1\t open'
	settings 'reply_to_closed = "new after 14d"'
	tkt-set --quiet 1 status=closed resolution=fixed
	mail anna@example.com 'Re: [SUP-1] Printer' 'Two.' | tkt-mailin --now 2026-03-16T08:59:59Z
	same "$(fate)" $'appended\tSUP-1\t'
	tkt-set --quiet --now 2026-03-16T09:00:00Z 1 status=closed resolution=fixed
	mail anna@example.com 'Re: [SUP-1] Printer' 'Three.' | tkt-mailin --now 2026-03-30T09:00:00Z
	same "$(fate)" $'opened\tSUP-2\tan answer to a ticket that is closed'
	same "$(tkt-list --all -o id,status,linked id=SUP-2)" $'SUP-2\tnew\tSUP-1'
	settings 'reply_to_closed = new'
	tkt-set --quiet 2 status=closed resolution=fixed
	mail anna@example.com 'Re: [SUP-2] Printer' 'Four.' | tkt-mailin
	same "$(fate)" $'opened\tSUP-3\tan answer to a ticket that is closed'
	# a signed address is no way round it
	mail anna@example.com 'Five' 'Five.' | tkt-mailin --recipient "support+$(token r 2)@example.org"
	same "$(fate)" $'opened\tSUP-4\tan answer to a ticket that is closed'
}

@test "stranger = note: an internal note that nobody outside sees, and that re-opens nothing" {
	settings 'stranger = note'
	tkt-set --quiet 1 status=resolved resolution=fixed
	mail eve@example.net 'Re: [SUP-1] Printer' 'Tell me.' | tkt-mailin
	same "$(fate)" $'appended\tSUP-1\ta letter of a stranger, as a note'
	same "$(tkt-list --all -o id,status,requester.email,cc)" $'SUP-1\tresolved\tanna@example.com\t'
	same "$(tkt-show --messages --public 1 | jq -r .author.email | sort -u)" $'anna@example.com\nsupport@example.org'
	same "$(tkt-show --messages 1 | jq -r 'select(.kind == "internal") | .author.email')" eve@example.net
	echo 'Done.' | tkt-reply --quiet 1
	same "$(tkt-mailout --list -o recipients | sort -u)" anna@example.com
}

@test "stranger = note: a ticket that is closed is left alone" {
	settings 'stranger = note'
	tkt-set --quiet 1 status=closed resolution=fixed
	mail eve@example.net 'Re: [SUP-1] Printer' 'Broken again.' | tkt-mailin
	same "$(fate)" $'opened\tSUP-2\ta letter from a newcomer'
}

@test "an extension of the desk's address that nobody signed may be a colleague's" {
	mail support+lead@example.org 'Toner' 'Empty.' | tkt-mailin
	same "$(fate)" $'opened\tSUP-2\t'
	mail support@example.org 'Toner' 'Empty.' | tkt-mailin
	same "$(fate)" $'automatic\t\tour own mail came back'
}

@test "S2-2, S3-6: an answer to a mail that the desk does not know opens a ticket" {
	mail anna@example.com 'Re: Your demo version' 'It does not start.' 'In-Reply-To: <demo.77@shop.example.org>' \
		'References: <demo.77@shop.example.org>' | tkt-mailin
	same "$(fate)" $'opened\tSUP-2\t'
}

@test "one letter to two of our addresses is one ticket" {
	settings 'addresses = {"sales@example.org"}'
	mail bob@example.net 'Offer' 'Please.' 'Cc: sales@example.org' >letter.eml
	{ printf 'Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\nDelivered-To: support@example.org\n' && cat letter.eml; } |
		tkt-mailin --recipient support@example.org
	{ printf 'Received: from a by c; Mon, 2 Mar 2026 09:00:01 +0000\nDelivered-To: sales@example.org\n' && cat letter.eml; } |
		tkt-mailin --recipient sales@example.org
	same "$(tkt-log --mail -o fate,ticket,recipient | tail -n 2)" $'opened\tSUP-2\tsupport@example.org\nduplicate\tSUP-2\tsales@example.org'
}

@test "our own mail that comes back by a signed address or by any other road joins nothing" {
	mail "support+$(token r 1)@example.org" 'Re: [SUP-1] Printer' 'Echo.' | tkt-mailin
	same "$(fate)" $'automatic\t\tour own mail came back'
}
@test "Exchange's Thread-Index joins for a participant alone" {
	root=AQHa1234567890abcdefghijklmnow==
	mail anna@example.com 'Network' 'Slow.' "Thread-Index: $root" | tkt-mailin
	same "$(fate)" $'opened\tSUP-2\t'
	reply=$(base64 -d <<<"$root" | cat - <(printf 12345) | base64)
	mail anna@example.com 'Network' 'Still slow.' "Thread-Index: $reply" | tkt-mailin
	same "$(fate)" $'appended\tSUP-2\t'
	mail eve@example.net 'Network' 'Let me in.' "Thread-Index: $reply" | tkt-mailin
	same "$(fate)" $'opened\tSUP-3\ta letter from a newcomer'
}

@test "what answers a notice to the staff, or reports of it, is of no ticket" {
	sqlite3 "$TKT_DESK/tkt.db" "INSERT INTO outgoing(number, state, recipients, sender, message_id, attempts, unknowns)
		VALUES(900, 'sent', '[\"ivanova@example.org\"]', 'support@example.org', 'notice.x@example.org', 1, 0)"
	mail ivanova@example.net 'Out of office' 'Back on Monday.' 'Auto-Submitted: auto-replied' 'In-Reply-To: <notice.x@example.org>' | tkt-mailin
	same "$(fate)" $'automatic\t\tan automatic reply'
	printf '%s\n' 'From: MAILER-DAEMON@example.net' 'Subject: Undelivered Mail Returned to Sender' 'Message-ID: <b@example.net>' \
		'MIME-Version: 1.0' 'Content-Type: multipart/report; report-type=delivery-status; boundary=b' '' \
		'--b' 'Content-Type: message/delivery-status' '' 'Reporting-MTA: dns; mx.example.net' '' \
		'Final-Recipient: rfc822; ivanova@example.org' 'Action: failed' 'Status: 5.1.1' '' \
		'--b' 'Content-Type: text/rfc822-headers' '' 'Message-ID: <notice.x@example.org>' '' '--b--' | tkt-mailin --sender '<>'
	same "$(fate)" $'bounce\t\ta delivery report'
	same "$(tkt-mailout --list -o number,state,status | tail -n 1)" $'900\tbounced\t5.1.1'
}
