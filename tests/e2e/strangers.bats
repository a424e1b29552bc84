#!/usr/bin/env bats
# No letter of a stranger gets into another customer's ticket, whatever it names, whoever it says it is
# (DESIGN.md 4, Threading). Each road leads a customer's own letter there, so that it is known to be one.
# tests/mail/threads.bats has what each road does for those who may.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	settings
	mail anna@example.com 'Printer' 'It is silent.' 'Message-ID: <first@example.com>' "Thread-Index: $index" | tkt-mailin
	echo 'Is it on?' | tkt-reply --quiet 1
	ours=$(tkt-mailout --list -o message_id | tail -n 1)
	[ -n "$ours" ]
	before=$(anna_has)
}

# settings LINE...
settings() {
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'recipient_delimiter = "+"' \
		'brake_answers = none' 'transport "maildir" { path = "outbox" }' "$@" | conf
}

index=AQHa1234567890abcdefghijklmnow==

# What is in the first ticket, and who gets its answers.
anna_has() {
	tkt-show --messages 1 | jq -c '[.id, .author.email, .subject]'
	tkt-list --all -o requester.email,cc,status id=SUP-1
}

# token PURPOSE NUMBER [DESK]
token() {
	/usr/bin/python3 - "${3:-$TKT_DESK}/keys/token" "$1$2" <<-'END'
		import base64, hashlib, hmac, sys
		key = bytes.fromhex(open(sys.argv[1]).read().strip())
		mac = hmac.new(key, sys.argv[2].encode(), hashlib.sha256).digest()[:10]
		print(sys.argv[2] + '-' + base64.b32encode(mac).decode().lower(), end='')
	END
}

fate() {
	tkt-log --mail -o fate,ticket,reason | tail -n 1
}

# letter FROM SUBJECT HEADER...: on standard output, each with another text
letter() {
	local id=$SRANDOM
	mail "$1" "$2" "Letter $id." "Message-ID: <$id@letters.example.net>" "${@:3}"
}

# A letter that names the first ticket by each road that is not signed: each_road WHO FROM [HEADER...], which are
# what tkt-mailin's envelope and the letter say; the fates, apart from the ticket.
each_road() {
	local who=$1 from=$2 road subject
	shift 2
	for road in 'In-Reply-To: <first@example.com>' 'References: <other@example.net> <first@example.com>' \
		"In-Reply-To: <$ours>" "References: <$ours> <last@example.net>" "Thread-Index: $index"; do
		letter "$from" 'Hello' "$road" "$@" | tkt-mailin --sender "$who"
		fate | cut -f 1,3
	done
	for subject in 'Re: [SUP-1] Printer' 'sup-1' 'Fwd: AW: Отв: [EXTERNAL] SUP-1: Printer' '=?utf-8?q?=5BSUP-1=5D?='; do
		letter "$from" "$subject" "$@" | tkt-mailin --sender "$who"
		fate | cut -f 1,3
	done
}

# outside WHO FROM [HEADER...]: none of the roads leads there
outside() {
	same "$*: $(each_road "$@" | sort | uniq -c | tr -s ' ')" "$*:  9 opened	a letter from a newcomer"
	same "$*: $(anna_has)" "$*: $before"
}

@test "each road leads the customer there" {
	same "$(each_road anna@example.com 'Anna <anna@example.com>' | sort | uniq -c | tr -s ' ')" ' 9 appended	'
	# the envelope is another's often enough
	same "$(each_road bounces@list.example.net 'Anna <ANNA@Example.COM>' | sort | uniq -c | tr -s ' ')" ' 9 appended	'
}

@test "no road leads a stranger there, and answers go on to the customer alone" {
	outside eve@example.net 'Eve <eve@example.net>'
	echo 'Now?' | tkt-reply --quiet 1
	same "$(tkt-mailout --list -o recipients --ticket 1 | sort -u)" anna@example.com
	same "$(tkt-list --all -o linked id=SUP-2)" SUP-1
}

@test "not with the customer in the envelope or in fields that tell of other people" {
	outside anna@example.com 'Eve <eve@example.net>'
	outside eve@example.net eve@example.net 'Sender: anna@example.com' 'Reply-To: anna@example.com' 'Return-Path: <anna@example.com>' \
		'Resent-From: anna@example.com' 'Resent-Sender: anna@example.com' 'X-Original-From: anna@example.com' \
		'X-Original-Sender: anna@example.com' 'Disposition-Notification-To: anna@example.com' 'Errors-To: anna@example.com'
	outside eve@example.net eve@example.net 'Cc: anna@example.com, support@example.org' 'Bcc: anna@example.com'
}

@test "not with the customer's address in what is not the address" {
	for from in '"anna@example.com" <eve@example.net>' 'anna@example.com <eve@example.net>' '=?utf-8?q?anna=40example=2Ecom?= <eve@example.net>' \
		'=?utf-8?q?=3Canna=40example=2Ecom=3E?= <eve@example.net>' 'eve@example.net (anna@example.com)' \
		'anna@example.com: <eve@example.net>;' '<@example.com,@example.net:eve@example.net>' '"anna@example.com"@example.net' \
		'anna@example.com@example.net' 'anna%example.com@example.net' 'anna+eve@example.com' 'anna@example.com.example.net'; do
		outside eve@example.net "$from"
	done
}

