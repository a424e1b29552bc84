#!/usr/bin/env bats
# Rules of written support regulations that tell by which ways a request comes, and what it is there,
# each by its number, through the installed tools: the rules are data in desk.conf.
load regulation

# call CHANNEL SUBJECT TEXT [FIELD=VALUE...]: what an agent writes down, or a site's chat hands over.
call() {
	local channel=$1 subject=$2 text=$3
	shift 3
	tkt-new --quiet -s "$subject" -c "$channel" -r anna@example.com "$@" <<<"$text"
}

# refused CHANNEL: 77, the pointer, and nothing is there that was not there before.
refused() {
	local before
	before=$(tkt-list --all)
	run -77 --separate-stderr tkt-new -s 'Please do it' -c "$1" -r anna@example.com <<<'It is urgent.'
	[[ $stderr == "tkt-new: nothing is registered: channel '$1' takes no such request (desk.conf:"*"): $2" ]]
	same "$output|$(tkt-list --all)" "|$before"
}

# A hosting provider: phone, tickets and mail at any hour; a chat by day, for less.
hosting() {
	settings <<-'END'
		timezone = "Europe/Moscow"   acknowledge = none
		calendar "always" { week = {"always"} }
		calendar "office" { timezone = "Europe/Moscow"   week = {"mon-fri 09:00-18:00"}   holidays = {"ru"} }
		calendar "day"    { timezone = "Europe/Moscow"   week = {"mon-sun 09:00-21:00"} }
		channel "phone" { calendar = "always"   identity = none }
		channel "panel" { calendar = "always" }
		channel "mail"  { calendar = "always" }
		channel "chat" {
		    calendar = "day"   identity = none   outside = consult   add = {"tags=talk"}
		    match = {'description ~ "\b(tariff|price|order|how)\b"'}
		}
		sla "all" { calendar = "office"   first_response = "2wh" }
		action "work" { match = {"not tags=talk"} }
	END
}

@test "S1-1: phone, tickets and mail are answered round the clock, on no day off" {
	hosting
	at 2026-01-01T21:30:00Z # half past midnight of a holiday in Moscow
	letter anna@example.com Letter 'How do I order it?'
	call phone Call 'How do I order it?'
	call panel Panel 'How do I order it?'
	call shell Other 'How do I order it?' # no channel of desk.conf: by the hours of the promise
	same "$(tkt-list -s id -o channel,due)" $'mail\t2026-01-01T23:30:00Z\nphone\t2026-01-01T23:30:00Z\npanel\t2026-01-01T23:30:00Z
shell\t2026-01-12T08:00:00Z'
}

@test "S1-2: the chat has hours of its own, by day, and a narrower scope" {
	hosting
	at 2026-03-01T18:30:00Z # a Sunday, half past nine in the evening
	call chat Late 'How do I order it?'
	at 2026-03-02T09:00:00Z
	call chat Question 'How do I order it?'
	call chat Work 'My server is down.'
	letter anna@example.com Work 'My server is down.'
	same "$(tkt-list -s id -o id,channel,tags,due)" $'SUP-1\tchat\ttalk\t2026-03-02T08:00:00Z
SUP-2\tchat\t\t2026-03-02T11:00:00Z\nSUP-3\tchat\ttalk\t2026-03-02T11:00:00Z\nSUP-4\tmail\t\t2026-03-02T11:00:00Z'
	run -65 --separate-stderr tkt-set --action work SUP-3
	same "$stderr" "tkt-set: action 'work' is not for tickets like 'SUP-3'"
	same "$(tkt-set --action work SUP-4 -o id)" SUP-4
}

# Two addresses are published; what reaches another one is routed, and noted.
published() {
	settings <<-'END'
		addresses = {"help@example.org", "root@example.org", "old@example.net"}   recipient_delimiter = "+"
		recognise "alias" { pattern = '(?m)^(?!(?:support|help)(?:\+\S*)?@example\.org$)(?<alias>\S+@example\.(?:org|net))$'   in = {"recipients"} }
		flag "unpublished" { match = {"fields.alias"} }
		route "alias" { match = {"tags=unpublished"}   set = {"queue=aliases"}   notify = {"group:leads"} }
	END
}

@test "S1-19: only what is published is official: mail by another alias is routed, and noted" {
	published
	letter anna@example.com Official 'To the one.'
	mail anna@example.com Other 'To the other.' | sed 's/^To:.*/To: help@example.org/' | tkt-mailin
	mail anna@example.com Alias 'To an alias.' | sed 's/^To:.*/To: Root@Example.org, support@example.org/' | tkt-mailin
	mail anna@example.com Copy 'As a copy.' 'Cc: old@example.net, bob@example.com' | tkt-mailin
	mail anna@example.com Blind 'Nothing in To tells.' | tkt-mailin --recipient Root+x1@example.org
	mail anna@example.com Answer 'By a signed address.' | tkt-mailin --recipient support+abc@example.org
	same "$(tkt-list -s id -o subject,queue,tags,fields.alias,cc)" $'Official\tsupport\t\t\t\nOther\tsupport\t\t\t
Alias\taliases\tunpublished\troot@example.org\t\nCopy\taliases\tunpublished\told@example.net\tbob@example.com
Blind\taliases\tunpublished\troot@example.org\t\nAnswer\tsupport\t\t\t'
	same "$(tkt-show --messages --format json SUP-5 | jq -r 'select(.direction == "in").recipient')" root@example.org
	same "$(tkt-log ticket=SUP-5 actor=tool:tkt-route -o why,rule)" $'route alias\tdesk.conf:9'
	tkt-sla --sweep --quiet
	same "$(tkt-mailout --list | jq -r 'select(.ticket == null) | .recipients[0], (.body | scan("(?m)^SUP-[0-9]+"))')" $'leads@example.org\nSUP-3\nSUP-4\nSUP-5'
}

