#!/usr/bin/env bats
# tkt-mailin: every fate of a letter, and what comes of it.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'languages = {"en", "ru"}' \
		'transport "maildir" { path = "outbox" }' | conf
}

# fates: the ledger, a line a letter
fates() {
	tkt-log --mail -o fate,ticket,reason
}

# tickets FIELDS: all tickets, a line each
tickets() {
	tkt-list --all -o "$1"
}

# mark: the X-Tkt-Desk of this desk's mail
mark() {
	tkt-mailout --quiet
	sed -n 's/^X-Tkt-Desk: //p' "$TKT_DESK"/outbox/new/* | tr -d '\r' | sort -u
}

@test "a letter opens a ticket, is stored whole and acknowledged, and prints nothing" {
	mail 'Anna <Anna@Example.com>' 'Printer' 'It is silent.' 'Cc: bob@example.net, support@example.org' >letter.eml
	run -0 --separate-stderr tkt-mailin <letter.eml
	[ -z "$output" ] && [ -z "$stderr" ]
	same "$(tickets id,status,rev,subject,requester.email,requester.name,cc,channel,identity,lang)" \
		$'SUP-1\tnew\t2\tPrinter\tanna@example.com\tAnna\tbob@example.net\tmail\tclaimed\ten'
	same "$(fates)" $'opened\tSUP-1\t'
	tkt-show 1 --raw | head -c "$(stat -c %s letter.eml)" | cmp - letter.eml
	same "$(tkt-mailout --list -o state,recipients,sender,subject)" \
		$'queued\tanna@example.com\t\t[SUP-1] We have received your request'
}

@test "--print shows ticket and message; --dry-run keeps nothing" {
	mail anna@example.com 'Printer' 'It is silent.' >letter.eml
	run -0 tkt-mailin -n -p <letter.eml
	[ "$(jq -r .type <<<"$output" | xargs)" = 'ticket message' ]
	[ "$(jq -r 'select(.type == "ticket") | .id' <<<"$output")" = SUP-1 ]
	same "$(tickets id)" ''
	same "$(fates)" ''
	run -0 tkt-mailin --print <letter.eml
	valid - <<<"$output"
}

@test "the language of a ticket and of its acknowledgement follow the script of the letter" {
	mail anna@example.com '=?utf-8?B?0J/RgNC40L3RgtC10YA=?=' 'Принтер молчит.' | tkt-mailin
	same "$(tickets lang,subject)" $'ru\tПринтер'
	same "$(tkt-mailout --list -o subject)" '[SUP-1] Мы получили ваше обращение'
}

@test "the same letter twice is one message; other contents under its Message-ID are their own" {
	mail anna@example.com 'Printer' 'It is silent.' 'Message-ID: <one@example.com>' >letter.eml
	tkt-mailin <letter.eml
	{ printf 'Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\nX-Original-To: help@example.org\n' && cat letter.eml; } | tkt-mailin
	sed 's/silent/loud/' letter.eml | tkt-mailin
	same "$(fates)" $'opened\tSUP-1\t\nduplicate\tSUP-1\tthis letter was taken in before\nopened\tSUP-2\tits Message-ID was seen before with other contents'
	same "$(tkt-show --messages 1 | jq -r 'select(.direction == "in") | .body')" 'It is silent.'
}

@test "a letter without Message-ID is known by its contents" {
	mail anna@example.com 'Printer' 'It is silent.' | sed '/^Message-ID/d' >letter.eml
	tkt-mailin <letter.eml
	sed 's/$/\r/' letter.eml | tkt-mailin
	same "$(tkt-log --mail -o fate)" $'opened\nduplicate'
}

@test "an answer joins by References with the id taken out of its subject, and re-opens" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	tkt-set --quiet 1 status=resolved resolution=fixed
	id=$(tkt-mailout --list -o message_id)
	mail anna@example.com 'Re: still silent' 'No.' "In-Reply-To: <$id>" "References: <other@example.com> <$id>" | tkt-mailin
	same "$(tickets id,status,resolution)" $'SUP-1\topen\t'
	same "$(fates)" $'opened\tSUP-1\t\nappended\tSUP-1\t'
}

@test "the id in a subject joins, with or without brackets" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	mail anna@example.com 'Re: [SUP-1] Printer' 'One.' | tkt-mailin
	mail anna@example.com 'Fwd: sup-1 Printer' 'Two.' | tkt-mailin
	same "$(tkt-log --mail -o fate,ticket)" $'opened\tSUP-1\nappended\tSUP-1\nappended\tSUP-1'
}

@test "a stranger who names a ticket opens one of his own, linked to it" {
	mail anna@example.com 'Printer' 'It is silent.' 'Message-ID: <one@example.com>' | tkt-mailin
	mail eve@example.net 'Re: [SUP-1] Printer' 'Tell me.' | tkt-mailin
	mail eve@example.net 'Re: Printer' 'Tell me more.' 'References: <one@example.com>' | tkt-mailin
	same "$(tickets id,requester.email,linked)" $'SUP-1\tanna@example.com\t\nSUP-2\teve@example.net\tSUP-1\nSUP-3\teve@example.net\tSUP-1'
	same "$(tkt-show --messages 1 | jq -r 'select(.direction == "in") | .body')" 'It is silent.'
}

@test "who answers a Message-ID that we signed has got that mail, and joins" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	id=$(tkt-mailout --list -o message_id)
	mail colleague@example.com 'Re: Printer' 'She told me.' "In-Reply-To: <$id>" | tkt-mailin
	mail eve@example.net 'Re: Printer' 'Tell me.' "In-Reply-To: <${id/.r1-??/.r1-aa}>" | tkt-mailin
	same "$(tkt-log --mail -o fate,ticket)" $'opened\tSUP-1\nappended\tSUP-1\nopened\tSUP-2'
}

@test "who was copied may answer" {
	mail anna@example.com 'Printer' 'It is silent.' 'Cc: Bob@Example.net' | tkt-mailin
	mail bob@example.net 'Re: [SUP-1] Printer' 'Here too.' | tkt-mailin
	same "$(tkt-log --mail -o fate,ticket)" $'opened\tSUP-1\nappended\tSUP-1'
}

@test "at most ten of the first letter's Cc become copies" {
	mail anna@example.com 'Printer' 'Silent.' "Cc: $(printf 'c%d@example.net, ' {1..30})d@example.net" | tkt-mailin
	same "$(tickets cc)" "$(printf 'c%d@example.net,' {1..9})c10@example.net"
}

@test "an out-of-office answer joins, gets no answer and re-opens nothing; without a ticket it opens none" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	id=$(tkt-mailout --list -o message_id)
	tkt-set --quiet 1 status=resolved
	mail anna@example.com 'Out of office' 'Back on Monday.' 'Auto-Submitted: auto-replied' "In-Reply-To: <$id>" | tkt-mailin
	mail bob@example.com 'Out of office' 'Back on Friday.' 'Auto-Submitted: auto-replied' | tkt-mailin
	same "$(tickets id,status)" $'SUP-1\tresolved'
	same "$(fates)" $'opened\tSUP-1\t\nautomatic\tSUP-1\tan automatic reply\nautomatic\t\tan automatic reply'
	same "$(tkt-mailout --list -o number)" 1
}

@test "a delivery report joins the ticket of the mail it is about" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	id=$(tkt-mailout --list -o message_id)
	tkt-mailin --sender '<>' <<-END
		From: MAILER-DAEMON@example.net
		To: support@example.org
		Subject: Undelivered Mail Returned to Sender
		Message-ID: <bounce@example.net>
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status; boundary=b

		--b
		Content-Type: text/plain

		No such mailbox.
		--b
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mx.example.net

		Final-Recipient: rfc822; anna@example.com
		Action: failed
		Status: 5.1.1
		--b
		Content-Type: text/rfc822-headers

		From: support@example.org
		Message-ID: <$id>
		--b--
	END
	same "$(fates)" $'opened\tSUP-1\t\nbounce\tSUP-1\ta delivery report'
	same "$(tickets id,status)" $'SUP-1\tnew'
	same "$(tkt-show --messages 1 | jq -c '[.direction, .auto, .bounce]')" $'["in",false,false]\n["out",true,false]\n["in",true,true]'
}

@test "our own mail that comes back opens nothing" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	mark=$(mark)
	[ -n "$mark" ]
	mail postmaster@example.net 'Copy' 'Text' "X-Tkt-Desk: $mark" | tkt-mailin
	mail support@example.org 'Loop' 'Text' | tkt-mailin
	same "$(fates)" $'opened\tSUP-1\t\nautomatic\t\tour own mail came back\nautomatic\t\tour own mail came back'
}

@test "list mail is taken only where the desk says so, generated mail unless it says no" {
	mail anna@example.com 'Digest' 'News.' 'List-Id: <news.example.com>' | tkt-mailin
	mail cron@example.com 'Disk full' '/dev/sda' 'Auto-Submitted: auto-generated' | tkt-mailin
	same "$(fates)" $'automatic\t\tlist mail is not taken\nopened\tSUP-1\t'
	same "$(tkt-mailout --list -o number)" ''
	printf 'accept_lists = true\naccept_generated = false\n' >>"$TKT_DESK/desk.conf"
	mail anna@example.com 'Digest 2' 'News.' 'List-Id: <news.example.com>' | tkt-mailin
	mail cron@example.com 'Disk full again' '/dev/sda' 'Auto-Submitted: auto-generated' | tkt-mailin
	same "$(tkt-log --mail -o fate,reason | tail -n 2)" $'opened\t\nautomatic\tgenerated mail is not taken'
}

@test "nothing answers the null sender, from an option, the environment or Return-Path" {
	mail anna@example.com One 'Text' | tkt-mailin --sender '<>'
	mail anna@example.com Two 'Text' | SENDER='' tkt-mailin
	{ printf 'Return-Path: <>\n' && mail anna@example.com Three 'Text'; } | tkt-mailin
	same "$(tkt-mailout --list -o number)" ''
	same "$(tkt-log --mail -o fate)" $'opened\nopened\nopened'
}

@test "the envelope stands in the ledger: options before the environment before the header" {
	letter() { printf 'Return-Path: <h@example.com>\nX-Original-To: x@example.org\n' && mail anna@example.com "$1" 'Text'; }
	letter One | tkt-mailin
	letter Two | SENDER=e@example.com ORIGINAL_RECIPIENT=o@example.org RECIPIENT=r@example.org tkt-mailin
	letter Three | SENDER=e@example.com RECIPIENT=r@example.org tkt-mailin -s O@example.com
	same "$(tkt-log --mail -o sender,recipient)" \
		$'h@example.com\tx@example.org\ne@example.com\to@example.org\no@example.com\tr@example.org'
}

@test "what has no header field is refused, kept, and no failure" {
	run -0 --separate-stderr tkt-mailin </dev/null
	[ -z "$output$stderr" ]
	printf '\n\nhello' | tkt-mailin
	same "$(tkt-log --mail -o fate,size,reason)" $'refused\t0\tnot one header field: no letter\nrefused\t7\tnot one header field: no letter'
	same "$(tickets id)" ''
}

@test "received: when the trusted host says so, and no later than it is taken in" {
	local number=0 line
	for line in 'from a by mx.example.org; Mon, 2 Mar 2026 08:30:00 +0000' \
		'from a by mx.example.net; Mon, 2 Mar 2026 08:30:00 +0000' \
		'from a by mx.example.org; Mon, 2 Mar 2026 09:00:01 +0000'; do
		number=$((number + 1))
		# shellcheck disable=SC2094
		{ printf 'Received: %s\n' "$line" && mail anna@example.com "$number" 'Text'; } >"$number"
	done
	tkt-mailin <./1
	echo 'trusted_host = "mx.example.org"' >>desk/desk.conf
	sed 's/^Subject.*/Subject: 4/; s/^Message-ID: </&again./' 1 | tkt-mailin
	tkt-mailin <./2
	tkt-mailin <./3
	mkdir -p box/{new,cur,tmp}
	printf 'Received: from mx by store.example.org; Mon, 2 Mar 2026 08:45:00 +0000\n' | cat - 1 |
		sed 's/^Subject.*/Subject: 5/; s/^Message-ID: </&third./' >box/new/1
	tkt-mailin --maildir box
	same "$(tkt-list -s id -o subject,received_at,created_at)" "\
1	2026-03-02T09:00:00Z	2026-03-02T09:00:00Z
4	2026-03-02T08:30:00Z	2026-03-02T09:00:00Z
2	2026-03-02T09:00:00Z	2026-03-02T09:00:00Z
3	2026-03-02T09:00:00Z	2026-03-02T09:00:00Z
5	2026-03-02T08:30:00Z	2026-03-02T09:00:00Z"
}

