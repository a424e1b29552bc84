#!/usr/bin/env bats
# Rules of written support regulations that tell what a request must hold, what is asked and what is
# recognised, each by its number, through the installed tools: the rules are data in desk.conf.
load regulation

# A web service: the problem is required; how to see it again is asked for, and not demanded.
web_service() {
	settings <<-'END'
		recognise "steps" { pattern = '(?m)(?<steps>^1[.)] .+\n2[.)] .+(?:\n\d+[.)] .+)*)'   in = {"description"} }
		question "description" { text = {"en: What has happened?", "ru: Что случилось?"} }
		question "steps"    { text = {"en: Which steps lead there, one after the other?", "ru: Какие действия к этому приводят?"} }
		question "browser"  { text = {"en: Which browser do you use?", "ru: Какой у вас браузер?"}   pattern = '(?:firefox|chrome|safari)[ /]?[\d.]*' }
		question "version"  { text = {"en: Which version?", "ru: Какая версия?"} }
		question "settings" { text = {"en: How is your client set up?", "ru: Как настроена программа?"} }
		form "problem" { require = {"description"}   ask = {"fields.steps"} }
		sla "answer" { first_response = "24h" }
	END
}

@test "S0-4: the problem is required; the steps are asked for, and nothing waits for them" {
	web_service
	letter a@example.com 'It does not work' ''
	letter b@example.com 'Export' 'The export is empty.'
	letter c@example.com 'Import' $'The import fails:\n1. I open the page.\n2. I choose a file.\n3. It says no.'
	same "$(tkt-list -s id -o id,lacks,questions,due)" $'SUP-1\tdescription\t2\t
SUP-2\t\t1\t2026-03-03T09:00:00Z
SUP-3\t\t0\t2026-03-03T09:00:00Z'
	same "$(answers SUP-1)" $'We need to know more\n1. What has happened?\n2. Which steps lead there, one after the other?'
	same "$(answers SUP-2)" $'We need to know more\n1. Which steps lead there, one after the other?'
	same "$(answers SUP-3)" 'We have received your request'
	same "$(tkt-list id=SUP-3 -o fields.steps)" '1. I open the page.\n2. I choose a file.\n3. It says no.'
}

@test "S0-5: staff ask for browser, version and settings; each is ticked off when it is answered" {
	web_service
	letter a@example.com 'Export' $'The export is empty.\n1. I click.\n2. It is empty.'
	tkt-reply --quiet --ask browser --ask version --ask settings SUP-1 <<<'We cannot see it here.'
	open_questions() {
		tkt-show --format json SUP-1 | jq -r 'select(.type == "question").key' | sort | paste -sd ' '
	}
	same "$(open_questions)" 'browser settings version'
	at 2026-03-02T10:00:00Z
	letter a@example.com 'Re: [SUP-1] Export' $'3. As it came.\n1. Firefox 140'
	same "$(open_questions)" version
	same "$(tkt-list 'questions > 0' -o id,fields)" $'SUP-1\t{"steps":"1. I click.\\\\n2. It is empty.","browser":"Firefox 140","settings":"As it came."}'
	at 2026-03-02T11:00:00Z
	letter a@example.com 'Re: [SUP-1] Export' 'It is 7.1, the newest.'
	same "$(open_questions)" ''
	same "$(tkt-log ticket=SUP-1 | jq -c '.questions[]? | [.key, .asked_at, .answered_at, .answer]')" \
		'["browser","2026-03-02T09:00:00Z",null,null]
["version","2026-03-02T09:00:00Z",null,null]
["settings","2026-03-02T09:00:00Z",null,null]
["browser",null,"2026-03-02T10:00:00Z","Firefox 140"]
["settings",null,"2026-03-02T10:00:00Z","As it came."]
["version",null,"2026-03-02T11:00:00Z","It is 7.1, the newest."]'
}

