#!/usr/bin/env bats
# Rules of written support regulations that tell who is served, with what, and when a request may be
# refused, each by its number, through the installed tools: the rules are data in desk.conf.
load regulation

# refusals ID: the subjects and texts of what the desk has written by itself.
refusals() {
	tkt-show --messages --format json "$1" | jq -r 'select(.direction == "out") | (.subject | sub("^\\[[^]]*\\] "; "")) + ": " + (.body | rtrimstr("\n"))'
}

# A web service: paid, trial and registering users; six kinds of questions.
web_service() {
	settings <<-'END'
		category "suggestion" { any = {'subject ~ "\b(suggest\w*|idea|wish)\b"'} }
		category "tariff"     { any = {'subject ~ "\b(tariff|price)s?\b"'} }
		category "news"       { any = {'subject ~ "\b(update|release|roadmap)s?\b"'} }
		category "overview"   { any = {'subject ~ "\bwhat can\b|\boverview\b"'} }
		category "how_to"     { any = {'subject ~ "\bhow (do|to|can)\b"'} }
		category "fault"      { any = {'subject ~ "\b(error|fails?|broken|does not work)\b"'} }
		category "other"      { }
		entitlement "scope" {
		    match = {"category=other", "tier in paid,trial,registering"}
		    reply = "out_of_scope"   set = {"status=resolved", "resolution=out_of_scope"}
		}
		entitlement "users" { match = {"tier in paid,trial,registering"} }
		entitlement "rest"  { reply = "not_a_user"   set = {"status=resolved", "resolution=out_of_scope"} }
	END
	template out_of_scope 'Not what we do' 'We answer faults, news, overviews, how-to, suggestions and tariffs.'
	template not_a_user 'Who are you?' 'We serve paid and trial users, and those who register.'
	tkt-customer --quiet <<-'END'
		{"id":"payer","tier":"paid","domains":["paid.example"]}
		{"id":"tester","tier":"trial","domains":["trial.example"]}
	END
}

@test "S0-1: paid, trial and registering users are served; anybody else gets an answer, never silence" {
	web_service
	letter a@paid.example 'Export fails' 'It is empty.'
	letter b@trial.example 'Export fails' 'It is empty.'
	tkt-new --quiet -s 'The form fails' -c registration -r c@example.net tier=registering <<<'I get no code.'
	letter d@example.net 'Export fails' 'It is empty.'
	same "$(tkt-list --all -s id -o customer,tier,status,resolution)" $'payer\tpaid\tnew\t\ntester\ttrial\tnew\t
\tregistering\tnew\t\n\t\tresolved\tout_of_scope'
	same "$(refusals SUP-4)" 'Who are you?: We serve paid and trial users, and those who register.'
	same "$(tkt-mailout --list -o recipients,subject)" $'a@paid.example\t[SUP-1] We have received your request
b@trial.example\t[SUP-2] We have received your request\nd@example.net\t[SUP-4] Who are you?'
}

@test "S0-15: a fault, news, an overview, how-to, a suggestion, a tariff; the rest is out of scope" {
	web_service
	local subject
	for subject in 'Export fails' 'When is the next release?' 'What can it do?' 'How do I export?' 'A suggestion' 'Which tariff suits us?' 'Buy our chairs'; do
		letter a@paid.example "$subject" "$subject: tell us."
	done
	same "$(tkt-list --all -s id -o category,status)" $'fault\tnew\nnews\tnew\noverview\tnew\nhow_to\tnew\nsuggestion\tnew\ntariff\tnew\nother\tresolved'
	same "$(refusals SUP-7)" 'Not what we do: We answer faults, news, overviews, how-to, suggestions and tariffs.'
}