@test "a maildir: each letter is moved to cur once it is safe; a second run finds nothing" {
	mkdir -p box/{new,cur,tmp}
	mail anna@example.com One 'Text' >box/new/1.a.host
	{ printf 'Received: from a by b; Sun, 1 Mar 2026 10:00:00 +0300\n' && mail bob@example.com Two 'Text'; } >box/new/2.b.host
	touch -d 2026-02-28T08:00:00Z box/new/1.a.host
	tkt-mailin --maildir box
	same "$(tickets subject,received_at)" $'One\t2026-02-28T08:00:00Z\nTwo\t2026-03-01T07:00:00Z'
	same "$(cd box && find . -type f | sort)" $'./cur/1.a.host:2,S\n./cur/2.b.host:2,S'
	tkt-mailin --maildir box
	same "$(fates | wc -l)" 2
}

@test "a maildir: what is no letter or cannot be read keeps none of the others back" {
	mkdir -p box/{new/2.folder,cur,tmp}
	mkfifo box/new/1.pipe
	printf 'Subject: A secret\n\nText\n' >secret
	ln -s ../../secret box/new/3.link
	mail anna@example.com One Text >box/new/4
	run -75 --separate-stderr timeout 10 tkt-mailin --maildir box
	same "$stderr" "tkt-mailin: 'box/new/1.pipe' is no file, so it is no letter
tkt-mailin: 'box/new/2.folder' is no file, so it is no letter
tkt-mailin: 'box/new/3.link' is no file, so it is no letter"
	same "$(tickets subject)" One
	same "$(cd box && find . ! -type d | sort)" $'./cur/4:2,S\n./new/1.pipe\n./new/3.link'
}