# A hosting provider: what it is for, and what was done before.
hosting() {
	settings <<-'END'
		recognise "goal"   { pattern = '(?:goal|in order to|so that)\W+(?<goal>[^.\n]+)' }
		recognise "before" { pattern = '(?:before that|until then)\W+(?<before>[^.\n]+)' }
		question "goal"    { text = {"en: What do you want to reach in the end?", "ru: Какова ваша конечная цель?"} }
		question "before"  { text = {"en: What was done before, and by whom?", "ru: Что и кем было сделано перед этим?"} }
		form "task" { match = {"channel=mail"}   require = {"fields.goal"}   ask = {"fields.before"} }
		flag "no_subject" { any = {"not subject", 'subject ~ "^\W*$"', 'subject ~ "^\W*(no subject|без темы)\W*$"'} }
		flag "terse"      { match = {'description !~ "(\w+\W+){4}\w+"'} }
		route "dns"  { match = {'subject ~ "\bDNS\b"'}    set = {"queue=dns"}   stop = true }
		route "mail" { match = {'subject ~ "\bmailbox"'}  set = {"queue=mail"}   stop = true }
		route "rest" { any = {"tags=no_subject", "tags=terse"}   set = {"queue=triage"} }
	END
}

@test "S1-11: the subject leads a request to its specialists; none, or a terse question, is flagged" {
	hosting
	letter a@example.com 'A DNS zone' 'Please add a second name server, so that we can move.'
	letter b@example.com '' 'A mailbox of ours takes no letters since nine, so that nobody writes.'
	letter c@example.com '(no subject)' 'A mailbox of ours takes no letters since nine, so that nobody writes.'
	letter d@example.com 'Mailboxes' 'How many?'
	letter e@example.com 'Mailboxes' $'> You wrote a lot of words\n> some day about this\nHow many?'
	same "$(tkt-list -s id -o queue,tags)" $'dns\t\ntriage\tno_subject\ntriage\tno_subject\nmail\tterse\nmail\tterse'
}

@test "S1-12: the goal in the end is required; what was done before, and by whom, is asked for softly" {
	hosting
	letter a@example.com 'A DNS zone' 'Please add a second name server to our zone.'
	letter b@example.com 'A DNS zone' 'Please add a name server, so that we can move. Before that, our admin removed one.'
	letter c@example.com 'A DNS zone' 'Please add a name server. Our goal: a move without a break.'
	same "$(tkt-list -s id -o id,lacks,questions,fields)" $'SUP-1\tfields.goal\t2\t
SUP-2\t\t0\t{"goal":"we can move","before":"our admin removed one"}
SUP-3\t\t1\t{"goal":"a move without a break"}'
	same "$(answers SUP-1)" $'We need to know more\n1. What do you want to reach in the end?\n2. What was done before, and by whom?'
	at 2026-03-02T10:00:00Z
	letter a@example.com 'Re: [SUP-1] A DNS zone' '1. To move without a break.'
	same "$(tkt-list id=SUP-1 -o lacks,questions,fields.goal,complete_at)" $'\t1\tTo move without a break.\t2026-03-02T10:00:00Z'
}

@test "S1-13: code, pictures, documents and links are kept as they came; a link is never fetched" {
	hosting
	python3 -c 'import socket, sys
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True)
c, _ = s.accept(); open("fetched", "w").close()' >port 3>&- &
	server=$!
	until [ -s port ]; do sleep 0.01; done
	local link
	link="http://127.0.0.1:$(cat port)"
	python3 - "$link" >request <<-'END'
		import sys
		from email.message import EmailMessage
		link = sys.argv[1]
		m = EmailMessage()
		m["From"], m["To"], m["Subject"] = "a@example.com", "support@example.org", "A DNS zone"
		m["Date"], m["Message-ID"] = "Mon, 02 Mar 2026 08:59:00 +0000", "<links@example.com>"
		m.set_content(f"""Our goal: what RFC 1035 says, {link}/rfc1035.txt and {link}/b.

		    for (i = 0; i < n; i++)
		            zone[i] = 0;
		""")
		m.add_alternative(f'<p>See <a href="{link}/c">this</a><img src="{link}/d.png"></p>', subtype="html")
		m.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename="plan.pdf")
		m.add_attachment(b"\x89PNG\r\n\x1a\n0000", maintype="image", subtype="png", filename="screen.png")
		m.add_attachment("int main(void)\n{\n\treturn 0;\n}\n", filename="main.c")
		print(m)
	END
	tkt-mailin <request
	same "$(tkt-show --messages --format json SUP-1 | jq -r 'select(.direction == "in").body')" "Our goal: what RFC 1035 says, $link/rfc1035.txt and $link/b.

    for (i = 0; i < n; i++)
            zone[i] = 0;"
	tkt-show --quiet --save kept SUP-1 2>/dev/null
	same "$(cd kept && echo *)" 'main.c part-2.html plan.pdf screen.png'
	same "$(cat kept/main.c; cat kept/plan.pdf)" $'int main(void)\n{\n\treturn 0;\n}\n%PDF-1.4\n%%EOF'
	grep -q "<a href=\"$link/c\">" kept/part-2.html
	tkt-show --format table SUP-1 >page
	tkt-intake SUP-1 >/dev/null
	tkt-route SUP-1 >/dev/null
	tkt-reply --quiet SUP-1 <<<'Thank you.'
	tkt-mailout --quiet
	[ ! -e fetched ]
	kill "$server"
}

