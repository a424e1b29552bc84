#!/usr/bin/env bats
# Agents answer what they are told from any mail program (DESIGN.md 4, Staff mail; S2-18).
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	settings 'recipient_delimiter = "+"' 'trusted_host = "mx.example.org"'
	agents
	request anna@example.com Printer $'It is on fire.\nHelp!' first | tkt-mailin
	tkt-set SUP-1 assignee=ivanova --quiet
	told ivanova
	export TKT_NOW=2026-03-02T10:10:00Z
}

# settings LINE...
settings() {
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'languages = {"en", "ru"}' \
		'staff_domain = "staff.example.org"' 'transport "maildir" { path = "outbox" }' \
		'sla "all" { first_response = "2h"   escalate "50%" { notify = {"assignee"} } }' \
		'action "refund" { needs = verified   set = {"status=resolved"} }   forbid "classes" { match = {"fields.class"}   text = "we keep none" }' "$@" | conf
}

agents() {
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"ivanova","email":"ivanova@staff.example.org","addresses":["ivanova@staff.example.org","iva@home.example.net"],"groups":["l1"]}
		{"type":"agent","id":"petrov","email":"petrov@staff.example.org","groups":["l1"]}
	END
}

# request FROM SUBJECT BODY ID [HEADER...]: what a customer writes.
request() {
	mail "$1" "$2" "$3" "Message-ID: <$4@example.com>" "${@:5}"
}

# told AGENT: a sweep tells what has come; the address in the notice that the agent gets.
told() {
	tkt-sla --sweep --now 2026-03-02T10:00:00Z --quiet
	notice=$(tkt-mailout --list | jq -r --arg to "$1@staff.example.org" 'select(.recipients == [$to]) | .number' | tail -n 1)
	to=$(tkt-mailout --show "$notice" | sed -n 's/^Reply-To: .*<\(.*\)>$/\1/p')
	told_id=$(tkt-mailout --show "$notice" | sed -n 's/^Message-ID: //p')
}