# A hosting provider: a cause elsewhere is no reason to refuse; three grounds are.
hosting() {
	settings <<-'END'
		version = "2020-09-01"
		category "law"     { any = {'description ~ "\b(legal|lawful|forbidden by law)\b"'} }
		category "foreign" { any = {'description ~ "\b(antivirus|our router|SIP)\b"'}   add = {"tags=cause_elsewhere"} }
		action "elsewhere" { match = {"category=foreign"}   set = {"status=pending", "pending_reason=third_party"} }
		action "refuse_unlawful"    { reason = true   set = {"status=resolved", "resolution=unlawful"}      reply = "unlawful" }
		action "refuse_harmful"     { reason = true   set = {"status=resolved", "resolution=harmful"}       reply = "harmful" }
		action "refuse_third_party" { reason = true   set = {"status=resolved", "resolution=third_parties"} reply = "third_parties" }
		forbid "refusal" {
		    match = {"resolution", "not resolution in fixed,answered,no_information,unlawful,harmful,third_parties"}
		    text  = "a refusal has one of three grounds: unlawful, harmful, third_parties"
		}
		action "no_judgement" { match = {"category=law"}   reply = "no_judgement"   set = {"status=resolved", "resolution=answered"} }
		forbid "content" {
		    any  = {"fields.content", "fields.content_class", 'tags ~ "^content"', 'category ~ "^content"'}
		    text = "we do not judge what is published"
		}
		sla "all" { first_response = "8h" }
	END
	template unlawful 'We cannot do it' 'It is plainly meant to break the law.'
	template harmful 'We cannot do it' 'It could harm our nodes, or those of others.'
	template third_parties 'We cannot do it' 'It concerns people with whom neither of us has a contract.'
	template no_judgement 'Your question' 'We give technical help, and judge neither contents nor law.'
}

# A softphone: what is not its own is for those who can help.
softphone() {
	settings <<-'END'
		category "telephony" { any = {'description ~ "\b(no tone|cannot be dialled|SIP error \d+)\b"'} }
		category "foreign"   { any = {'description ~ "\b(SIP|antivirus|firewall|our router|workplace)\b"'} }
		entitlement "expired" { match = {"entitlement=expired"}   reply = "renew"   set = {"status=resolved", "resolution=out_of_scope"} }
		entitlement "unknown" { match = {"entitlement=none"}      reply = "buy"     set = {"status=resolved", "resolution=out_of_scope"} }
		entitlement "telephony" { match = {"category=telephony"}  reply = "pbx"     set = {"status=resolved", "resolution=out_of_scope"} }
		entitlement "foreign"   { match = {"category=foreign"}    reply = "own_specialist"   set = {"status=resolved", "resolution=out_of_scope"} }
		route "all" { set = {"queue=work"}   notify = {"group:l1"} }
	END
	template renew 'Please renew' 'Your support term is over: renew the licence, or see the knowledge base.'
	template buy 'No licence' 'We know no licence of yours.'
	template pbx 'Telephony' 'Please ask the support of your own PBX.'
	template own_specialist 'Not ours' 'Please ask the system administrator of your company.'
	tkt-customer --quiet <<-'END'
		{"id":"acme","tier":"paid","domains":["acme.example"],"contracts":[{"number":"K-1","until":"2026-12-31"}]}
		{"id":"last","tier":"paid","domains":["last.example"],"contracts":[{"number":"K-2","until":"2026-03-02"}]}
		{"id":"late","tier":"paid","domains":["late.example"],"contracts":[{"number":"K-3","until":"2026-03-01"}]}
	END
}

@test "S1-15: a cause outside our zone is no refusal here, as it is at another desk (S2-3)" {
	hosting
	letter a@acme.example 'Calls' 'Our antivirus stops your SIP service.'
	same "$(tkt-list --all -o status,tags)" $'new\tcause_elsewhere'
	tkt-set --quiet --action elsewhere SUP-1
	same "$(tkt-list -o status,pending_reason,waiting_for)" $'pending\tthird_party\tthird_party'
	same "$(tkt-mailout --list -o subject)" '[SUP-1] We have received your request'
	desk second
	softphone
	letter a@acme.example 'Calls' 'Our antivirus stops your SIP service.'
	same "$(tkt-list --all -o status,resolution)" $'resolved\tout_of_scope'
}