@test "S1-14: every question that staff put stays open until it is answered; a partial answer leaves the rest" {
	hosting
	letter a@example.com 'A DNS zone' 'Please add a name server, so that we can move. Before that we had one.'
	tkt-reply --quiet --ask 'Which address has it?' --ask 'Who runs it?' --ask 'When do you move?' SUP-1 <<<'With pleasure.'
	at 2026-03-02T10:00:00Z
	letter a@example.com 'Re: [SUP-1] A DNS zone' $'2. A friend.\n\nThank you!'
	open_questions() {
		tkt-show --format json SUP-1 | jq -r 'select(.type == "question") | "\(.key) \(.text)"'
	}
	same "$(open_questions)" $'ask-1 Which address has it?\nask-3 When do you move?'
	letter a@example.com 'Re: [SUP-1] A DNS zone' $'On Mon, 2 Mar 2026 at 09:00, Service wrote:\n> 3. When do you move?\nIn May.\n'
	same "$(open_questions)" 'ask-1 Which address has it?'
	same "$(tkt-list 'questions > 0' -o id)" SUP-1 # an admin's timer reminds of it: match = {"questions > 0"}
	tkt-reply --quiet SUP-1 <<<'Done.' # an answer of ours answers nothing of that
	same "$(open_questions)" 'ask-1 Which address has it?'
}

# A softphone: which product it is about, the report, and whether the network has changed.
softphone() {
	settings <<-'END'
		recognise "report"  { pattern = '\b(?<report>[0-9A-F]{8}-[0-9]{4})\b' }
		recognise "product" { pattern = '\b(?<product>Team|softphone)\b' }
		recognise "network" { pattern = '(?<network>(?:nothing|something) (?:has )?changed in (?:our|the) network)' }
		question "description" { text = {"en: What has happened, in detail?", "ru: Что случилось, подробно?"} }
		question "product"     { text = {"en: Is it about the softphone or about Team?", "ru: Это софтфон или Team?"}   pattern = '\b(?:Team|softphone)\b' }
		question "network" {
		    text = {"en: Has nothing changed in your network?", "ru: В вашей сети ничего не менялось?"}
		    match = {"fields.product=Team"}
		}
		question "admin" { text = {"en: Who is your system administrator (address)?", "ru: Кто ваш системный администратор (адрес)?"}
		    pattern = '[^\s<>@,;]+@[^\s<>@,;]+\w' }
		form "request"  { require = {"description", "fields.product"} }
		form "critical" { match = {'subject ~ "^critical\b"', 'description !~ "(\w+\W+){4}\w+"'}   require = {"fields.details"} }
		question "details" { text = {"en: Please tell in full what does not work, and for whom.", "ru: Подробно: что и у кого не работает?"} }
		flag "unskilled" { match = {'description ~ "(do not|don.t) understand|what is a (proxy|firewall)"'} }
		sla "all" { first_response = "8h" }
		action "copy_admin" { match = {"tags=unskilled", "fields.admin"}   reason = true   add = {"cc={{fields.admin}}"}   reply = "for_admin" }
	END
	template for_admin 'Your question' 'What follows is for your administrator, who gets it too.'
}