# proven FROM: what the trusted server says above its line.
proven() {
	local domain=${1##*@}
	printf 'Authentication-Results: mx.example.org; dkim=pass header.d=%s\n' "${domain%>}"
	printf 'Received: from a by mx.example.org; Mon, 2 Mar 2026 10:09:00 +0000\n'
}

# letter FROM TO ID BODY [HEADER...]: without a proof.
letter() {
	printf 'From: %s\nTo: %s\nSubject: Re: tickets that need you\nDate: Mon, 02 Mar 2026 10:09:00 +0000\n' "$1" "$2"
	printf 'Message-ID: <%s@staff.example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n' "$3"
	[ $# -eq 4 ] || printf '%s\n' "${@:5}"
	printf '\n%s\n' "$4"
}

# answer FROM TO ID BODY [HEADER...]: a proven one.
answer() {
	proven "$1"
	letter "$@"
}

quoted='On Mon, 2 Mar 2026 at 10:00, Support <support@example.org> wrote:
> --- Answer above this line ---
>
> An answer to this mail, or to the address below a ticket, goes to the
> SUP-1  normal  first_response 50%  2026-03-02 11:00  Printer
>
> > It is on fire.
> > Help!'

# story [ID]: the ticket's messages after the first two: kind, who wrote it, text.
story() {
	tkt-show "${1:-SUP-1}" --messages | jq -c 'select(.direction == "in" or .auto == false) | [.kind, .direction, .author.email // .author.name, .body_new // .body]' | tail -n +2
}

# fates: of the letters after the first: fate, reason, why its author was not told.
fates() {
	tkt-log --mail | jq -r '[.fate, .reason // "-", .ticket // "-", .unanswered // "-"] | join(" | ")' | tail -n +2
}

# mails: whom the desk has written to since the notice.
mails() {
	tkt-mailout --list | jq -r --argjson after "$notice" 'select(.number > $after) | [.recipients[0], .subject] | join(" | ")'
}

# state [ID]
state() {
	tkt-list --all "id=${1:-SUP-1}" -o status,assignee,priority,tags
}

# staff: the text of the last mail to the staff, as programs that know format=flowed show it.
staff() {
	tkt-mailout --show "$(tkt-mailout --list | jq -r 'select(.ticket == null) | .number' | tail -n 1)" |
		python3 -c 'import email, email.policy, re, sys
m = email.message_from_file(sys.stdin, policy=email.policy.default)
print("Subject:", m["Subject"], end="\n\n")
text = re.sub(r"(?m)(?<!^--) \n", " ", m.get_content().replace("\r\n", "\n"))
print(re.sub("(?m)^ ", "", text), end="")'
}

# why: what it says, between the head and the foot.
why() {
	staff | awk '/are commands: see|^that it orders was done/ { text = ""; next } /^This is an automatic/ { exit } { text = text $0 "\n" } END { printf "%s", text }' | sed '/./,$!d'
}

# sums: letters in are the sum of the fates.
sums() {
	[ "$(tkt-log --mail | wc -l)" = "$1" ]
	tkt-log --mail | valid letter
	tkt-log | valid event
	tkt-show --messages SUP-1 | valid message
}

note_mail='ivanova@staff.example.org | [SUP-1] A letter about SUP-1 is kept as a note'

@test "a notice shows the customer's text, and its Reply-To is the agent's for that ticket" {
	same "$(tkt-mailout --show "$notice" | grep -v '^X-Tkt')" "Date: Mon, 02 Mar 2026 10:00:00 +0000
From: Support <support@example.org>
Reply-To: Support <$to>
To: ivanova@staff.example.org
Subject: Support: tickets that need you: 1
Message-ID: $told_id
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: OOF, AutoReply
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 7bit

--- Answer above this line ---

An answer to this mail, or to the address below a ticket, goes to the
ticket's customer. Lines at its top such as '!note', '!assign me' or
'!status resolved' are commands: see 'Staff mail' in tkt(7).

These tickets need you. Of each: its number, its priority, what has come,
when it is due, what it is about.

SUP-1  normal  first_response 50%  2026-03-02 11:00  Printer

> It is on fire.
> Help!

This is an automatic message.

-- 
Support
support@example.org"
	# it counts for 14 days
	[[ $to =~ ^support\+s1-$(date -ud 2026-03-16T10:00:00Z +%s)-[a-z2-7]{16}@example.org$ ]]
}

@test "a top-posted answer goes to the customer, composed anew" {
	answer 'Ivanova <ivanova@staff.example.org>' "$to" a "Please pull the plug.

Then call us.

-- 
Maria Ivanova, +7 000 000-00-00

$quoted" | tkt-mailin
	same "$(story)" '["public","out","support@example.org","Please pull the plug.\n\nThen call us."]'
	same "$(mails)" 'anna@example.com | Re: [SUP-1] Printer'
	same "$(fates)" "appended | an agent's answer | SUP-1 | -"
	same "$(state)" $'open\tivanova\tnormal\t'
	same "$(tkt-log ticket=SUP-1 | tail -n 1 | jq -c '[.actor, .tool, .why]')" '["agent:ivanova","tkt-mailin","by mail"]'
	tkt-mailout --show "$((notice + 1))" >mail
	same "$(grep -ic 'staff.example.org\|s1-\|Ivanova' mail)" 0
	sums 2
}

@test "the answer comes from any of his addresses, in any case, by Outlook, with files, in Russian" {
	{
		proven iva@home.example.net
		cat <<-END
			From: IVA@Home.Example.NET
			To: ${to^^}
			Subject: RE: Support: tickets that need you: 1
			Message-ID: <outlook@home.example.net>
			MIME-Version: 1.0
			Content-Type: multipart/mixed; boundary=b

			--b
			Content-Type: text/plain; charset=utf-8
			Content-Transfer-Encoding: 8bit

			Выдерните вилку.

			-----Original Message-----
			From: Support <support@example.org>
			Sent: Monday, March 2, 2026 1:00 PM
			To: ivanova@staff.example.org
			Subject: Support: tickets that need you: 1

			--- Answer above this line ---

			An answer to this mail, or to the address below a ticket, goes to the
			It is on fire.
			Help!
			--b
			Content-Type: application/pdf; name=plug.pdf
			Content-Disposition: attachment; filename=plug.pdf
			Content-Transfer-Encoding: base64

			JVBERi0xLjQK
			--b--
		END
	} | tkt-mailin
	same "$(story)" '["public","out","support@example.org","Выдерните вилку."]'
	same "$(tkt-show SUP-1 --messages | tail -n 1 | jq -c '[.attachments[] | [.name, .content_type, .size]]')" '[["plug.pdf","application/pdf",9]]'
	tkt-mailout --show "$((notice + 1))" | grep -q '^JVBERi0xLjQK$'
	sums 2
}

@test "an answer between quoted lines is a note, and its author learns why" {
	answer ivanova@staff.example.org "$to" a 'On Mon, 2 Mar 2026 at 10:00, Support wrote:
> --- Answer above this line ---
>
> > It is on fire.

Pull the plug.

> > Help!

On our way.' | tkt-mailin
	same "$(story)" '["internal","in","ivanova@staff.example.org","Pull the plug.\n\nOn our way."]'
	same "$(mails)" "$note_mail"
	same "$(fates)" 'appended | as a note: it is written between quoted lines | SUP-1 | -'
	same "$(why)" "It is written between the lines that it quotes. Write the answer above
the line 'Answer above this line'."
	# a part above, a part between: neither goes
	answer ivanova@staff.example.org "$to" b "Hello,

$quoted

Pull the plug.

> > Help!" | tkt-mailin
	# what a gateway adds below everything keeps nothing back
	answer ivanova@staff.example.org "$to" c "Call us.

$quoted

This message may be confidential." | tkt-mailin
	same "$(fates | cut -d '|' -f 2)" " as a note: it is written between quoted lines 
 as a note: it is written between quoted lines 
 an agent's answer "
	same "$(story | tail -n 1)" '["public","out","support@example.org","Call us."]'
	sums 4
}

@test "without the line there is no telling the answer from the rest, unless nothing is quoted" {
	answer ivanova@staff.example.org "$to" a 'Call us.

On Mon, 2 Mar 2026 at 10:00, Support wrote:
> > It is on fire.' | tkt-mailin
	same "$(why)" "It quotes, but not the line 'Answer above this line', so nobody can tell
the answer from the rest. Keep that line, or quote nothing."
	answer ivanova@staff.example.org "$to" b "$quoted" | tkt-mailin
	answer ivanova@staff.example.org "$to" c 'Call us.' | tkt-mailin
	same "$(fates)" "appended | as a note: it quotes, but not the line to answer above | SUP-1 | -
appended | as a note: nothing stands above the line | SUP-1 | -
appended | an agent's answer | SUP-1 | -"
	same "$(mails)" "$note_mail
$note_mail
anna@example.com | Re: [SUP-1] Printer"
	sums 4
}

@test "an absence is told nobody, opens nothing again and ends there" {
	tkt-set SUP-1 status=resolved resolution=fixed --quiet
	answer ivanova@staff.example.org "$to" a 'I am away until Monday.' 'Auto-Submitted: auto-replied' | tkt-mailin
	letter ivanova@staff.example.org support@example.org b 'I am away until Monday.' 'Auto-Submitted: auto-replied' "In-Reply-To: $told_id" | tkt-mailin --sender=''
	same "$(fates)" "automatic | an automatic reply to an agent's address | SUP-1 | -
automatic | an automatic reply to an agent's address | SUP-1 | -"
	same "$(story | head -n 1)" '["internal","in","ivanova@staff.example.org","I am away until Monday."]'
	same "$(mails)" ''
	same "$(state)" $'resolved\tivanova\tnormal\t'
	sums 3
}

@test "reply-all with two agents and the customer: one public reply; every copy is known as that letter" {
	body="Please pull the plug.

$quoted"
	all="$to, petrov@staff.example.org, anna@example.com"
	answer ivanova@staff.example.org "$all" all "$body" 'Cc: support@example.org' >letter.eml
	tkt-mailin --recipient="$to" <letter.eml
	# the desk's second address, petrov's rule that redirects, the customer's that bounces it back
	tkt-mailin --recipient=support@example.org <letter.eml
	{ printf 'Delivered-To: petrov@staff.example.org\n' && cat letter.eml; } | tkt-mailin --recipient=support@example.org
	{ printf 'X-Spam-Score: 0.1\n' && cat letter.eml; } | tkt-mailin --recipient="$to"
	{ printf 'Received: from customer by mx.example.org; Mon, 2 Mar 2026 10:09:30 +0000\nX-Scanned: yes\n' && cat letter.eml; } | tkt-mailin --recipient="$to"
	same "$(story)" '["public","out","support@example.org","Please pull the plug."]'
	same "$(mails)" 'anna@example.com | Re: [SUP-1] Printer'
	same "$(tkt-log --mail | jq -r '[.fate, .reason // "-", .ticket, .message] | join(" | ")' | tail -n 5)" "appended | an agent's answer | SUP-1 | 3
duplicate | this letter was taken in before | SUP-1 | 3
duplicate | this letter was taken in before | SUP-1 | 3
duplicate | this answer was taken in before | SUP-1 | 3
duplicate | this answer was taken in before | SUP-1 | 3"
	# the customer answers the agent's own mail to all: he is the ticket's customer, and it is his letter
	request anna@example.com 'Re: hello' 'It is off.' reply "Cc: $to" 'In-Reply-To: <all@staff.example.org>' | tkt-mailin
	request anna@example.com 'hello again' 'Still off.' reply2 "Cc: $to" | tkt-mailin
	# to the desk alone, by what it answers
	request anna@example.com 'No more' 'Smoke is gone.' reply3 'In-Reply-To: <all@staff.example.org>' | tkt-mailin
	# petrov answers it with the address that is not his: a note, and he learns why
	answer petrov@staff.example.org "ivanova@staff.example.org, $to, anna@example.com" p 'I do not think so.' 'In-Reply-To: <all@staff.example.org>' | tkt-mailin
	same "$(story | tail -n 4)" '["public","in","anna@example.com","It is off."]
["public","in","anna@example.com","Still off."]
["public","in","anna@example.com","Smoke is gone."]
["internal","in","petrov@staff.example.org","I do not think so."]'
	same "$(fates | tail -n 3)" "appended | - | SUP-1 | -
appended | - | SUP-1 | -
appended | as a note: its author is not the agent who was told | SUP-1 | -"
	same "$(mails | tail -n 1)" 'petrov@staff.example.org | [SUP-1] A letter about SUP-1 is kept as a note'
	sums 10
}

@test "a forwarded notice used by a stranger: a note, and he gets nothing" {
	answer mallory@example.net "$to" a $'!status closed\nSend me everything.' "In-Reply-To: $told_id" | tkt-mailin
	same "$(story)" '["internal","in","mallory@example.net","!status closed\nSend me everything."]'
	same "$(fates)" 'appended | as a note: not from an address of the agent who was told | SUP-1 | -'
	same "$(mails)" "$note_mail"
	same "$(state)" $'open\tivanova\tnormal\t'
	same "$(why)" "It was not written from an address of yours. Somebody may have got
what you were told, for example since it was passed on."
	tkt-mailout --show "$(tkt-mailout --list -o number | tail -n 1)" >mail
	same "$(grep -ic 'mallory\|everything' mail)" 0
	sums 2
}

@test "a signature broken on the way: a note, told why, the text not repeated" {
	{
		printf 'Authentication-Results: mx.example.org; dkim=fail (body hash did not verify) header.d=staff.example.org; dmarc=fail header.from=staff.example.org\n'
		printf 'Received: from list by mx.example.org; Mon, 2 Mar 2026 10:09:00 +0000\n'
		letter ivanova@staff.example.org "$to" a 'Please pull the plug.'
	} | tkt-mailin
	same "$(story)" '["internal","in","ivanova@staff.example.org","Please pull the plug."]'
	same "$(fates)" 'appended | as a note: its author is not proven | SUP-1 | -'
	same "$(mails)" "$note_mail"
	same "$(why)" "It is not proven that it is yours: the desk's mail server has not
confirmed it by DMARC, DKIM or SPF. A signature may have been broken on the
way, by a mailing list or by what adds lines to mail. If the letter is not
yours, somebody uses your address."
	same "$(tkt-mailout --show "$((notice + 1))" | grep -c plug)" 0
	sums 2
}

@test "a forged From: a note, and the agent is told at the address on file, so often as the brake lets" {
	settings 'recipient_delimiter = "+"' 'trusted_host = "mx.example.org"' 'brake_answers = "2/1h"'
	for i in 1 2 3; do
		letter iva@home.example.net "$to" "$i" "!assign me $i" | tkt-mailin
	done
	same "$(fates)" 'appended | as a note: its author is not proven | SUP-1 | -
appended | as a note: its author is not proven | SUP-1 | -
appended | as a note: its author is not proven | SUP-1 | the brake: more than 2 answers in 3600 s: support@example.org ivanova@staff.example.org'
	same "$(mails)" "$note_mail
$note_mail"
	same "$(story | wc -l)" 3
	sums 4
}

@test "without trusted_host nobody is proven, and the mail says so" {
	settings 'recipient_delimiter = "+"'
	answer ivanova@staff.example.org "$to" a 'Please pull the plug.' | tkt-mailin
	same "$(fates)" 'appended | as a note: its author is not proven, no trusted_host is named | SUP-1 | -'
	same "$(why)" "It is not proven that it is yours: the desk has no mail server whose
word on that counts (trusted_host in desk.conf)."
}

@test "an expired token: a note; the mail that says so can be answered" {
	export TKT_NOW=2026-03-16T10:00:01Z
	sed 's/, 2 Mar 2026 10:09:00/, 16 Mar 2026 10:00:01/' <(answer ivanova@staff.example.org "$to" a 'Late.') | tkt-mailin
	same "$(fates)" 'appended | as a note: the token has expired | SUP-1 | -'
	same "$(mails)" "$note_mail"
	again=$(tkt-mailout --show "$((notice + 1))" | sed -n 's/^Reply-To: .*<\(.*\)>$/\1/p')
	answer ivanova@staff.example.org "$again" b 'Late.' | tkt-mailin
	same "$(story)" '["internal","in","ivanova@staff.example.org","Late."]
["public","out","support@example.org","Late."]'
	settings 'recipient_delimiter = "+"' 'trusted_host = "mx.example.org"' 'staff_token = "1h"'
	request dora@example.com Mouse 'It squeaks.' mouse | tkt-mailin
	tkt-set SUP-2 assignee=petrov --quiet
	tkt-sla --sweep --yes --now 2026-03-16T11:10:00Z --quiet
	[[ $(tkt-mailout --list -o message_id | tail -n 1) = notice.s2-$(date -ud 2026-03-16T12:10:00Z +%s)-* ]]
}

@test "who is away answers with the line alone: a program may answer for him and not say so" {
	echo '{"type":"agent","id":"ivanova","absences":[{"from":"2026-03-01","until":"2026-03-09","deputy":"petrov"}]}' | tkt-agent --quiet
	answer ivanova@staff.example.org "$to" a 'I am away until Monday.' | tkt-mailin
	same "$(story)" '["internal","in","ivanova@staff.example.org","I am away until Monday."]'
	same "$(fates)" 'appended | as a note: its author is away, and it quotes nothing | SUP-1 | -'
	same "$(mails)" 'ivanova@staff.example.org | [SUP-1] A letter about SUP-1 is kept as a note'
	answer ivanova@staff.example.org "$to" b '!status pending' | tkt-mailin
	answer ivanova@staff.example.org "$to" c "From the beach.

$quoted" | tkt-mailin
	same "$(story | tail -n 1)" '["public","out","support@example.org","From the beach."]'
	same "$(fates | tail -n 2)" "appended | orders of an agent | SUP-1 | -
appended | an agent's answer | SUP-1 | -"
}

@test "who is not active is told nothing" {
	echo '{"type":"agent","id":"ivanova","is_active":false}' | tkt-agent --quiet
	answer ivanova@staff.example.org "$to" b 'Goodbye.' | tkt-mailin
	same "$(story)" '["internal","in","ivanova@staff.example.org","Goodbye."]'
	same "$(fates)" 'appended | as a note: its author is no active agent | SUP-1 | no agent who is active'
	same "$(mails)" ''
}

@test "a ticket that went into another one: a note there; a closed one is answered and stays closed" {
	request boris@example.com 'Printer too' 'Ours as well.' second | tkt-mailin
	tkt-set SUP-1 merged_into=SUP-2 status=closed --quiet
	answer ivanova@staff.example.org "$to" a 'Pull the plug.' | tkt-mailin
	same "$(story SUP-2)" '["internal","in","ivanova@staff.example.org","Pull the plug."]'
	same "$(fates | tail -n 1)" 'appended | as a note: the ticket went into another one | SUP-2 | -'
	same "$(mails | tail -n 1)" 'ivanova@staff.example.org | [SUP-2] A letter about SUP-2 is kept as a note'
	to=$(tkt-mailout --show "$(tkt-mailout --list -o number | tail -n 1)" | sed -n 's/^Reply-To: .*<\(.*\)>$/\1/p')
	tkt-set SUP-2 status=closed --quiet
	answer ivanova@staff.example.org "$to" b 'It was the plug.' | tkt-mailin
	same "$(story SUP-2 | tail -n 1)" '["public","out","support@example.org","It was the plug."]'
	same "$(mails | tail -n 1)" 'boris@example.com | Re: [SUP-2] Printer too'
	same "$(tkt-list --all id=SUP-2 -o status)" closed
}

@test "a desk without recipient_delimiter knows the answer by the Message-ID" {
	settings 'trusted_host = "mx.example.org"'
	same "$(tkt-mailout --show "$notice" | grep -c ^Reply-To)" 0
	answer ivanova@staff.example.org support@example.org a 'Please pull the plug.' "In-Reply-To: $told_id" | tkt-mailin
	letter ivanova@staff.example.org support@example.org b 'And call.' "In-Reply-To: $told_id" | tkt-mailin
	same "$(story)" '["public","out","support@example.org","Please pull the plug."]
["internal","in","ivanova@staff.example.org","And call."]'
	same "$(fates)" "appended | an agent's answer | SUP-1 | -
appended | as a note: its author is not proven | SUP-1 | -"
}

@test "a notice of several gives each its own address; an answer to the mail itself is kept aside" {
	for subject in Scanner Mouse; do
		tkt-new --quiet -r anna@example.com -s "$subject" assignee=petrov <<<'Broken.'
	done
	tkt-sla --sweep --yes --now 2026-03-02T11:30:00Z --quiet
	number=$(tkt-mailout --list -o number | tail -n 1)
	same "$(tkt-mailout --show "$number" | grep -c ^Reply-To)" 0
	staff >notice
	same "$(sed -n '/^SUP/,/^This/p' notice | sed 's/-[a-z2-7]\{16\}@/-MAC@/')" "SUP-2  normal  first_response 50%  2026-03-02 12:10  Scanner
    support+s2-$(date -ud 2026-03-16T11:30:00Z +%s)-MAC@example.org
SUP-3  normal  first_response 50%  2026-03-02 12:10  Mouse
    support+s3-$(date -ud 2026-03-16T11:30:00Z +%s)-MAC@example.org

This is an automatic message."
	answer petrov@staff.example.org "$(grep -o 'support+s3[^ ]*' notice)" a $'Try another one.\n\n'"$quoted" | tkt-mailin
	same "$(story SUP-3)" '["public","out","support@example.org","Try another one."]'
	answer petrov@staff.example.org "$(grep -o 'support+s[^ ]*' notice | paste -sd ,)" both 'Both of you.' | tkt-mailin
	same "$(fates | tail -n 1 | cut -d '|' -f 2)" ' as a note: it is addressed to several tickets '
	answer petrov@staff.example.org support@example.org b 'And now?' "In-Reply-To: <$(tkt-mailout --list | jq -r --argjson number "$number" 'select(.number == $number) | .message_id')>" | tkt-mailin
	same "$(fates | sed 2d)" "appended | an agent's answer | SUP-3 | -
quarantined | an agent's answer that names no ticket | - | -"
	same "$(mails | tail -n 1)" 'petrov@staff.example.org | Support: your letter names no ticket'
	# a person may put it through: then it is a letter like others
	tkt-mailin --release 4 --quiet
	same "$(tkt-list --all -o id,requester.email -s id | tail -n 1)" $'SUP-4\tpetrov@staff.example.org'
}

@test "an agent's letter that names a ticket without a token is a note, and he is told how" {
	answer petrov@staff.example.org support@example.org a 'I know that one.' 'In-Reply-To: <first@example.com>' | tkt-mailin
	same "$(fates)" "appended | as a note: an agent's letter without a token | SUP-1 | -"
	same "$(story)" '["internal","in","petrov@staff.example.org","I know that one."]'
	again=$(tkt-mailout --show "$((notice + 1))" | sed -n 's/^Reply-To: .*<\(.*\)>$/\1/p')
	answer petrov@staff.example.org "$again" b 'I know that one.' | tkt-mailin
	same "$(mails)" 'petrov@staff.example.org | [SUP-1] A letter about SUP-1 is kept as a note
anna@example.com | Re: [SUP-1] Printer'
	# who wants a ticket of his own writes without naming one
	answer petrov@staff.example.org support@example.org c 'My chair is broken.' | tkt-mailin
	same "$(tkt-list --all -o id,requester.email -s id | tail -n 1)" $'SUP-2\tpetrov@staff.example.org'
}

@test "the first lines are orders, and a receipt says what they did" {
	answer ivanova@staff.example.org "$to" a "!status resolved
!resolution fixed
!assign petrov
!Priority high

!tag outage, printer

It was the plug.
!status open

$quoted" | tkt-mailin
	same "$(state)" $'resolved\tpetrov\thigh\toutage,printer'
	same "$(story)" '["public","out","support@example.org","It was the plug.\n!status open"]'
	same "$(mails)" 'anna@example.com | Re: [SUP-1] Printer
ivanova@staff.example.org | [SUP-1] What your letter did'
	same "$(why)" 'Your answer has gone to the customer, and this was done:

!status resolved
!resolution fixed
!assign petrov
!Priority high
!tag outage, printer'
	same "$(fates)" 'appended | orders of an agent | SUP-1 | -'
	same "$(tkt-log ticket=SUP-1 | tail -n 1 | jq -c '[.actor, .set.status, .set.assignee, .message.kind]')" '["agent:ivanova","resolved","petrov","public"]'
	sums 2
}

@test "orders alone; a note; what is so already; each has its receipt, whatever the brake says" {
	settings 'recipient_delimiter = "+"' 'trusted_host = "mx.example.org"' 'brake_answers = "1/1h"'
	answer ivanova@staff.example.org "$to" a $'!assign me\n!queue second\n!untag late' | tkt-mailin
	same "$(why)" $'This was done:\n\n!assign me\n!queue second\n!untag late'
	answer ivanova@staff.example.org "$to" b $'!assign me' | tkt-mailin
	same "$(why)" $'Nothing had to be changed: the ticket is so already.\n\n!assign me'
	answer ivanova@staff.example.org "$to" c $'!note\n!set fields.model=LP-5\n!set wake_at=tomorrow\n!status pending\n\nIt is the old one.' | tkt-mailin
	same "$(why)" $'Your text is a note of the ticket, for colleagues alone, and this was\ndone:\n\n!note\n!set fields.model=LP-5\n!set wake_at=tomorrow\n!status pending'
	answer ivanova@staff.example.org "$to" d $'!assign nobody' | tkt-mailin
	same "$(story)" '["internal","out","ivanova","It is the old one."]'
	same "$(tkt-list id=SUP-1 -o assignee,queue,fields.model,wake_at)" $'\tsecond\tLP-5\t2026-03-03T00:00:00Z'
	same "$(mails | sort | uniq -c | sed 's/^ *//')" '4 ivanova@staff.example.org | [SUP-1] What your letter did'
	same "$(tkt-log --mail | jq -c '[.fate, .ticket, .message]' | tail -n +2)" '["appended","SUP-1",null]
["appended","SUP-1",null]
["appended","SUP-1","3"]
["appended","SUP-1",null]'
	sums 5
}

@test "an order that means nothing keeps the whole letter in the house" {
	answer ivanova@staff.example.org "$to" a $'!nte\n!assign me\n!assign sidorov\n!assign\n!priority urgent\n!note it is late\n!set colour=red\n!set\n\nHe is a liar.' | tkt-mailin
	same "$(story | jq -r '.[0]')" internal
	same "$(mails)" "$note_mail"
	same "$(why)" "The desk refused it. Correct this and answer again.

!nte
    there is no command '!nte'
!assign me
!assign sidorov
    there is no agent 'sidorov'
!assign
    '!assign' needs a word behind it
!priority urgent
    'priority' cannot be 'urgent': low, normal, high or critical
!note it is late
    '!note' stands alone on its line; the note follows below
!set colour=red
    there is no field 'colour'
!set
    '!set' needs a word behind it"
	same "$(fates)" 'appended | as a note: what it orders is refused | SUP-1 | -'
	same "$(state | cut -f 2,3)" $'ivanova\tnormal'
	sums 2
}

@test "an action needs by mail what it needs elsewhere" {
	answer ivanova@staff.example.org "$to" a $'!action refund\n!why he asked\n\nYou get it back.' | tkt-mailin
	same "$(why)" "The desk refused it. Correct this and answer again.
    action 'refund' needs the identity 'verified', and ticket 'SUP-1' has 'claimed'

!action refund
!why he asked"
	same "$(story | jq -r '.[0]')" internal
	same "$(fates)" 'appended | as a note: what it orders is refused | SUP-1 | -'
	tkt-list status=resolved -o id | cmp - /dev/null
}

@test "what desk.conf forbids an agent it forbids his mail, and he learns why (S1-17)" {
	answer ivanova@staff.example.org "$to" a $'!set fields.class=adult\n\nWe have looked at it.' | tkt-mailin
	same "$(why)" "The desk refused it. Correct this and answer again.
    ticket 'SUP-1' is not changed: 'classes' forbids it (desk.conf:8): we keep none

!set fields.class=adult"
	same "$(fates)" 'appended | as a note: what it orders is refused | SUP-1 | -'
	same "$(tkt-list -o fields)" ''
}

@test "a file that the desk does not pass on keeps the answer in the house" {
	settings 'recipient_delimiter = "+"' 'trusted_host = "mx.example.org"' 'attachment "application" { deny = {"application/x-dosexec"} names = {"*.exe"} }'
	{
		proven ivanova@staff.example.org
		printf 'From: ivanova@staff.example.org\nTo: %s\nSubject: Re\nMessage-ID: <f@staff.example.org>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n' "$to"
		printf -- '--b\nContent-Type: text/plain\n\nRun this.\n--b\nContent-Type: application/x-dosexec; name=a.exe\nContent-Disposition: attachment; filename=a.exe\n\nMZ\n--b--\n'
	} | tkt-mailin
	same "$(fates)" 'appended | as a note: the desk does not pass on what is attached | SUP-1 | -'
	same "$(story)" '["internal","in","ivanova@staff.example.org","Run this."]'
	same "$(mails)" "$note_mail"
}

@test "answers in HTML alone: by a program that quotes by marks, and by one that does not" {
	html() {
		proven ivanova@staff.example.org
		printf 'From: ivanova@staff.example.org\nTo: %s\nSubject: Re\nMessage-ID: <%s@staff.example.org>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n' "$to" "$1"
		cat
	}
	html gmail <<-'END' | tkt-mailin
		<div dir="ltr">Pull the plug.<div><br></div><div>Then call us.</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Mar 2026 at 10:00, Support &lt;<a href="mailto:support@example.org">support@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">--- Answer above this line ---<br>
		<br>
		An answer to this mail, or to the address below a ticket, goes to the<br>
		SUP-1&nbsp; normal&nbsp; first_response 50%<br>
		<br>
		&gt; It is on fire.<br></blockquote></div>
	END
	html outlook <<-'END' | tkt-mailin
		<html><body><div class="WordSection1"><p class="MsoNormal">!note</p><p class="MsoNormal">It is an old one.<o:p></o:p></p>
		<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Support &lt;support@example.org&gt;<br><b>Sent:</b> Monday, March 2, 2026 1:00 PM<br><b>To:</b> ivanova@staff.example.org<br><b>Subject:</b> Support: tickets that need you: 1</p></div>
		<p class="MsoNormal">--- Answer above this line ---<br><br>An answer to this mail<br>SUP-1 normal</p></div></body></html>
	END
	same "$(story)" '["public","out","support@example.org","Pull the plug.\n\nThen call us."]
["internal","out","ivanova","It is an old one."]'
}

@test "a conversation by mail: each letter that joins the ticket is told of, with its text" {
	settings 'recipient_delimiter = "+"' 'trusted_host = "mx.example.org"' 'notify = {"assignee"}'
	answer ivanova@staff.example.org "$to" a 'Which plug is it?' | tkt-mailin
	customer=$(tkt-mailout --show "$((notice + 1))" | sed -n 's/^Reply-To: .*<\(.*\)>$/\1/p')
	request anna@example.com 'Re: [SUP-1] Printer' $'The black one.\n\nOn Mon, 2 Mar 2026 at 10:10, Support wrote:\n> Which plug is it?' black "To: $customer" | tkt-mailin
	tkt-sla --sweep --quiet --now 2026-03-02T10:11:00Z
	same "$(staff | sed -n '/^SUP-1/,/^This/p')" 'SUP-1  normal  a letter  -  Printer

> The black one.

This is an automatic message.'
	to=$(tkt-mailout --show "$(tkt-mailout --list -o number | tail -n 1)" | sed -n 's/^Reply-To: .*<\(.*\)>$/\1/p')
	answer ivanova@staff.example.org "$to" b $'!status resolved\n!resolution answered\n\nNot that one.' | tkt-mailin
	same "$(story)" '["public","out","support@example.org","Which plug is it?"]
["public","in","anna@example.com","The black one."]
["public","out","support@example.org","Not that one."]'
	same "$(mails)" 'anna@example.com | Re: [SUP-1] Printer
ivanova@staff.example.org | Support: tickets that need you: 1
anna@example.com | Re: [SUP-1] Printer
ivanova@staff.example.org | [SUP-1] What your letter did'
	same "$(state)" $'resolved\tivanova\tnormal\t'
}

@test "a long letter is shown in part; one that is answered is not shown" {
	settings 'recipient_delimiter = "+"' 'timer "early" { since = created   step "1m" { notify = {"agent:petrov"} } }'
	shown() { # HOUR SUBJECT TEXT [ANSWER]
		request anna@example.com "$2" "$3" "$2" | tkt-mailin --now "2026-03-03T$1:00:00Z"
		[ $# -eq 3 ] || tkt-reply "$(tkt-list -o id -s -id --now "2026-03-03T$1:00:00Z" | head -n 1)" --quiet --now "2026-03-03T$1:00:00Z" <<<"$4"
		tkt-sla --sweep --yes --quiet --now "2026-03-03T$1:01:00Z"
		staff | grep "^SUP.*$2$\|^>"
	}
	same "$(shown 10 Long "$(seq 100)")" "SUP-2  normal  early 1m  2026-03-03 12:00  Long
$(seq 60 | sed 's/^/> /')
> ..."
	same "$(shown 11 Wide "x$(printf 'д%.0s' $(seq 3000))")" "SUP-3  normal  early 1m  2026-03-03 13:00  Wide
> x$(printf 'д%.0s' $(seq 2047))
> ..."
	same "$(shown 12 Answered 'Well?' 'Well.')" 'SUP-4  normal  early 1m  -  Answered'
}

@test "files go with a text; a note may be files alone" {
	with_file() { # ID TEXT
		proven ivanova@staff.example.org
		printf 'From: ivanova@staff.example.org\nTo: %s\nSubject: Re\nMessage-ID: <%s@staff.example.org>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n' "$to" "$1"
		printf -- '--b\nContent-Type: text/plain\n\n%s\n--b\nContent-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png\n\nPNG\n--b--\n' "$2"
	}
	with_file a '!tag fire' | tkt-mailin
	same "$(why)" 'This was done. The files of your letter were left out: one goes with a
text.

!tag fire'
	with_file b '!note' | tkt-mailin
	same "$(tkt-show SUP-1 --messages | tail -n 1 | jq -c '[.kind, .body, [.attachments[].name]]')" '["internal",null,["a.png"]]'
	with_file c '' | tkt-mailin
	same "$(fates)" 'appended | orders of an agent | SUP-1 | -
appended | orders of an agent | SUP-1 | -
appended | as a note: nothing stands above the line | SUP-1 | -'
	same "$(mails | grep -c anna)" 0
}

@test "a machine's mail to an agent's address is a note, and nobody is told" {
	answer ivanova@staff.example.org "$to" a 'Build failed.' 'Auto-Submitted: auto-generated' | tkt-mailin
	answer ivanova@staff.example.org "$to" b 'By a list.' 'List-Id: <team.example.org>' 'Precedence: list' | tkt-mailin
	same "$(fates)" "appended | as a note: a machine's mail | SUP-1 | a machine's mail
appended | as a note: a machine's mail | SUP-1 | a machine's mail"
	same "$(mails)" ''
	sums 3
}

@test "a token that this desk has not made is none" {
	forged=${to%-*}-aaaaaaaaaaaaaaaa@example.org
	answer ivanova@staff.example.org "$forged" a 'Pull the plug.' | tkt-mailin
	same "$(tkt-list --all -s id -o id,requester.email)" $'SUP-1\tanna@example.com\nSUP-2\tivanova@staff.example.org'
}

@test "the desk's mail to the staff in Russian" {
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'languages = {"ru", "en"}' 'recipient_delimiter = "+"' 'trusted_host = "mx.example.org"' 'transport "maildir" { path = "outbox" }' | conf
	answer ivanova@staff.example.org "$to" a $'!note\nСтарый.\n\n> --- Ответ пишите выше этой строки ---' | tkt-mailin
	same "$(staff)" "Subject: [SUP-1] Что сделало ваше письмо

--- Ответ пишите выше этой строки ---

Ответ на это письмо, или на адрес под заявкой, уходит клиенту заявки.
Строки в начале ответа, такие как '!note', '!assign me' или
'!status resolved', - команды: смотрите 'Staff mail' в tkt(7).

Ваш текст стал заметкой в заявке, только для коллег, и сделано вот что:

!note

Это автоматическое сообщение.

-- 
Support
support@example.org"
}

@test "replaying the log gives the same tickets" {
	answer ivanova@staff.example.org "$to" a $'!tag fire\n\nPull the plug.' | tkt-mailin
	letter petrov@staff.example.org "$to" b 'No.' | tkt-mailin
	here=$TKT_DESK
	tkt-log >log
	tkt-list --all >before
	desk "$BATS_TEST_TMPDIR/copy"
	cp "$here/desk.conf" "$TKT_DESK/desk.conf"
	tkt-apply --replay --quiet <log
	cmp <(tkt-list --all) before
}

@test "an agent who has a part in the ticket writes to it as such; one that is over is a new one" {
	tkt-set SUP-1 cc+=petrov@staff.example.org --quiet
	answer petrov@staff.example.org "ivanova@staff.example.org, $to" a 'I saw it burn.' | tkt-mailin
	same "$(story)" '["public","in","petrov@staff.example.org","I saw it burn."]'
	settings 'recipient_delimiter = "+"' 'reply_to_closed = "new after 1d"'
	tkt-set SUP-1 status=closed --quiet
	request anna@example.com Again 'It burns again.' again "Cc: $to" | tkt-mailin --now 2026-03-05T10:00:00Z
	same "$(tkt-list --all -s id -o id,status,linked)" $'SUP-1\tclosed\t\nSUP-2\tnew\tSUP-1'
	sums 3
}