@test "S1-16: a refusal has one of three grounds, and a reason; no tool stores another" {
	hosting
	letter a@acme.example 'A mass mailing' 'Please send a million letters.'
	letter b@acme.example 'Our neighbour' 'Please open the mailbox of our neighbour.'
	letter c@acme.example 'A site' 'Please copy their site.'
	local said="a refusal has one of three grounds: unlawful, harmful, third_parties"
	run -65 --separate-stderr tkt-set SUP-1 status=resolved resolution=refused
	same "$output|$stderr" "|tkt-set: ticket 'SUP-1' is not changed: 'refusal' forbids it (desk.conf:13): $said"
	run -65 --separate-stderr tkt-set status=resolved resolution=out_of_scope <<<'{"id":"SUP-1"}'
	same "$stderr" "tkt-set: stdin:1: ticket 'SUP-1' is not changed: 'refusal' forbids it (desk.conf:13): $said"
	run -65 tkt-reply --set resolution=refused --status resolved SUP-1 <<<'No.'
	run -65 tkt-apply <<<'{"type":"change","ticket":"SUP-1","set":{"status":"closed","resolution":"refused"}}'
	run -65 tkt-new -s x status=resolved resolution=refused <<<'x'
	run -65 --separate-stderr tkt-set --action refuse_harmful SUP-1
	same "$stderr" "tkt-set: action 'refuse_harmful' needs a reason: --why"
	same "$(tkt-list -s id -o status,resolution)" $'new\t\nnew\t\nnew\t'
	tkt-set --quiet --action refuse_harmful -w 'our addresses would be blocked' SUP-1
	tkt-set --quiet --action refuse_third_party -w 'not their mailbox' SUP-2
	tkt-set --quiet --action refuse_unlawful -w 'not their work' SUP-3
	same "$(tkt-list --all -s id -o status,resolution)" $'resolved\tharmful\nresolved\tthird_parties\nresolved\tunlawful'
	same "$(refusals SUP-2 | tail -n 1)" 'We cannot do it: It concerns people with whom neither of us has a contract.'
	same "$(tkt-log action -o action,why)" $'refuse_harmful\tour addresses would be blocked\nrefuse_third_party\tnot their mailbox\nrefuse_unlawful\tnot their work'
}

@test "S1-17: contents are not judged: one fixed answer, and no class of them is stored by any tool" {
	hosting
	letter a@acme.example 'A shop' 'Is it legal to sell this on our site?'
	tkt-set --quiet --action no_judgement SUP-1
	same "$(refusals SUP-1 | tail -n 1)" 'Your question: We give technical help, and judge neither contents nor law.'
	local assignment
	for assignment in fields.content_class=adult tags+=content:adult category=content_adult; do
		run -65 --separate-stderr tkt-set SUP-1 "$assignment"
		same "$output|$stderr" "|tkt-set: ticket 'SUP-1' is not changed: 'content' forbids it (desk.conf:18): we do not judge what is published"
	done
	run -65 tkt-apply <<<'{"type":"change","ticket":"SUP-1","add":{"tags":["content"]}}'
	same "$(tkt-list --all -o category,tags,fields)" $'law\t\t'
	same "$(tkt-set SUP-1 tags+=seen -o tags)" seen # the rest goes on
}

@test "S1-18: rules count from their day, and a ticket keeps those in force when it came" {
	hosting
	letter a@acme.example 'Before' 'Our site is slow.'
	sed -i 's/^version.*/version = "2026-04-01"   effective = "2026-04-01"   timezone = "Europe\/Moscow"/; s/"8h"/"2h"/; s/^forbid "content"/forbid "renamed"/' "$TKT_DESK/desk.conf"
	at 2026-03-31T20:59:59Z # a second before midnight in Moscow
	letter b@acme.example 'On the eve' 'Our site is slow.'
	same "$(tkt-status -o policy)" 2020-09-01
	at 2026-03-31T21:00:00Z
	letter c@acme.example 'On the day' 'Our site is slow.'
	same "$(tkt-status -o policy)" 2026-04-01
	at 2026-04-02T09:00:00Z
	letter a@acme.example 'Re: [SUP-1] Before' 'Still.'
	tkt-set --quiet priority=high SUP-1
	tkt-sla --sweep --quiet
	same "$(tkt-list -s id -o id,policy,clock.first_response.target,clock.first_response.due)" $'SUP-1\t2020-09-01\t8h\t2026-03-02T17:00:00Z
SUP-2\t2020-09-01\t8h\t2026-04-01T04:59:59Z\nSUP-3\t2026-04-01\t2h\t2026-03-31T23:00:00Z'
	run -65 --separate-stderr tkt-set fields.content=x SUP-2
	same "$stderr" "tkt-set: ticket 'SUP-2' is not changed: 'content' forbids it (desk.conf:18): we do not judge what is published"
	run -65 --separate-stderr tkt-set fields.content=x SUP-3
	same "$stderr" "tkt-set: ticket 'SUP-3' is not changed: 'renamed' forbids it (desk.conf:18): we do not judge what is published"
	tkt-sla --verify
	cp "$TKT_DESK/desk.conf" rules
	desk new # no ticket is there that came under others
	conf <rules
	mail a@acme.example 'First' 'Our site is slow.' | tkt-mailin --now 2026-03-01T09:00:00Z
	same "$(tkt-list --all -o policy)" 2026-04-01
}