@test "S2-4: softphone or Team, and nothing else; which one is asked where it is unclear" {
	softphone
	letter a@example.com 'No sound' 'I hear nobody since Monday.'
	letter b@example.com 'No sound' 'Our softphone has no sound since Monday.'
	same "$(tkt-list -s id -o lacks,fields.product,due)" $'fields.product\t\t\n\tsoftphone\t2026-03-02T17:00:00Z'
	same "$(answers SUP-1)" $'We need to know more\n1. Is it about the softphone or about Team?'
	at 2026-03-02T10:00:00Z
	letter a@example.com 'Re: [SUP-1] No sound' 'It is about Team of course.'
	same "$(tkt-list id=SUP-1 -o lacks,fields.product,due)" $'\tTeam\t2026-03-02T18:00:00Z'
}

@test "S2-6: without a description, or with the number of a report alone, nothing runs: what is missing is asked for" {
	softphone
	letter a@example.com 'softphone' ''
	letter b@example.com 'softphone' '1A2B3C4D-0001'
	letter c@example.com 'softphone' $'Report: 1A2B3C4D-0002.\n-- \nBoris, director of everything'
	letter d@example.com 'softphone' 'It hangs: 1A2B3C4D-0003'
	same "$(tkt-list -s id -o lacks,fields.report,due)" $'description\t\t
description\t1A2B3C4D-0001\t
\t1A2B3C4D-0002\t2026-03-02T17:00:00Z
\t1A2B3C4D-0003\t2026-03-02T17:00:00Z'
	same "$(answers SUP-2)" $'We need to know more\n1. What has happened, in detail?'
	at 2026-03-04T10:00:00Z
	letter b@example.com 'Re: [SUP-2] softphone' 'It hangs when I dial.'
	same "$(tkt-list id=SUP-2 -o lacks,received_at,complete_at,due)" \
		$'\t2026-03-02T09:00:00Z\t2026-03-04T10:00:00Z\t2026-03-04T18:00:00Z'
}

@test "S2-7: the number of the report is recognised, and is a field that finds its tickets" {
	softphone
	letter a@example.com 'softphone hangs (1A2B3C4D-0001)' 'When I dial.'
	letter b@example.com 'softphone hangs' 'When I dial; see report 1a2b3c4d-0002, please.'
	letter c@example.com 'softphone hangs' 'When I dial 12345678-00011.'
	at 2026-03-02T10:00:00Z
	letter c@example.com 'Re: [SUP-3] softphone hangs' 'Now I have one: 1A2B3C4D-0001'
	same "$(tkt-list -s id -o fields.report)" $'1A2B3C4D-0001\n1a2b3c4d-0002\n1A2B3C4D-0001'
	same "$(tkt-list fields.report=1A2B3C4D-0001 -s id -o id)" $'SUP-1\nSUP-3'
}

@test "S2-17: Critical wants the whole story in the letter; the number of the report comes along if there is one" {
	softphone
	letter a@example.com 'Critical: Team is down' 'Team: help'
	letter b@example.com 'Critical: Team is down' 'Nobody here can log in to Team, report 1A2B3C4D-0001.'
	same "$(tkt-list -s id -o lacks,fields.report)" $'fields.details\t\n\t1A2B3C4D-0001'
	same "$(answers SUP-1)" $'We need to know more\n1. Has nothing changed in your network?\n2. Please tell in full what does not work, and for whom.'
}

@test "S2-23: 'has nothing changed in your network?' is asked, and the answer stored" {
	softphone
	letter a@example.com 'Team' 'Nobody can log in to Team today.'
	letter b@example.com 'Team' 'Nobody can log in to Team today, and nothing has changed in our network.'
	same "$(answers SUP-1)" $'We need to know more\n1. Has nothing changed in your network?'
	same "$(answers SUP-2)" 'We have received your request'
	at 2026-03-02T10:00:00Z
	letter a@example.com 'Re: [SUP-1] Team' 'We have a new firewall.'
	same "$(tkt-list -s id -o fields.network,questions)" $'We have a new firewall.\t0\nnothing has changed in our network\t0'
}

