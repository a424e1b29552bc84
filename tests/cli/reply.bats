#!/usr/bin/env bats
# tkt-reply: who gets what, what is on record, and that no typed text is lost.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state TKT_AGENT=ivanova
	mkdir "$XDG_STATE_HOME"
	conf <<-'END'
		address = "support@example.org"
		name = "Support"
		acknowledge = false
		transport "maildir" { path = "outbox" }
	END
	mail 'Anna <anna@example.com>' 'Printer' 'It is silent.' 'Message-ID: <one@example.com>' \
		'Cc: Bob <bob@example.com>, support@example.org' | tkt-mailin
}

# hide: what chance made
hide() {
	sed -E 's/\.(r[0-9]+-[a-z2-7]{16}\.)?[a-z2-7]{15}@/.ID@/g; s/^(X-Tkt-Desk: ).*/\1MARK/; s/,"body_sha256":"[0-9a-f]*"//; s/(tkt-reply-[A-Z]+-[0-9]+-)[A-Za-z0-9]{6}/\1XXXXXX/'
}

# mails: what lies in the maildir, one behind the other by its recipient
mails() {
	tkt-mailout --quiet
	grep -r '^Delivered-To' "$TKT_DESK/outbox/new" | sort -t : -k 3 | cut -d : -f 1 | xargs -r cat | hide
}

# drafts: the texts that were kept
drafts() {
	find "$XDG_STATE_HOME" -type f -exec cat {} +
}

# on_terminal COMMAND...: the lines of standard input are typed at its questions
on_terminal() {
	"$root/tests/terminal" "$@"
}

# editor BODY: $EDITOR is a script that runs BODY with the file's name in $1
editor() {
	printf '#!/bin/bash\n%s\n' "$1" >"$BATS_TEST_TMPDIR/editor"
	chmod +x "$BATS_TEST_TMPDIR/editor"
	export EDITOR="$BATS_TEST_TMPDIR/editor"
}

@test "an answer is a message on record and a mail to requester and cc" {
	run -0 --separate-stderr tkt-reply '#1' <<-'END'

		Is it plugged in?

		> It is silent.

	END
	same "$(hide <<<"$output")" '{"type":"message","id":"2","ticket":"TKT-1","kind":"public","direction":"out","channel":"mail","author":{"email":"support@example.org","name":"Support"},"to":[{"email":"anna@example.com","name":"Anna"}],"cc":[{"email":"bob@example.com"}],"subject":"Re: [TKT-1] Printer","body":"Is it plugged in?\n\n> It is silent.","message_id":"TKT-1.ID@example.org","in_reply_to":"one@example.com","references":["one@example.com"],"received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false}'
	same "$stderr" ''
	valid message <<<"$output"
	letter='Date: Mon, 02 Mar 2026 09:00:00 +0000
From: Support <support@example.org>
To: Anna <anna@example.com>
Cc: bob@example.com
Subject: Re: [TKT-1] Printer
Message-ID: <TKT-1.ID@example.org>
In-Reply-To: <one@example.com>
References: <one@example.com>
X-Tkt-Desk: MARK
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 7bit

Is it plugged in?

> It is silent.'
	same "$(mails)" "Return-Path: <support@example.org>
Delivered-To: anna@example.com
$letter
Return-Path: <support@example.org>
Delivered-To: bob@example.com
$letter"
	run -0 tkt-list -o id,status,last_out_at
	same "$output" $'TKT-1\topen\t2026-03-02T09:00:00Z'
	run -0 bash -c "tkt-log | tail -n 1 | jq -c '[.actor, .tool, .message.author.email]'"
	same "$output" '["agent:ivanova","tkt-reply","support@example.org"]'
}

@test "the customer's answer joins; the next mail has the id once and names the whole thread" {
	tkt-reply --quiet 1 <<<'Is it plugged in?'
	id=$(tkt-show 1 | jq -r 'select(.direction == "out") | .message_id')
	mail anna@example.com 'Re: [TKT-1] Printer' 'Yes.' 'Message-ID: <two@example.com>' "In-Reply-To: <$id>" \
		"References: <one@example.com> <$id>" | tkt-mailin
	run -0 --separate-stderr tkt-reply --now 2026-03-02T10:00:00Z 1 <<<'Then we come.'
	same "$(jq -c '[.subject, .in_reply_to, .references]' <<<"$output" | sed "s/$id/ours@example.org/")" \
		'["Re: [TKT-1] Printer","two@example.com",["one@example.com","ours@example.org","two@example.com"]]'
	run -0 tkt-list -o id
	same "$output" TKT-1
}