@test "an mbox: quoted From lines are unquoted, the file stays; a second run finds duplicates" {
	{
		printf 'From a@example.com Mon Mar  2 09:00:00 2026\n' && mail anna@example.com One $'Text\n\n>From here\n>>From there' && echo
		printf 'From b@example.com Mon Mar  2 09:00:00 2026\n' && mail bob@example.com Two 'Text' && echo
	} >box.mbox
	cp box.mbox before
	tkt-mailin --mbox box.mbox
	cmp box.mbox before
	same "$(tkt-show --messages 1 | jq -r 'select(.direction == "in") | .body')" $'Text\n\nFrom here\n>From there'
	tkt-mailin --mbox box.mbox
	same "$(tkt-log --mail -o fate,ticket)" $'opened\tSUP-1\nopened\tSUP-2\nduplicate\tSUP-1\nduplicate\tSUP-2'
}

@test "more letters than one transaction holds" {
	mkdir -p box/{new,cur,tmp}
	for i in {1..450}; do mail "p$i@example.com" "Letter $i" Text >"box/new/$i"; done
	tkt-mailin --maildir box
	same "$(tkt-list --count --all)" 450
	same "$(find box/new -type f)" ''
}

@test "every failure is 75 with one sentence: usage, desk, desk.conf, database, maildir" {
	run -75 --separate-stderr tkt-mailin --maildir a --mbox b </dev/null
	same "$stderr" 'tkt-mailin: give one of --maildir, --mbox, --release and --expire'
	run -75 --separate-stderr tkt-mailin --maildir nowhere </dev/null
	same "$stderr" "tkt-mailin: cannot read the maildir 'nowhere': No such file or directory"
	run -75 --separate-stderr tkt-mailin --mbox nowhere </dev/null
	same "$stderr" "tkt-mailin: cannot read 'nowhere': No such file or directory"
	mail anna@example.com One Text >letter.eml
	run -75 --separate-stderr tkt-mailin -D nowhere <letter.eml
	same "$stderr" "tkt-mailin: cannot read the desk 'nowhere': No such file or directory"
	echo 'name = ' >"$TKT_DESK/desk.conf"
	run -75 tkt-mailin <letter.eml
	[[ $output = 'tkt-mailin: desk.conf:'* ]]
}