@test "S2-24: a technical contact is named, and copied, when the writer lacks the skills" {
	softphone
	letter a@acme.example 'softphone' 'I do not understand your answer: what is a proxy?'
	letter b@acme.example 'softphone' 'It hangs when I dial.'
	same "$(tkt-list -s id -o id,tags)" $'SUP-1\tunskilled\nSUP-2\t'
	run -65 --separate-stderr tkt-set --action copy_admin -w 'she asks for it' SUP-1
	same "$stderr" "tkt-set: action 'copy_admin' is not for tickets like 'SUP-1'"
	tkt-reply --quiet --ask admin SUP-1 <<<'This is for a technician.'
	at 2026-03-02T10:00:00Z
	letter a@acme.example 'Re: [SUP-1] softphone' 'It is Carl <Carl@acme.example>, he will know.'
	same "$(tkt-list id=SUP-1 -o fields.admin,cc)" $'Carl@acme.example\t' # nobody is written to by a letter's word alone
	tkt-set --quiet --action copy_admin -w 'she named him' SUP-1
	same "$(tkt-list id=SUP-1 -o cc)" carl@acme.example
	same "$(tkt-mailout --list | jq -r 'select(.subject == "[SUP-1] Your question").recipients[]')" $'a@acme.example\ncarl@acme.example'
	at 2026-03-02T11:00:00Z
	letter carl@acme.example 'Re: [SUP-1] softphone' 'It has none.'
	same "$(tkt-log --mail -o fate,ticket | tail -n 1)" $'appended\tSUP-1'
	tkt-set --quiet SUP-2 tags+=unskilled fields.admin='carl, he says'
	run -65 --separate-stderr tkt-set --action copy_admin -w 'he named him' SUP-2
	same "$stderr" "tkt-set: 'carl, he says' is not a mail address"
}

# A site builder: which contract or site, and what of it does not work.
builder() {
	settings <<-'END'
		recognise "contract" { pattern = '\b(?<contract>K-\d+)\b' }
		recognise "domain"   { pattern = '(?<![@\w.-])(?<domain>(?:[\w-]+\.)+example)\b' }
		recognise "page"     { pattern = '(?<page>https?://\S*[\w/])'   in = {"description"} }
		recognise "browser"  { pattern = '\b(?<browser>(?:firefox|chrome|safari|opera)(?:[ /][\d.]*\d)?)'   in = {"description"} }
		recognise "program"  { pattern = '\b(?<program>thunderbird|outlook|the bat)\b'   in = {"description"} }
		recognise "way"      { pattern = '\b(?<way>sending|receiving|send|receive)\b'   in = {"description"} }
		recognise "before"   { pattern = '(?<before>(?:it )?(?:worked (?:before|until)|first set.?up|newly set up)[^.\n]*)'   in = {"description"} }
		recognise "error"    { pattern = '(?:error|says|writes|ошибк\w+)[^"«\n]{0,20}["«](?<error>[^"»\n]*[[:alpha:]]{3}[^"»\n]*)["»]'   in = {"description"} }
		recognise "number"   { pattern = '(?:error|ошибк\w+|code|код)\W{0,4}(?<error_number>\d{2,6})\b'   in = {"description"} }
		recognise "picture"  { pattern = '^image/\S+ (?<screenshot>.+)'   in = {"attachments"} }
		recognise "provider" { pattern = '\bour provider is (?<provider>[^.,\n]+)'   in = {"description"} }

		category "order"    { match = {'description ~ "^\W*(hello|good day)?\W*(please|пожалуйста|прошу)\b"'} }
		category "question" { match = {'description ~ "\b(can|could) you\b|можете ли вы"'} }
		category "access"   { match = {'description ~ "(can(no|.)t|do(es)? not) (open|reach|load)"'} }
		category "site"     { match = {'description ~ "\b(site|page)\b.*(does not|doesn.t) work|не работает сайт"'} }
		category "mail"     { match = {'description ~ "\bmail\b.*(does not|doesn.t) work|не работает почта"'} }
		flag "generic_subject" { match = {'subject ~ "^\W*((re|fwd?|отв)\W+)*(help|question|problem|urgent|hello|hi|вопрос|помогите|проблема|срочно)?\W*$"'} }
		flag "asks_for_work"   { match = {"category=question", 'description ~ "\b(can|could) you\b[^?]*\b(change|add|remove|set)\b|можете ли вы (изменить|добавить)"'} }

		question "contract"  { text = {"en: What is the number of your contract, or the domain of your site?", "ru: Номер договора или домен сайта?"}   pattern = '\bK-\d+\b' }
		question "page"      { text = {"en: Which address do you open?", "ru: По какому адресу вы заходите?"} }
		question "browser"   { text = {"en: Which browser do you use?", "ru: Какой у вас браузер?"} }
		question "error"     { text = {"en: What does the error say, in words?", "ru: Какой текст у ошибки?"} }
		question "program"   { text = {"en: Which mail program do you use?", "ru: Какая у вас почтовая программа?"} }
		question "before"    { text = {"en: Did it work before, or is it newly set up?", "ru: Работало ли раньше или настроено впервые?"} }
		question "way"       { text = {"en: Is it sending or receiving?", "ru: Отправка или приём?"} }
		question "provider" {
		    text = {"en: Who provides your access to the Internet?", "ru: Кто ваш Интернет-провайдер?"}
		    match = {"category=access"}
		}
		form "known" { match = {"not contract", "not fields.domain"}   require = {"contract"} }
		form "site"  { match = {"category in site,access"}   require = {"fields.page", "fields.browser"}   set = {"status=pending", "pending_reason=customer"} }
		form "mail"  { match = {"category=mail"}   require = {"fields.program", "fields.before", "fields.way"}   set = {"status=pending", "pending_reason=customer"} }
		form "error" { match = {"category in site,access,mail", "not fields.screenshot"}   require = {"fields.error"} }
		form "bare"  { match = {"fields.error_number", "not fields.screenshot"}   require = {"fields.error"} }
		action "order" { channels = {"mail", "form"}   needs = claimed   match = {"category=order"} }
	END
	tkt-customer --quiet <<-'END'
		{"id":"acme","contracts":[{"number":"K-77","contact":"boss@acme.example","sites":["shop.example"]}]}
		{"id":"zeta","domains":["zeta.example"],"contracts":[{"number":"K-99"}]}
	END
}