@test "our acknowledgement is no part of the thread" {
	sed -i 's/acknowledge = false//' "$TKT_DESK/desk.conf"
	mail carol@example.com 'Invoice' 'Again, please.' 'Message-ID: <three@example.com>' | tkt-mailin
	run -0 tkt-reply 2 <<<'Here it is.'
	same "$(jq -c '[.in_reply_to, .references]' <<<"$output")" '["three@example.com",["three@example.com"]]'
}

@test "a note and a call are on record; no mail leaves" {
	run -0 --separate-stderr tkt-reply --internal 1 <<<'He is angry.'
	same "$(hide <<<"$output")" '{"type":"message","id":"2","ticket":"TKT-1","kind":"internal","direction":"out","channel":"shell","author":{"name":"ivanova"},"body":"He is angry.","received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false}'
	same "$(tkt-list -o status,last_out_at)" $'new\t'
	run -0 --separate-stderr tkt-reply --channel phone 1 <<<'Told her to plug it in.'
	same "$(hide <<<"$output")" '{"type":"message","id":"3","ticket":"TKT-1","kind":"public","direction":"out","channel":"phone","author":{"email":"support@example.org","name":"Support"},"body":"Told her to plug it in.","received_at":"2026-03-02T09:00:00Z","auto":false,"bounce":false}'
	same "$stderr" ''
	same "$(tkt-list -o status,last_out_at)" $'open\t2026-03-02T09:00:00Z'
	same "$(tkt-mailout --list --all)" ''
}

@test "status, fields, files and reason go in the same step" {
	printf 'a,b\n' >table.csv
	run -0 tkt-reply -a table.csv -s pending --set pending_reason=customer --set tags+=printer -w 'asked back' 1 <<<'See the file.'
	same "$(jq -c .attachments <<<"$output")" '[{"name":"table.csv","content_type":"text/plain","size":4,"sha256":"5be08c9684a1d25efcee09318204824278b08bbfb4aef973ffefd0b9d7478313"}]'
	run -0 tkt-list -o status,pending_reason,tags
	same "$output" $'pending\tcustomer\tprinter'
	run -0 bash -c "tkt-log | tail -n 1 | jq -c '[.why, .was, .set.status]'"
	same "$output" '["asked back",{"rev":1,"status":"new","pending_reason":null,"tags":null,"last_out_at":null},"pending"]'
	same "$(mails | sed -n '/filename/,/^--/p; /^--.*--$/q' | sed 's/^--=.*/--/')" 'Content-Disposition: attachment; filename=table.csv
Content-Transfer-Encoding: base64

YSxiCg==

--'
}

@test "a template is rendered for each ticket, in its language" {
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: About {{id}}\n\nHello {{requester.name}},\nwe are {{desk.name}}.\n' >"$TKT_DESK/templates/hello.en"
	printf 'Subject: О заявке {{id}}\n\nЗдравствуйте!\n' >"$TKT_DESK/templates/hello.ru"
	sed -i '1i languages = {"en", "ru"}' "$TKT_DESK/desk.conf"
	mail bob@example.com 'Печать' 'Принтер молчит, помогите.' | tkt-mailin
	run -0 --separate-stderr bash -c 'tkt-list --sort created_at | tkt-reply --template hello'
	same "$(jq -c '[.ticket, .subject, .body]' <<<"$output")" '["TKT-1","[TKT-1] About TKT-1","Hello Anna,\nwe are Support."]
["TKT-2","[TKT-2] О заявке TKT-2","Здравствуйте!"]'
	run -78 --separate-stderr tkt-reply --template nothing 1
	same "$stderr" "tkt-reply: there is no template 'nothing' in 'en'"
	run -64 --separate-stderr tkt-reply --template ../x 1
	same "$stderr" "tkt-reply: '../x' is no name of a template"
}