@test "S1-19: tkt-intake, later, knows by which alias a letter came, as tkt-mailin does" {
	published
	mail anna@example.com Blind 'Nothing in To tells.' | tkt-mailin --no-intake --recipient root@example.org
	same "$(tkt-list | tkt-intake | tkt-route -o queue,tags)" $'aliases\tunpublished'
}

# A softphone: by mail alone.
by_mail() {
	settings <<-'END'
		channel "phone" { accept = none   reply = "write" }
		channel "chat"  { accept = none   reply = "write" }
	END
	template write 'Please write' $'Please write to {{desk.address}}:\nrequests are taken by mail.'
}

@test "S2-1: by mail alone: a request by phone or chat is declined with a pointer, and not registered" {
	by_mail
	letter anna@example.com Letter 'Please do it.'
	refused phone 'Please write to support@example.org: requests are taken by mail.'
	refused chat 'Please write to support@example.org: requests are taken by mail.'
	same "$(tkt-log | jq -r .ticket | sort -u)" SUP-1
}

@test "S2-10: every letter is in the ledger with one fate, and the day's sum proves it" {
	by_mail
	printf '#!/bin/sh\ngrep -q bargain || exit 0; echo "it sells"; exit 1\n' >filter
	chmod +x filter
	{ cat "$TKT_DESK/desk.conf" && printf 'filter "spam" { command = "%s/filter" }\n' "$PWD"; } >new && conf <new
	mkdir letters
	mail anna@example.com One 'It is silent.' | tee letters/1 >letters/2
	mail anna@example.com 'Re: [SUP-1] One' 'Still.' >letters/3
	echo 'no letter' >letters/4
	mail eve@example.net Offer 'A bargain.' >letters/5
	mail bob@example.com Away 'I am away.' 'Auto-Submitted: auto-replied' >letters/6
	{ echo 'Return-Path: <>' && mail mailer-daemon@example.com 'Undelivered Mail' 'No.'; } >letters/7
	printf 'From: \377\nSubject: =?utf-8?q?\n\n\0' >letters/8 # it can hardly be read, and is a ticket
	local letter fates
	for letter in letters/*; do
		tkt-mailin <"$letter"
	done
	mail bob@example.com Two 'The day after.' | tkt-mailin --now 2026-03-03T09:00:00Z
	fates=$(tkt-log --mail 'received_at >= 2026-03-02' 'received_at < 2026-03-03' -o fate)
	same "$(sort <<<"$fates" | uniq -c | sed 's/^ *//')" $'1 appended\n1 automatic\n1 bounce\n1 duplicate\n2 opened\n1 quarantined\n1 refused'
	same "$(wc -l <<<"$fates")" "$(find letters -type f | wc -l)"
	same "$(tkt-log --mail fate=opened -o ticket)" "$(tkt-list --all -s id -o id)"
}

# A site builder: the phone is talk.
builder() {
	settings <<-'END'
		channel "phone" { accept = consult   identity = none   add = {"tags=talk"} }
		form "known" { require = {"fields.contract"} }
		question "contract" { text = {"en: Which contract?", "ru: Номер договора?"} }
		action "advise" { }
		action "change" { channels = {"mail", "form"}   needs = claimed }
		action "tell"   { channels = {"mail", "form"}   needs = claimed }
	END
}

@test "S3-1: the phone is for advice: a call carries no change, and nothing confidential leaves by it" {
	builder
	call phone Call 'She asks how to add a page, and her password.' identity=claimed
	letter anna@example.com Letter 'Please add a page to K-77.'
	same "$(tkt-list -s id -o channel,identity,tags,lacks)" $'phone\tnone\ttalk\t\nmail\tclaimed\t\tfields.contract'
	same "$(tkt-set --action advise SUP-1 -o id)" SUP-1
	local action
	for action in change tell; do
		run -77 --separate-stderr tkt-set --action $action SUP-1
		same "$stderr" "tkt-set: action '$action' is not done for ticket 'SUP-1': it is asked for by mail, form alone"
		run -77 --separate-stderr tkt-reply --action $action --channel phone SUP-1 <<<'Your password is 7.'
	done
	same "$(tkt-show --messages --format json SUP-1 | jq -r .direction)" in
	same "$(tkt-set --action change SUP-2 -o id)" SUP-2
	same "$(answers SUP-1)|$(answers SUP-2)" $'|We need to know more\n1. Which contract?' # talk is asked nothing
}

# A web studio: letters and the site; the rest is talk, which is no request.
studio() {
	settings <<-'END'
		channel "telegram" { accept = none   reply = "write" }
		channel "phone"    { accept = none   reply = "write" }
		channel "site"     { acknowledge = all }
	END
	template write 'Please write' 'This is talk. A request is a letter to {{desk.address}}.'
}

@test "S4-8: Telegram and phone are talk: nothing is registered from there" {
	studio
	refused telegram 'This is talk. A request is a letter to support@example.org.'
	refused phone 'This is talk. A request is a letter to support@example.org.'
	letter anna@example.com Letter 'Please do it.'
	call site Site 'Please do it.'
	same "$(tkt-list -s id -o channel)" $'mail\nsite'
	same "$(answers SUP-1)|$(answers SUP-2)" 'We have received your request|We have received your request'
	run -77 --separate-stderr tkt-new -o id,channel <<<$'{"subject":"One","channel":"telegram"}\n{"subject":"Two","channel":"site"}'
	same "$output" $'SUP-3\tsite'
}