@test "not with a letter of two authors, in any order, in a group, or with a second From" {
	for from in 'anna@example.com, eve@example.net' 'eve@example.net, anna@example.com' 'Anna <anna@example.com>; Eve <eve@example.net>' \
		'Staff: anna@example.com, eve@example.net;' $'anna@example.com,\n eve@example.net'; do
		outside eve@example.net "$from" 'Sender: anna@example.com'
	done
	outside eve@example.net eve@example.net 'From: anna@example.com'
	outside eve@example.net anna@example.com 'From: eve@example.net'
}

@test "not with an address that only looks like the customer's" {
	for from in 'аnna@example.com' 'anna@exаmple.com' 'anna@xn--exmple-4nf.com' 'ａnna@example.com' 'anna@example.corn' \
		'an.na@example.com' 'anna@mail.example.com' 'anna' $'=?utf-8?q?anna=E2=80=8B=40example=2Ecom?='; do
		outside eve@example.net "$from"
	done
}

@test "S4-6: not by a token of another desk, another purpose, another number, cut short or made longer" {
	tkt-init --quiet -D other
	token=$(token r 1)
	for bad in "$(token r 1 other)" "$(token b 1)" "r1-$(token r 2 | cut -d - -f 2)" "${token%?}" "${token}a" "r01-${token#*-}" \
		"r1-" "r1" "1-${token#*-}" "r+1-${token#*-}" "r1--${token#*-}" "r18446744073709551617-${token#*-}" \
		"x${token}" "r1=${token#*-}"; do
		for to in "support+$bad@example.org" "support+x+$bad@example.org"; do
			letter eve@example.net 'Hello' | tkt-mailin --recipient "$to"
			letter eve@example.net 'Hello' "Cc: <$to>" "X-Original-To: $to" "Delivered-To: $to" | tkt-mailin
		done
		letter eve@example.net 'Hello' "In-Reply-To: <SUP-1.$bad.abcdef@example.org>" "References: <$bad@example.org> <a.$bad.b@x>" | tkt-mailin
		same "$bad: $(anna_has)" "$bad: $before"
	done
	# at an address that is none of the desk's
	for to in "support+$token@example.net" "support-$token@example.org" "sales+$token@example.org" "$token@example.org"; do
		letter eve@example.net 'Hello' "Cc: $to" "X-Original-To: $to" | tkt-mailin --recipient "$to"
		same "$to: $(anna_has)" "$to: $before"
	done
}

@test "a token of the stranger's own leads to his own ticket, whatever else the letter names" {
	mail eve@example.net 'Paper' 'Jammed.' 'Message-ID: <third@example.net>' | tkt-mailin
	for to in "support+$(token r 2)@example.org" "support+$(token r 1 | sed 's/r1/r2/')@example.org, support+$(token r 2)@example.org"; do
		letter eve@example.net 'Re: [SUP-1] Printer' "Cc: $to, support+$(token r 2 | sed 's/r2/r1/')@example.org" \
			'In-Reply-To: <first@example.com>' "References: <$ours>" "Thread-Index: $index" | tkt-mailin
		same "$(fate)" $'appended\tSUP-2\t'
	done
	same "$(anna_has)" "$before"
}

@test "a merged or a closed ticket is as closed to him; one that an agent merged his own into is his too" {
	mail anna@example.com 'Toner' 'Empty.' 'Message-ID: <second@example.com>' | tkt-mailin
	mail carol@example.net 'Paper' 'Jammed.' 'Message-ID: <third@example.net>' | tkt-mailin
	tkt-set --quiet 2 merged_into=SUP-1
	tkt-set --quiet 3 merged_into=SUP-1
	before=$(anna_has)
	for road in 'In-Reply-To: <second@example.com>' 'In-Reply-To: <third@example.net>'; do
		letter eve@example.net 'Hello' "$road" | tkt-mailin
		same "$(fate | cut -f 1,3)" $'opened\ta letter from a newcomer'
	done
	letter carol@example.net 'Hello' 'In-Reply-To: <second@example.com>' | tkt-mailin
	same "$(fate | cut -f 1,3)" $'opened\ta letter from a newcomer'
	letter eve@example.net 'Re: [SUP-2] Toner' | tkt-mailin
	same "$(fate | cut -f 1,3)" $'opened\ta letter from a newcomer'
	same "$(anna_has)" "$before"
	letter carol@example.net 'Re: Paper' 'In-Reply-To: <third@example.net>' | tkt-mailin
	same "$(fate)" $'appended\tSUP-1\t'
	tkt-set --quiet 1 status=closed resolution=fixed
	before=$(anna_has)
	for how in reopen new 'new after 1d'; do
		settings "reply_to_closed = \"$how\""
		outside eve@example.net eve@example.net
	done
}