@test "a template has times by the desk's clock and lists as a person writes them" {
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: About {{id}}\n\n{{created_at}}; {{tags}}; {{rev}}; {{closed_at}}\n' >"$TKT_DESK/templates/hello.en"
	sed -i '1i timezone = "Europe/Moscow"' "$TKT_DESK/desk.conf"
	tkt-set --quiet 1 tags=one,two
	run -0 tkt-reply --template hello -o body 1
	same "$output" '2026-03-02 12:00; one, two; 2;'
}

@test "an empty text is refused" {
	for text in '' $' \n\t\n'; do
		run -65 --separate-stderr tkt-reply 1 <<<"$text"
		same "$output" ''
		same "$stderr" 'tkt-reply: the text is empty'
	done
	same "$(drafts)" ''
	same "$(tkt-show --messages -o id 1)" 1
}

@test "a text that broke on its way in is repaired, never refused" {
	run -0 tkt-reply 1 < <(printf 'caf\351\r\nline\r\n')
	same "$(jq -r .body <<<"$output")" $'caf\uFFFD\nline'
}

@test "tickets of a pipe: only tickets are answered, each once; what else comes passes" {
	mail carol@example.com 'Invoice' 'Again, please.' | tkt-mailin
	{
		tkt-show 1
		echo '{"type":"note","text":"kept"}'
		echo '{"ticket":"tkt-2"}'
		echo '{"id":"TKT-2"}'
		echo '{"id":"TKT-9"}'
		echo '{"type":"ticket"'
	} >lines
	echo 'We are on it.' >text
	run -65 --separate-stderr tkt-reply --body text <lines
	same "$(jq -c '[.type, .ticket, .body // .text]' <<<"$output")" '["message","TKT-1","We are on it."]
["message","TKT-1","It is silent."]
["note",null,"kept"]
["message","TKT-2","We are on it."]'
	same "$stderr" "tkt-reply: stdin:5: ticket 'TKT-2' stands here twice
tkt-reply: stdin:6: there is no ticket 'TKT-9'
tkt-reply: stdin:7: not a JSON object: '}' expected near end of file"
	same "$(tkt-mailout --list -o ticket,recipients)" $'TKT-1\tanna@example.com\nTKT-1\tbob@example.com\nTKT-2\tcarol@example.com'
}

@test "a message that arrived since the ticket was read stops the answer" {
	tkt-list >seen
	mail anna@example.com 'Re: [TKT-1] Printer' 'Wait, it works!' | tkt-mailin --now 2026-03-02T09:05:00Z
	echo 'Is it plugged in?' >text
	run -65 --separate-stderr tkt-reply --body text <seen
	same "$output" ''
	same "$stderr" "tkt-reply: stdin:1: a message arrived on ticket 'TKT-1' since it was read; read it again"
	same "$(tkt-mailout --list --all)" ''
	# a note is not held up by it
	run -0 tkt-reply --internal --quiet --body text <seen
	# what else has changed does no harm
	tkt-list >seen
	tkt-set --quiet 1 priority=high
	run -0 --separate-stderr tkt-reply --quiet --body text <seen
	same "$output$stderr" ''
	# the same list again: nobody gets two answers
	run -65 --separate-stderr tkt-reply --body text <seen
	same "$stderr" "tkt-reply: stdin:1: ticket 'TKT-1' was answered since it was read; read it again"
}

@test "other recipients since the ticket was read stop the answer" {
	echo 'Is it plugged in?' >text
	tkt-list >seen
	tkt-set --quiet 1 cc+=carol@example.com
	run -65 --separate-stderr tkt-reply --body text <seen
	same "$stderr" "tkt-reply: stdin:1: ticket 'TKT-1' is copied to others since it was read; read it again"
	tkt-list >seen
	tkt-set --quiet 1 requester.email=dave@example.com
	run -65 --separate-stderr tkt-reply --body text <seen
	same "$stderr" "tkt-reply: stdin:1: ticket 'TKT-1' has another requester since it was read; read it again"
}