@test "S3-5: each new request names contract or site, which is looked up and tied; a reply need not" {
	builder
	letter boss@acme.example 'A mailbox for K-77' 'Please add one.'
	letter boss@acme.example 'A mailbox' 'Please add one at shop.example.'
	letter clerk@home.org 'A mailbox' 'Please add one at my site.'
	letter clerk@home.org 'A mailbox of K-123' 'Please add one.'
	same "$(tkt-list -s id -o id,customer,contract,fields,lacks)" $'SUP-1\tacme\tK-77\t{"contract":"K-77"}\t
SUP-2\tacme\tK-77\t{"domain":"shop.example"}\t
SUP-3\t\t\t\tcontract
SUP-4\t\t\t{"contract":"K-123"}\tcontract'
	same "$(answers SUP-1)" 'We have received your request'
	same "$(answers SUP-3)" $'We need to know more\n1. What is the number of your contract, or the domain of your site?'
	letter boss@acme.example 'Re: [SUP-1] A mailbox for K-77' 'Its name is info.'
	same "$(tkt-list id=SUP-1 -o lacks,questions)" $'\t0'
	letter clerk@home.org 'Re: [SUP-4] A mailbox of K-123' 'Sorry, it is K-124.'
	same "$(tkt-list id=SUP-4 -o lacks,questions,fields)" $'contract\t1\t{"contract":"K-124"}'
	letter z@zeta.example 'A mailbox of K-123' 'Please add one.' # whose domain is enough, says the desk
	same "$(tkt-list id=SUP-5 -o customer,contract)" $'zeta\tK-99'
}

@test "S3-7: a subject that says nothing of the matter is flagged" {
	builder
	local subject
	for subject in Help 'Re: question' 'Urgent!!!' '=?UTF-8?B?0JLQvtC/0YDQvtGB?=' 'A question of mailboxes' 'Urgent: the shop is closed'; do
		letter boss@acme.example "$subject" "Please add a mailbox to K-77: $subject"
	done
	same "$(tkt-list -s id -o subject,tags)" $'Help\tgeneric_subject\nRe: question\tgeneric_subject\nUrgent!!!\tgeneric_subject
Вопрос\tgeneric_subject\nA question of mailboxes\t\nUrgent: the shop is closed\t'
}

