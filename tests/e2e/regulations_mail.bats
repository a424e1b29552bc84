#!/usr/bin/env bats
# Rules of written support regulations that tell of mail, each by its number, through the installed tools.
load helper
load ../mail/files

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	settings
}

# settings LINE...: a desk with these lines
settings() {
	printf '%s\n' 'name = "Service"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'languages = {"en", "ru"}' \
		'transport "maildir" { path = "outbox" }' "$@" | conf
}

# filter SCRIPT: judges each letter
filter() {
	printf '#!/bin/sh\n%s\n' "$1" >filter
	chmod +x filter
	settings "filter \"spam\" { command = \"$PWD/filter\" }" 'acknowledge = "all"'
}

# answers: the automatic mails that wait to leave, each with its ticket
answers() {
	tkt-mailout --list -o ticket,recipients,subject --format tsv
}

messages() {
	tkt-show --messages --format json "$1"
}

@test "S0-2: mail and phone both make tickets; the channel is stored, and filters" {
	mail anna@example.com 'By mail' 'It is silent.' | tkt-mailin
	echo 'She rang: it is silent.' | tkt-new --quiet --channel phone --requester boris@example.com --subject 'By phone'
	same "$(tkt-list -o id,channel,subject --format tsv)" $'SUP-1\tmail\tBy mail\nSUP-2\tphone\tBy phone'
	same "$(tkt-list channel=phone -o id --format tsv)" SUP-2
	same "$(tkt-list channel=mail -o id --format tsv)" SUP-1
	same "$(messages SUP-2 | jq -r .channel)" phone
}