@test "who wrote last is known within a second, too" {
	export TKT_NOW=2026-03-02T09:00:00Z
	mail anna@example.com 'Re: [TKT-1] Printer' 'Are you there?' | tkt-mailin
	tkt-reply --quiet 1 <<<'Yes.'
	same "$(tkt-list id=TKT-1 -o waiting_for,last_in_at,last_out_at)" $'customer\t2026-03-02T09:00:01Z\t2026-03-02T09:00:01Z'
	tkt-list id=TKT-1 >seen
	mail anna@example.com 'Re: [TKT-1] Printer' 'It still smokes.' | tkt-mailin
	same "$(tkt-list id=TKT-1 -o waiting_for,last_in_at)" $'us\t2026-03-02T09:00:02Z'
	same "$(tkt-list 'id=TKT-1 and waiting_for=us' -o id)" TKT-1
	echo text >text
	run -65 --separate-stderr tkt-reply --body text <seen
	same "$stderr" "tkt-reply: stdin:1: a message arrived on ticket 'TKT-1' since it was read; read it again"
	tkt-list id=TKT-1 >seen
	mail anna@example.com 'Re: [TKT-1] Printer' 'And now it burns.' | tkt-mailin
	run -65 --separate-stderr tkt-reply --body text <seen
	same "$stderr" "tkt-reply: stdin:1: a message arrived on ticket 'TKT-1' since it was read; read it again"
}

@test "a message that arrives while the text is typed: the text is kept and named" {
	mail anna@example.com 'Re: [TKT-1] Printer' 'Wait, it works!' >letter
	# more than a pipe holds: when it is written, the tool reads, and so has read the ticket before
	long=$(printf '%070000d' 0)
	mkfifo pipe
	tkt-reply 1 <pipe >out 2>errors &
	pid=$!
	exec 7>pipe
	printf '%s\n' "$long" >&7
	tkt-mailin --now 2026-03-02T09:05:00Z <letter
	echo 'Is it plugged in?' >&7
	exec 7>&-
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 65 ]
	same "$(hide <errors)" "tkt-reply: a message arrived on ticket 'TKT-1' since it was read; read it again
tkt-reply: the text is kept in '$XDG_STATE_HOME/tkt/tkt-reply-TKT-1-XXXXXX'"
	same "$(drafts)" "$long"$'\nIs it plugged in?'
	same "$(find "$XDG_STATE_HOME/tkt" -type f -printf '%m')" 600
	same "$(cat out)$(tkt-mailout --list --all)" ''
}

@test "more than 20 mails only with --bulk, and before any is sent" {
	for number in {2..21}; do
		echo '{"subject":"s","requester":{"email":"r'"$number"'@example.com"}}'
	done | tkt-new --quiet
	echo 'We are on it.' >text
	run -64 --separate-stderr bash -c 'tkt-list | tkt-reply --body text'
	same "$stderr" 'tkt-reply: more than 20 mails would leave, so none does; give --bulk if they are to'
	same "$output$(tkt-mailout --list --all)" ''
	# shellcheck disable=SC2046
	run -64 --separate-stderr tkt-reply $(seq 21) <text
	same "${stderr%%$'\n'*}" 'tkt-reply: more than 20 mails would leave, so none does; give --bulk if they are to'
	run -0 bash -c 'tkt-list --limit 20 | tkt-reply --body text -n | wc -l'
	same "$output" 20
	run -0 bash -c 'tkt-list | tkt-reply --body text --internal --quiet'
	run -0 bash -c 'tkt-list | tkt-reply --body text --bulk --quiet'
	same "$(tkt-mailout --list -o message_id | sort -u | wc -l)" 21
}

@test "--dry-run shows the mails and keeps nothing" {
	echo x >file.txt
	run -0 --separate-stderr tkt-reply -n -a file.txt --format table 1 <<<$'Is it\tplugged in?\e[31m'
	same "$output" $'To: anna@example.com\nCc: bob@example.com\nSubject: Re: [TKT-1] Printer\nAttachments: file.txt\n\nIs it\tplugged in?^[[31m'
	same "$stderr" ''
	run -0 bash -c 'tkt-reply -n 1 <<<"Is it plugged in?" | jq -c "[.to, .subject, .body]"'
	same "$output" '[[{"email":"anna@example.com","name":"Anna"}],"Re: [TKT-1] Printer","Is it plugged in?"]'
	same "$(tkt-show --messages -o id 1)$(tkt-mailout --list --all)" 1
}