@test "S2-3: topics that are not ours are refused by a letter that names who can help" {
	softphone
	letter a@acme.example 'Sound' 'How do I set up SIP accounts?'
	letter a@acme.example 'Sound' 'Our firewall stops the softphone.'
	letter a@acme.example 'Sound' 'The softphone crashes when I dial.'
	same "$(tkt-list --all -s id -o category,status,resolution,queue)" $'foreign\tresolved\tout_of_scope\tsupport
foreign\tresolved\tout_of_scope\tsupport\n\tnew\t\twork'
	same "$(refusals SUP-2)" 'Not ours: Please ask the system administrator of your company.'
	letter a@acme.example 'Re: [SUP-2] Sound' 'We have none, and it is your softphone.'
	same "$(tkt-list id=SUP-2 -o status)" open # a person looks at it
}

@test "S2-21: telephony is for the support of the customer's own PBX, who is named; nothing is forwarded" {
	softphone
	letter a@acme.example 'Calls' 'There is no tone.'
	same "$(tkt-list --all -o category,status,resolution,cc)" $'telephony\tresolved\tout_of_scope\t'
	tkt-sla --sweep --quiet
	same "$(tkt-mailout --list -o recipients,subject)" $'a@acme.example\t[SUP-1] Telephony'
	same "$(refusals SUP-1)" 'Telephony: Please ask the support of your own PBX.'
}

@test "S2-22: only a valid term is served, judged at receipt; else renewal and the knowledge base are named" {
	softphone
	letter a@acme.example 'Crash' 'The softphone crashes.'
	letter a@last.example 'Crash' 'The softphone crashes.'
	letter a@late.example 'Crash' 'The softphone crashes.'
	letter a@else.example 'Crash' 'The softphone crashes.'
	same "$(tkt-list --all -s id -o contract,entitlement,status)" $'K-1\tvalid\tnew\nK-2\tvalid\tnew\nK-3\texpired\tresolved\n\tnone\tresolved'
	same "$(refusals SUP-3)" 'Please renew: Your support term is over: renew the licence, or see the knowledge base.'
	at 2026-03-03T09:00:00Z
	letter a@last.example 'Re: [SUP-2] Crash' 'Still.' # it came in time
	letter a@last.example 'Another crash' 'The softphone crashes.'
	same "$(tkt-list --all 'customer=last' -s id -o id,entitlement,status)" $'SUP-2\tvalid\tnew\nSUP-5\texpired\tresolved'
}

@test "S3-16: an abusive letter may stay unanswered: a person says so; it is kept, logged, and in no figure" {
	settings <<-'END'
		sla "all" { match = {"not tags=abusive"}   first_response = "4h"   resolution = "8h" }
		action "abusive" { reason = true   add = {"tags=abusive"}   set = {"status=closed", "resolution=unanswered"} }
		forbid "unanswered" { match = {"resolution=unanswered", "not tags=abusive"}   text = "only what is abusive stays unanswered" }
	END
	letter a@acme.example 'You' 'You are all fools!'
	letter b@acme.example 'Help' 'Our site is slow, you fools.'
	run -65 --separate-stderr tkt-set --action abusive SUP-1
	same "$stderr" "tkt-set: action 'abusive' needs a reason: --why"
	run -65 tkt-set SUP-2 status=closed resolution=unanswered
	tkt-set --quiet --as ivanova --action abusive -w 'an insult, and no question' SUP-1
	same "$(tkt-log action=abusive -o actor,why,rule)" $'agent:ivanova\tan insult, and no question\tdesk.conf:7'
	same "$(tkt-show --messages --format json SUP-1 | jq -r 'select(.direction == "in").body')" 'You are all fools!'
	at 2026-03-03T09:00:00Z
	tkt-sla --sweep --quiet
	same "$(tkt-list --all -s id -o id,status,clock.first_response.state,clock.first_response.breached)" $'SUP-1\tclosed\t\t\nSUP-2\tnew\trunning\t2026-03-02T13:00:00Z'
	same "$(tkt-list --all 'clock.first_response.breached or clock.resolution.breached' -o id)" SUP-2
}