@test "S3-9: 'the site does not work' and 'mail does not work' lead to questions at once" {
	builder
	letter boss@acme.example 'K-77' 'Our site does not work.'
	letter boss@acme.example 'K-77' 'My mail does not work!'
	same "$(tkt-list -s id -o id,category,status,waiting_for)" $'SUP-1\tsite\tpending\tcustomer\nSUP-2\tmail\tpending\tcustomer'
	same "$(tkt-mailout --list -o ticket,created_at,subject)" $'SUP-1\t2026-03-02T09:00:00Z\t[SUP-1] We need to know more
SUP-2\t2026-03-02T09:00:00Z\t[SUP-2] We need to know more'
}

@test "S3-10: the text of the error is wanted; its bare number leads to a question" {
	builder
	letter boss@acme.example 'K-77: shop' 'I get error 503 when I save.'
	letter boss@acme.example 'K-77: shop' 'I get error 503 when I save, it says "Service Unavailable".'
	letter boss@acme.example 'K-77: shop' 'I get the error "503" when I save.'
	same "$(tkt-list -s id -o lacks,fields.error_number,fields.error)" $'fields.error\t503\t\n\t503\tService Unavailable\nfields.error\t503\t'
	same "$(answers SUP-1)" $'We need to know more\n1. What does the error say, in words?'
}

@test "S3-11: who has trouble with access is asked for the provider" {
	builder
	letter boss@acme.example 'K-77: shop' 'I cannot open https://shop.example/ in Firefox, it says "Timed out".'
	letter boss@acme.example 'K-77: shop' 'I cannot open https://shop.example/ in Firefox, it says "Timed out". Our provider is Ufanet.'
	same "$(tkt-list -s id -o lacks,questions,fields.provider)" $'\t1\t\n\t0\tUfanet'
	same "$(answers SUP-1)" $'We need to know more\n1. Who provides your access to the Internet?'
	letter boss@acme.example 'Re: [SUP-1] K-77: shop' 'Dom.ru'
	same "$(tkt-list id=SUP-1 -o questions,fields.provider)" $'0\tDom.ru'
}