@test "a ticket without an address: the text is on record, a warning says that no mail leaves" {
	tkt-new --quiet -s 'A call' -c phone <<<'Somebody called.'
	run -0 --separate-stderr tkt-reply -o ticket,body 2 <<<'And rang off.'
	same "$output" $'TKT-2\tAnd rang off.'
	same "$stderr" "tkt-reply: ticket 'TKT-2' has nobody to write to: the text is on record, no mail leaves"
}

@test "what is wrong is said before the text is read" {
	run -1 --separate-stderr tkt-reply 9 <<<'text'
	same "$stderr" "tkt-reply: there is no ticket '9'"
	run -64 --separate-stderr tkt-reply --body a --template b 1
	same "$stderr" 'tkt-reply: give either --body or --template'
	run -64 --separate-stderr tkt-reply <<<'{"id":"TKT-1"}'
	same "$stderr" 'tkt-reply: give a ticket; where tickets come from standard input, the text is --body FILE or --template NAME'
	run -65 --separate-stderr tkt-reply --status urgent 1 <<<'text'
	same "$stderr" "tkt-reply: 'status' cannot be 'urgent': new, open, pending, resolved or closed"
	run -64 --separate-stderr tkt-reply --set colour=red 1 <<<'text'
	same "$stderr" "tkt-reply: there is no field 'colour'"
	run -66 --separate-stderr tkt-reply --attach nowhere 1 <<<'text'
	same "$stderr" "tkt-reply: cannot open 'nowhere': No such file or directory"
	run -66 --separate-stderr tkt-reply --body nowhere 1
	same "$stderr" "tkt-reply: cannot open 'nowhere': No such file or directory"
	same "$(drafts)" ''
}