# A web studio: three reasons to put off, or refuse; levels by customer and by problem.
studio() {
	settings <<-'END'
		calendar "office" { timezone = "Asia/Yekaterinburg"   week = {"mon-fri 09:00-18:00"} }
		question "numbers" { text = {"en: Which numbers are wrong?", "ru: Какие цифры неверны?"} }
		action "defer_no_information" { match = {"questions > 0"}   set = {"status=pending", "pending_reason=customer", "resolution=no_information"}   reply = "no_information" }
		action "defer_out_of_scope"   { set = {"status=pending", "pending_reason=customer", "resolution=out_of_scope"}   reply = "out_of_scope" }
		action "defer_unconstructive" {
		    match = {"fields.ill_put=yes", "questions > 0", "last_out_at < -2d"}
		    set = {"status=pending", "pending_reason=customer", "resolution=not_constructive"}   reply = "not_constructive"
		}
		forbid "deferral" {
		    match = {"status=pending", "pending_reason=customer", "not resolution in no_information,out_of_scope,not_constructive"}
		    text  = "what is put off has one of three reasons"
		}
		sla "extended_fault" { match = {"tier=extended", "category=fault"}   calendar = "office"   first_response = "2wh"   resolution = "1wd" }
		sla "extended"       { match = {"tier=extended"}   calendar = "office"   first_response = "8wh"
		    escalate "75%" { notify = {"group:leads"}   set = {"priority=high"} } }
		sla "fault"          { match = {"category=fault"}   calendar = "office"   first_response = "24wh" }
		sla "plain"          { calendar = "office"   first_response = "48wh" }
		category "fault" { any = {'subject ~ "\b(error|broken)\b"'} }
	END
	template no_information 'We wait' 'We need more from you.'
	template out_of_scope 'We cannot' 'This is not what the contract is about.'
	template not_constructive 'We wait' 'Without your answers we cannot go on.'
	tkt-customer --quiet <<<'{"id":"acme","tier":"extended","domains":["acme.example"]}'
}

@test "S4-9: put off for one of three reasons: no facts, out of scope, ill-put and late with facts" {
	studio
	letter a@acme.example 'Prices' 'They are all wrong, as ever!'
	run -65 --separate-stderr tkt-set SUP-1 status=pending pending_reason=customer
	same "$stderr" "tkt-set: ticket 'SUP-1' is not changed: 'deferral' forbids it (desk.conf:14): what is put off has one of three reasons"
	run -65 --separate-stderr tkt-set --action defer_no_information SUP-1
	same "$stderr" "tkt-set: action 'defer_no_information' is not for tickets like 'SUP-1'" # nothing was asked
	tkt-reply --quiet --ask numbers SUP-1 <<<'Please tell.'
	run -65 tkt-set --action defer_unconstructive SUP-1
	tkt-set --quiet fields.ill_put=yes SUP-1
	run -65 tkt-set --action defer_unconstructive SUP-1 # the facts are not late yet
	at 2026-03-04T09:00:01Z
	same "$(tkt-set --action defer_unconstructive SUP-1 -o status,resolution)" $'pending\tnot_constructive'
	same "$(refusals SUP-1 | tail -n 1)" 'We wait: Without your answers we cannot go on.'
	letter b@acme.example 'A logo' 'Please paint one.'
	same "$(tkt-set --action defer_out_of_scope SUP-2 -o resolution)" out_of_scope
	letter a@acme.example 'Re: [SUP-1] Prices' 'All of 2025.'
	same "$(tkt-list id=SUP-1 -o status,resolution,questions)" $'open\t\t0'
}

@test "S4-10: the level depends on the customer and on the problem: the time, and more than that" {
	studio
	letter a@acme.example 'An error' 'The site says no.'
	letter a@acme.example 'Prices' 'Please raise them.'
	letter b@other.example 'An error' 'The site says no.'
	letter b@other.example 'Prices' 'Please raise them.'
	same "$(tkt-list -s id -o clock.first_response.target,clock.resolution.target)" $'2wh\t1wd\n8wh\t\n24wh\t\n48wh\t'
	at 2026-03-03T09:00:00Z
	tkt-sla --sweep --quiet
	same "$(tkt-list -s id -o priority)" $'normal\nhigh\nnormal\nnormal' # of one level alone
}