# picture FROM SUBJECT TEXT: a letter with a screenshot.
picture() {
	python3 - "$@" <<-'END'
		import sys
		from email.message import EmailMessage
		m = EmailMessage()
		m["From"], m["Subject"] = sys.argv[1:3]
		m["To"], m["Date"], m["Message-ID"] = "support@example.org", "Mon, 02 Mar 2026 08:59:00 +0000", "<picture@example.com>"
		m.set_content(sys.argv[3])
		m.add_attachment(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde", maintype="application", subtype="octet-stream", filename="screen.png")
		print(m)
	END
}

@test "S3-12: a screenshot stands in place of text that cannot be copied" {
	builder
	picture boss@acme.example 'K-77: shop' 'I get error 503 when I save.' | tkt-mailin
	letter boss@acme.example 'K-77: shop' 'Error 504 when I save.'
	same "$(tkt-list -s id -o lacks,fields.screenshot)" $'\tscreen.png\nfields.error\t'
	picture boss@acme.example 'Re: [SUP-2] K-77: shop' 'I cannot copy it, see here.' | sed 's/picture@/later@/' | tkt-mailin
	same "$(tkt-list id=SUP-2 -o lacks,questions,fields.screenshot)" $'\t0\tscreen.png'
}

@test "S3-13: trouble with a site: address, browser, the exact error" {
	builder
	letter boss@acme.example 'K-77' 'Our site does not work.'
	letter boss@acme.example 'K-77' 'The site https://shop.example/cart does not work in Firefox 140: it says "No such cart".'
	same "$(tkt-list -s id -o lacks,fields.page,fields.browser,fields.error)" $'fields.page,fields.browser,fields.error\t\t\t
\thttps://shop.example/cart\tFirefox 140\tNo such cart'
	same "$(answers SUP-1)" $'We need to know more\n1. Which address do you open?\n2. Which browser do you use?\n3. What does the error say, in words?'
	letter boss@acme.example 'Re: [SUP-1] K-77' $'1. shop.example/cart\n3. No such cart'
	same "$(tkt-list id=SUP-1 -o lacks,status)" $'fields.browser\tpending'
	letter boss@acme.example 'Re: [SUP-1] K-77' 'Opera'
	same "$(tkt-list id=SUP-1 -o lacks,status,fields.page,fields.browser,fields.error)" $'\topen\tshop.example/cart\tOpera\tNo such cart'
}

@test "S3-14: trouble with mail: the program, whether it worked before, sending or receiving, the error" {
	builder
	letter boss@acme.example 'K-77' 'Mail does not work.'
	letter boss@acme.example 'K-77' 'Mail does not work in Thunderbird: sending fails, it worked before, and writes "Relay denied".'
	same "$(answers SUP-1)" $'We need to know more\n1. What does the error say, in words?\n2. Which mail program do you use?
3. Did it work before, or is it newly set up?\n4. Is it sending or receiving?'
	same "$(tkt-list id=SUP-2 -o lacks,fields)" $'\t{"contract":"K-77","program":"Thunderbird","way":"sending","before":"it worked before, and writes \\\\"Relay denied\\\\"","error":"Relay denied"}'
	letter boss@acme.example 'Re: [SUP-1] K-77' $'2. Outlook\n3. It did.\n4. Receiving\n1. No route'
	same "$(tkt-list id=SUP-1 -o lacks,status,fields)" $'\topen\t{"contract":"K-77","program":"Outlook","way":"Receiving","error":"No route","before":"It did."}'
}

@test "S3-15: 'can you' is a question, 'please do' an order: the words say which, and only the order is acted on" {
	builder
	letter boss@acme.example 'K-77: phone' 'Can you change the phone number on our page?'
	letter boss@acme.example 'K-77: phone' 'Please change the phone number on our page.'
	letter boss@acme.example 'K-77: hours' 'Can you tell me your hours?'
	same "$(tkt-list -s id -o category,tags)" $'question\tasks_for_work\norder\t\nquestion\t'
	run -65 --separate-stderr tkt-set --action order SUP-1
	same "$output|$stderr" "|tkt-set: action 'order' is not for tickets like 'SUP-1'"
	same "$(tkt-set --action order SUP-2 -o id)" SUP-2
}

# A web studio: work begins on an exact change of a named section, asked for in writing.
studio() {
	settings <<-'END'
		recognise "section" { pattern = '\bsection\W+(?<section>\w[^.,;\n]*)' }
		question "section"     { text = {"en: Which section of the site?", "ru: Какой раздел сайта?"} }
		question "description" { text = {"en: What exactly is to be changed?", "ru: Что именно изменить?"} }
		form "work" { match = {"channel in mail,site"}   require = {"description", "fields.section"} }
		channel "site" { acknowledge = all }
		action "begin" { channels = {"mail", "site"}   match = {"not lacks"}   set = {"status=open", "fields.begun=yes"} }
	END
}

@test "S4-1: work begins from the customer's mail or the site alone, with the exact change and the section" {
	studio
	letter a@example.com 'Prices' 'Put up the prices by a tenth.'
	letter a@example.com 'Prices' 'Put up the prices by a tenth in the section Catalogue.'
	tkt-new --quiet -s 'Prices' -c site -r a@example.com <<<'Put up the prices, section: Catalogue.'
	tkt-new --quiet -s 'Prices' -c phone -r a@example.com fields.section=Catalogue <<<'Put up the prices, he says.'
	same "$(tkt-list -s id -o id,lacks)" $'SUP-1\tfields.section\nSUP-2\t\nSUP-3\t\nSUP-4\t'
	run -65 --separate-stderr tkt-set --action begin SUP-1
	same "$stderr" "tkt-set: action 'begin' is not for tickets like 'SUP-1'"
	run -77 --separate-stderr tkt-set --action begin SUP-4
	same "$stderr" "tkt-set: action 'begin' is not done for ticket 'SUP-4': it is asked for by mail, site alone"
	same "$(tkt-set --action begin SUP-2 SUP-3 -o id,status)" $'SUP-2\topen\nSUP-3\topen'
	same "$(answers SUP-3)" 'We have received your request'
	letter a@example.com 'Section: Catalogue' ''
	same "$(answers SUP-5)" $'We need to know more\n1. What exactly is to be changed?'
	letter a@example.com 'Re: [SUP-1] Prices' 'Catalogue'
	same "$(tkt-set --action begin SUP-1 -o fields)" '{"section":"Catalogue","begun":"yes"}'
}