@test "a failure keeps what came on standard input" {
	sed -i '1i busy_timeout = "0s"' "$TKT_DESK/desk.conf"
	exec 8>>"$TKT_DESK/writer.lock"
	flock 8
	run -75 --separate-stderr tkt-reply 1 <<<'Typed for an hour.'
	exec 8>&-
	same "$(hide <<<"${stderr##*$'\n'}")" "tkt-reply: the text is kept in '$XDG_STATE_HOME/tkt/tkt-reply-TKT-1-XXXXXX'"
	same "$(drafts)" 'Typed for an hour.'
}

@test "on a terminal: the editor, the recipients, a question, and the mail is sent at once" {
	editor 'cp "$1" frame; { echo "Is it plugged in?"; cat frame; } >"$1"'
	run -0 on_terminal tkt-reply --quiet 1 <<<'y'
	same "$(hide <<<"$output")" "tkt-reply: TKT-1: to anna@example.com, bob@example.com
tkt-reply: until it is sent, the text is in '$XDG_STATE_HOME/tkt/tkt-reply-TKT-1-XXXXXX'
tkt-reply: send it? (y/n)
y
tkt-reply: TKT-1: sent to anna@example.com
tkt-reply: TKT-1: sent to bob@example.com"
	same "$(cat frame)" "
# ------------------------ >8 ------------------------
# This line, the one above and all below are not sent. An empty text sends nothing.
# TKT-1: Printer
# to anna@example.com, bob@example.com
#
# 2026-03-02T09:00:00Z, Anna wrote:
# > It is silent."
	same "$(drafts)" ''
	same "$(mails | tail -n 1)" 'Is it plugged in?'
}

@test "on a terminal: 'n' sends nothing and keeps the text" {
	editor 'echo "Is it plugged in?" >"$1"'
	run -1 on_terminal tkt-reply 1 <<<'n'
	same "$(hide <<<"$output" | tail -n 2)" "tkt-reply: nothing is sent
tkt-reply: the text is kept in '$XDG_STATE_HOME/tkt/tkt-reply-TKT-1-XXXXXX'"
	same "$(drafts)" 'Is it plugged in?'
	same "$(tkt-mailout --list --all)" ''
}

@test "on a terminal: a text that is kept holds no help and no quoted letter: --body sends it as it is" {
	editor 'sed -i "1i Is it plugged in?" "$1"'
	run -1 on_terminal tkt-reply 1 <<<'n'
	same "$(drafts)" 'Is it plugged in?'
	editor 'sed -i "1i Half a senten" "$1"; exit 1'
	rm "$XDG_STATE_HOME"/tkt/*
	run -65 on_terminal tkt-reply 1 </dev/null
	same "$(drafts)" 'Half a senten'
}

@test "on a terminal: an editor that takes its file away: no file is named" {
	editor 'rm "$1"'
	run -66 on_terminal tkt-reply 1 </dev/null
	same "$(hide <<<"$output")" "tkt-reply: cannot open '$XDG_STATE_HOME/tkt/tkt-reply-TKT-1-XXXXXX': No such file or directory"
}

@test "a kept text is below HOME even where nothing has kept a state yet" {
	mkdir home
	unset XDG_STATE_HOME
	editor 'echo "Is it plugged in?" >"$1"'
	HOME=$PWD/home run -1 on_terminal tkt-reply 1 <<<'n'
	same "$(cd home && find . -type f | sed 's/-[^-]*$//')" ./.local/state/tkt/tkt-reply-TKT-1
}

@test "on a terminal: an editor that was left as it was leaves nothing behind" {
	editor ':'
	run -65 on_terminal tkt-reply 1 </dev/null
	same "$output" 'tkt-reply: the text is empty'
	same "$(drafts)" ''
}

@test "on a terminal: an editor that fails sends nothing and keeps what was typed" {
	editor 'echo half >"$1"; exit 1'
	run -65 on_terminal tkt-reply 1 </dev/null
	same "$(hide <<<"$output")" "tkt-reply: the editor '$EDITOR' has failed; nothing is sent
tkt-reply: the text is kept in '$XDG_STATE_HOME/tkt/tkt-reply-TKT-1-XXXXXX'"
	same "$(drafts)" half
}

@test "on a terminal: the help without its marker is not sent by mistake" {
	editor 'sed -i "/>8/d; 1i text" "$1"'
	run -65 on_terminal tkt-reply 1 </dev/null
	same "$(head -n 1 <<<"$output")" "tkt-reply: the line '>8' is gone, so what is to be sent cannot be told; nothing is sent"
	[[ $(drafts) = text* ]]
}

@test "on a terminal: a letter that comes while the editor is open stops the answer" {
	mail anna@example.com 'Re: [TKT-1] Printer' 'Wait, it works!' >letter
	editor 'echo "Is it plugged in?" >"$1"; tkt-mailin --now 2026-03-02T09:05:00Z <letter'
	run -65 on_terminal tkt-reply 1 <<<'y'
	same "$(hide <<<"$output" | tail -n 2)" "tkt-reply: a message arrived on ticket 'TKT-1' since it was read; read it again
tkt-reply: the text is kept in '$XDG_STATE_HOME/tkt/tkt-reply-TKT-1-XXXXXX'"
	same "$(drafts)" 'Is it plugged in?'
}

@test "on a terminal: what could not be sent is said to be queued, and why" {
	sed -i 's|transport.*|transport "sendmail" { command = "/nowhere/sendmail" }|' "$TKT_DESK/desk.conf"
	editor 'echo "Is it plugged in?" >"$1"'
	run -0 on_terminal tkt-reply --quiet 1 <<<'y'
	same "$(tail -n 2 <<<"$output")" "tkt-reply: TKT-1: queued for anna@example.com: cannot run '/nowhere/sendmail': No such file or directory
tkt-reply: TKT-1: queued for bob@example.com: cannot run '/nowhere/sendmail': No such file or directory"
	same "$(tkt-mailout --list -o state)" $'queued\nqueued'
	same "$(drafts)" ''
	cp -r "$TKT_DESK" copy
	run -0 on_terminal tkt-reply --desk copy --quiet 1 <<<'y'
	[[ ${output##*$'\n'} = 'tkt-reply: TKT-1: queued for bob@example.com: this desk is a copy, '* ]]
}

@test "on a terminal: what the transport's rate keeps waits for its turn" {
	sed -i 's|transport.*|transport "maildir" { path = "outbox" rate = "1/1h" }|' "$TKT_DESK/desk.conf"
	editor 'echo "Is it plugged in?" >"$1"'
	run -0 on_terminal tkt-reply --quiet 1 <<<'y'
	same "$(tail -n 2 <<<"$output")" 'tkt-reply: TKT-1: sent to anna@example.com
tkt-reply: TKT-1: queued for bob@example.com: it waits for its turn'
}