@test "S0-6: screenshots are JPG, GIF or PNG by their contents; others are kept aside and the sender told; other files are untouched" {
	settings 'attachment "image" { allow = {"image/jpeg", "image/gif", "image/png"} }'
	letter anna@example.com 'Screenshots' jpeg:image/jpeg:1.jpg gif:image/gif:2.gif png:application/octet-stream:3.dat \
		bmp:image/png:4.png webp:image/webp:5.webp pdf:application/pdf:6.pdf text:text/plain:7.log | tkt-mailin
	same "$(messages SUP-1 | jq -r 'select(.direction == "in").attachments[] | "\(.name) \(.set_aside // "taken")"')" '1.jpg taken
2.gif taken
3.dat taken
4.png image/bmp is not allowed
5.webp image/webp is not allowed
6.pdf taken
7.log taken'
	same "$(answers)" $'SUP-1\tanna@example.com\t[SUP-1] Some attachments were set aside'
	same "$(messages SUP-1 | jq -r 'select(.direction == "out").body' | grep image)" \
		'of a kind that is not accepted: 4 (image/bmp), 5 (image/webp)'
	tkt-show --quiet --save taken SUP-1 2>/dev/null
	same "$(cd taken && echo *)" '1.jpg 2.gif 3.dat 6.pdf 7.log'
	tkt-show --attachment 4 --aside SUP-1 | cmp - <(file bmp) # nothing is thrown away
}

@test "S0-14: Date, every Received hop and the receipt are kept, and the delay of transport is their difference" {
	{
		printf 'Received: from relay.example.net by mx.example.org; Mon, 2 Mar 2026 08:58:30 +0000\n'
		printf 'Received: from laptop.example.com\n\tby relay.example.net; Mon, 2 Mar 2026 11:40:05 +0300 (MSK)\n'
		mail anna@example.com 'Slow' 'It came late.' | sed 's/^Date: .*/Date: Mon, 02 Mar 2026 11:40:00 +0300/'
	} | tkt-mailin
	messages SUP-1 >objects
	same "$(jq -c 'select(.direction == "in") | [.sent_at, .hops, .received_at]' objects)" \
		'["2026-03-02T08:40:00Z",[{"by":"mx.example.org","from":"relay.example.net","at":"2026-03-02T08:58:30Z"},{"by":"relay.example.net","from":"laptop.example.com","at":"2026-03-02T08:40:05Z"}],"2026-03-02T09:00:00Z"]'
	same "$(jq 'select(.hops) | (.received_at | fromdate) - (.sent_at | fromdate)' objects)" 1200
	same "$(jq -c 'select(.hops) | [.hops[].at | fromdate] | [.[:-1], .[1:]] | transpose | map(.[0] - .[1])' objects)" '[1105]'
	same "$(tkt-list -o sent_at,received_at --format tsv)" $'2026-03-02T08:40:00Z\t2026-03-02T09:00:00Z'
}

@test "S0-16: mail that a spam filter holds is listed, and released with its original times" {
	filter 'grep -q bargain || exit 0; echo "it sells something"; exit 1'
	mail anna@example.com 'Not spam' 'Your bargain does not work.' | tkt-mailin --now 2026-02-28T10:00:00Z
	mail boris@example.com 'Good' 'It works.' | tkt-mailin
	same "$(tkt-log --mail fate=quarantined -o number,received_at,reason --format tsv)" \
		$'1\t2026-02-28T10:00:00Z\tfilter \'spam\': it sells something'
	same "$(tkt-list -o id,subject --format tsv)" $'SUP-1\tGood'
	tkt-mailin --release 1
	same "$(tkt-list 'subject = "Not spam"' -o id,received_at,created_at --format tsv)" $'SUP-2\t2026-02-28T10:00:00Z\t2026-03-02T09:00:00Z'
	same "$(tkt-log --mail fate=quarantined -o number --format tsv)" ''
	same "$(answers | cut -f 1,2)" $'SUP-1\tboris@example.com\nSUP-2\tanna@example.com'
}

@test "S2-2: an answer to a letter that is not the desk's opens a ticket, though its sender has one" {
	mail anna@example.com 'First' 'It is silent.' | tkt-mailin
	mail anna@example.com 'Re: See our demo' 'Show me.' 'In-Reply-To: <demo@sales.example.org>' 'References: <demo@sales.example.org>' | tkt-mailin
	same "$(tkt-list -o id,subject --format tsv)" $'SUP-1\tFirst\nSUP-2\tRe: See our demo'
}

@test "S4-2: every accepted letter is confirmed, follow-ups too, one for each, never to a machine" {
	settings 'acknowledge = "all"'
	mail anna@example.com 'First' 'It is silent.' | tkt-mailin
	mail anna@example.com 'Re: [SUP-1] First' 'Still.' | tkt-mailin
	mail anna@example.com 'Re: [SUP-1] First' 'And still.' | tkt-mailin
	mail robot@example.com 'Alert' 'disk full' 'Auto-Submitted: auto-generated' | tkt-mailin
	mail anna@example.com 'Away' 'I am away.' 'Auto-Submitted: auto-replied' | tkt-mailin
	mail list@example.com 'News' 'None.' 'List-Id: <news.example.com>' 'Precedence: list' | tkt-mailin
	mail mailer-daemon@example.com 'Undelivered Mail' 'No.' | tkt-mailin --sender ''
	same "$(answers)" $'SUP-1\tanna@example.com\t[SUP-1] We have received your request
SUP-1\tanna@example.com\t[SUP-1] We have received your letter
SUP-1\tanna@example.com\t[SUP-1] We have received your letter'
	same "$(tkt-log --mail -o fate --format tsv | tr '\n' ' ')" 'opened appended appended opened automatic automatic bounce '
}

@test "S4-3: what is held as spam or was taken in before is not confirmed; only then is a letter accepted" {
	filter 'grep -q bargain || exit 0; echo spam; exit 1'
	mail anna@example.com 'Question' 'It is silent.' >question
	mail eve@example.net 'Offer' 'A bargain.' | tkt-mailin
	tkt-mailin <question
	tkt-mailin <question
	mail eve@example.net 'Re: [SUP-1] Question' 'A bargain.' | tkt-mailin
	same "$(tkt-log --mail -o fate --format tsv)" $'quarantined\nopened\nduplicate\nquarantined'
	same "$(answers | cut -f 1,2)" $'SUP-1\tanna@example.com'
}

@test "S4-4: an id is given once: after a letter that failed, one that was killed, and in a copy that is armed" {
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: {{nothing}}\n\nx\n' >"$TKT_DESK/templates/ack.en"
	mail anna@example.com 'Question' 'It is silent.' >question
	run -75 tkt-mailin <question
	same "$(tkt-list --all -o id --format tsv)$(answers)" ''
	rm "$TKT_DESK/templates/ack.en"
	tkt-mailin <question
	local i
	for i in 1 2 3 4 5 6 7 8; do
		mail "u$i@example.com" "Question $i" 'It is silent.' >letter
		timeout -s KILL "0.0$i" tkt-mailin <letter || true
		tkt-mailin <letter # the mail server's retry
	done 2>/dev/null
	tkt-list --all -o id,subject --format tsv >tickets
	same "$(cut -f 2 tickets | sort)" "$(printf 'Question%s\n' '' ' 1' ' 2' ' 3' ' 4' ' 5' ' 6' ' 7' ' 8')"
	same "$(cut -f 1 tickets | sort | uniq -d)" ''
	same "$(answers | cut -f 1 | sort)" "$(cut -f 1 tickets | sort)"

	cp -a "$TKT_DESK" copy
	mail zoe@example.com 'In the original' 'x' | tkt-mailin
	tkt-init --quiet --arm --desk copy 2>/dev/null
	mail zoe@example.com 'In the copy' 'x' | tkt-mailin --desk copy
	local original copied
	original=$(tkt-list 'subject = "In the original"' -o id --format tsv)
	copied=$(tkt-list --desk copy 'subject = "In the copy"' -o id --format tsv)
	[ "${copied#SUP-}" -gt "$((${original#SUP-} + 900))" ]
}

@test "S4-6: an id in the subject joins the letter through Re, Fwd, Отв, На, folding, re-encoding and tags of lists" {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	local subject
	for subject in 'Re: [SUP-1] Printer' 'Fwd: Re: SUP-1 Printer' 'Отв: [SUP-1] Printer' 'На: Re: [SUP-1] Printer' \
		$'Re: [SUP-1]\n Printer' '[news] [EXTERNAL] Re: [SUP-1] Printer' "=?koi8-r?B?$(printf 'Отв: [SUP-1] Печать' | iconv -t KOI8-R | base64)?="; do
		mail anna@example.com "$subject" "Still: $subject" | tkt-mailin
	done
	same "$(tkt-list --all -o id --format tsv)" SUP-1
	same "$(messages SUP-1 | jq -r 'select(.direction == "in").id' | wc -l)" 8
}