@test "a broken template takes the acknowledgement and the ticket with it: try again" {
	printf 'Subject: {{nonsense}}\n\nText\n' >"$TKT_DESK/templates/ack.en"
	mail anna@example.com One Text >letter.eml
	run -75 --separate-stderr tkt-mailin <letter.eml
	[[ $stderr = *"templates/ack.en:1"*"nonsense"* ]]
	same "$(tickets id)" ''
	same "$(fates)" ''
	rm "$TKT_DESK/templates/ack.en"
	tkt-mailin <letter.eml
	same "$(tickets id)" SUP-1
}

@test "a letter of 5 MB with an attachment comes back byte for byte" {
	head -c 3000000 /dev/urandom >data
	{
		printf 'From: anna@example.com\nSubject: Big\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n'
		printf -- '--b\nContent-Type: text/plain\n\nSee there.\n--b\nContent-Type: application/octet-stream; name=data\nContent-Transfer-Encoding: base64\n\n'
		base64 data
		printf -- '--b--\n'
	} >letter.eml
	tkt-mailin -n <letter.eml
	same "$(find "$TKT_DESK/blobs" -mindepth 1)" ''
	tkt-mailin <letter.eml
	tkt-show 1 --raw | head -c "$(stat -c %s letter.eml)" | cmp - letter.eml
	tkt-show 1 --attachment 1 | cmp - data
	[ "$(find "$TKT_DESK/blobs" -type f | wc -l)" -eq 2 ]
}