@test "a Message-ID that is another letter's makes no road for its answers" {
	letter=$(mail eve@example.net 'Printer' 'Mine.' 'Message-ID: <first@example.com>' 'Cc: anna@example.com')
	tkt-mailin <<<"$letter"
	same "$(fate)" $'opened\tSUP-2\tits Message-ID was seen before with other contents'
	mail eve@example.net 'Printer' 'Mine, too.' "Message-ID: <$ours>" 'Cc: anna@example.com' | tkt-mailin
	same "$(fate | cut -f 1,2)" $'opened\tSUP-3'
	same "$(anna_has)" "$before"
	# the customer, who is copied there, comes to her own
	letter anna@example.com 'Re: Printer' 'In-Reply-To: <first@example.com>' | tkt-mailin
	same "$(fate)" $'appended\tSUP-1\t'
	letter anna@example.com 'Re: Printer' "In-Reply-To: <$ours>" | tkt-mailin
	same "$(fate)" $'appended\tSUP-1\t'
	# the stranger comes to his
	letter eve@example.net 'Re: [SUP-2] Printer' 'In-Reply-To: <first@example.com>' | tkt-mailin
	same "$(fate | cut -f 1,3)" $'opened\ta letter from a newcomer'
	# the same letter, word for word, is nothing new
	mail anna@example.com 'Printer' 'It is silent.' 'Message-ID: <first@example.com>' "Thread-Index: $index" | tkt-mailin --sender eve@example.net
	same "$(fate)" $'duplicate\tSUP-1\tthis letter was taken in before'
}

# report KIND FIELD: a delivery or disposition report that returns the header line FIELD
report() {
	local id=$SRANDOM
	cat <<-END
		From: MAILER-DAEMON@example.net
		To: support@example.org
		Subject: Undelivered Mail Returned to Sender
		Message-ID: <$id@reports.example.net>
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=$1; boundary=b

		--b

		Report $id.
		--b
		Content-Type: message/$1

		Reporting-MTA: dns; mx.example.net
		Original-Message-ID: <$2>

		Final-Recipient: rfc822; anna@example.com
		Action: failed
		Status: 5.1.1
		Disposition: manual-action/MDN-sent-manually; displayed

		--b
		Content-Type: text/rfc822-headers

		From: support@example.org
		Subject: Re: [SUP-1] Printer
		Message-ID: <$2>
		In-Reply-To: <first@example.com>
		--b--
	END
}

@test "a report joins by the Message-ID of the desk's own mail alone, an automatic answer from its recipient" {
	# what a stranger may have read in a copy of the customer's letter
	report delivery-status first@example.com | tkt-mailin --sender '<>'
	same "$(fate)" $'bounce\t\ta delivery report'
	report disposition-notification first@example.com | tkt-mailin --sender '<>'
	same "$(fate)" $'automatic\t\ta receipt'
	for road in 'In-Reply-To: <first@example.com>' "In-Reply-To: <$ours>" "References: <$ours>"; do
		letter eve@example.net 'Re: [SUP-1] Printer' "$road" 'Auto-Submitted: auto-replied' | tkt-mailin --sender '<>'
		same "$road: $(fate)" "$road: "$'automatic\t\tan automatic reply'
	done
	same "$(anna_has)" "$before"
	same "$(tkt-mailout --list --all -o state | sort -u)" queued
	# what only they have who got the mail
	letter anna@example.com 'Away' "In-Reply-To: <$ours>" 'Auto-Submitted: auto-replied' | tkt-mailin --sender '<>'
	same "$(fate)" $'automatic\tSUP-1\tan automatic reply'
	letter anna@example.com 'Away' 'In-Reply-To: <first@example.com>' 'Auto-Submitted: auto-replied' | tkt-mailin --sender '<>'
	same "$(fate)" $'automatic\tSUP-1\tan automatic reply'
	report delivery-status "$ours" | tkt-mailin --sender '<>'
	same "$(fate)" $'bounce\tSUP-1\ta delivery report'
	letter eve@example.net 'Away' 'Auto-Submitted: auto-replied' | tkt-mailin --sender '<>' --recipient "support+$(token r 1)@example.org"
	same "$(fate)" $'automatic\tSUP-1\tan automatic reply'
}

@test "what is said in a mail within the mail, in its text or in fields of a part, names nothing" {
	token=$(token r 1)
	tkt-mailin <<-END
		From: eve@example.net
		To: support@example.org
		Subject: A forward
		Message-ID: <within@example.net>
		MIME-Version: 1.0
		Content-Type: multipart/mixed; boundary=b

		--b
		In-Reply-To: <first@example.com>
		Subject: [SUP-1]
		To: support+$token@example.org

		[SUP-1] In-Reply-To: <first@example.com> support+$token@example.org
		--b
		Content-Type: message/rfc822

		From: anna@example.com
		To: support+$token@example.org
		Subject: Re: [SUP-1] Printer
		Message-ID: <inner@example.com>
		In-Reply-To: <first@example.com>
		References: <$ours>

		Hello.
		--b--
	END
	same "$(fate)" $'opened\tSUP-2\t'
	same "$(tkt-list --all -o requester.email,linked id=SUP-2)" $'eve@example.net\t'
	same "$(anna_has)" "$before"
}
