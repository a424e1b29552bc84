#!/usr/bin/env bats
# Rules of written support regulations that tell of who asks and what he may have done, each by its
# number, through the installed tools.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	export TKT_AGENT=ivanova
}

# settings: a desk with the sections on standard input
settings() {
	{ printf '%s\n' 'name = "Service"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'trusted_host = "mx.example.org"' \
		'transport "maildir" { path = "outbox" }' && cat; } | conf
}

# A hosting provider: three classes of action need the panel.
hosting() {
	settings <<-'END'
		action "tell"   { needs = verified }
		action "change" { needs = verified }
		action "work"   { needs = verified }
		action "advise" { }
		flag "unidentified" { match = {"identity in none,claimed"} }
		question "account" { text = {"en: Please send this from the panel, or name your account."}   match = {"tags=unidentified", 'description ~ "\bmy\b"'} }
	END
}

# A site builder: orders in writing, from the address in the contract or by the site's form.
builder() {
	settings <<-'END'
		action "order" { needs = claimed   channels = {"mail", "form"}   address = contract   match = {"category=order"} }
	END
	tkt-customer --quiet <<<'{"id":"acme","domains":["acme.example"],"contracts":[{"number":"K-77","contact":"boss@acme.example"}]}'
}

# panel ADDRESS SUBJECT [CHANNEL]: a request by one who is logged in there
panel() {
	tkt-new --quiet -s "$2" -r "$1" -c "${3-panel}" --token "$(tkt-new --make-token 10m -r "$1")" <<<'Please do.'
}

# proven SUBJECT: a letter that the trusted server vouches for
proven() {
	printf 'Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nReceived: from a by mx.example.org; Mon, 2 Mar 2026 08:59:00 +0000\n'
	mail anna@example.com "$1" 'Please do.'
}

# refused ACTION TICKET ERROR: 77, one line, and the ticket is as it was
refused() {
	local before
	before=$(tkt-show "$2" --format json)
	run -77 --separate-stderr tkt-set --action "$1" "$2"
	same "$output|$stderr" "|tkt-set: action '$1' $3"
	same "$(tkt-show "$2" --format json)" "$before"
}

@test "S1-4: tickets of the control panel count as identified at once" {
	hosting
	panel anna@example.com 'A mailbox'
	same "$(tkt-list -o id,channel,identity)" $'SUP-1\tpanel\tverified'
	same "$(tkt-log | jq -c '[.actor, .why, .set.identity]')" '["agent:ivanova","a panel request with a token","verified"]'
	same "$(tkt-set --action change SUP-1 -o id)" SUP-1
	tkt-new --quiet -s 'No token' -r anna@example.com -c panel <<<'Please do.'
	same "$(tkt-list id=SUP-2 -o identity)" claimed
}

@test "S1-5: a call, a chat or a plain letter gets advice, and nothing that needs to know who asks" {
	hosting
	tkt-new --quiet -s Call -c phone -r anna@example.com <<<'How do I add a mailbox?'
	tkt-new --quiet -s Chat -c chat <<<'How do I add a mailbox?'
	mail anna@example.com Letter 'How do I add a mailbox?' | tkt-mailin
	same "$(tkt-list -s id -o channel,identity,tags,questions)" $'phone\tnone\tunidentified\t0\nchat\tnone\tunidentified\t0\nmail\tclaimed\tunidentified\t0'
	same "$(tkt-list -s id | tkt-set --action advise -o id)" $'SUP-1\nSUP-2\nSUP-3'
	refused tell SUP-1 "needs the identity 'verified', and ticket 'SUP-1' has 'none'"
	refused tell SUP-2 "needs the identity 'verified', and ticket 'SUP-2' has 'none'"
	refused tell SUP-3 "needs the identity 'verified', and ticket 'SUP-3' has 'claimed'"
	mail anna@example.com Mine 'Is my mailbox full?' | tkt-mailin
	tkt-new --quiet -s Call -c phone -r anna@example.com <<<'Is my mailbox full?'
	panel anna@example.com 'Is my mailbox full?'
	same "$(tkt-list 'questions > 0' -s id -o id,channel)" $'SUP-4\tmail\nSUP-5\tphone'
	same "$(tkt-mailout --list -o ticket,subject | grep more)" $'SUP-4\t[SUP-4] We need to know more\nSUP-5\t[SUP-5] We need to know more'
	same "$(tkt-list id=SUP-6 -o tags,questions)" $'\t0'
	same "$(tkt-set --action advise SUP-4 -o id)" SUP-4 # meanwhile
	refused tell SUP-4 "needs the identity 'verified', and ticket 'SUP-4' has 'claimed'"
}

@test "S1-6: three classes of action are refused without full authorisation, by every tool" {
	hosting
	proven Proven | tkt-mailin
	for action in tell change work; do
		refused $action SUP-1 "needs the identity 'verified', and ticket 'SUP-1' has 'authenticated'"
		run -77 tkt-reply --action $action SUP-1 <<<'Your balance is 7.'
		run -77 tkt-apply <<<'{"type":"change","ticket":"SUP-1","action":"'$action'"}'
	done
	run -77 tkt-set SUP-1 identity=verified
	same "$(tkt-log tool=tkt-set)$(tkt-log tool=tkt-reply)$(tkt-log tool=tkt-apply)" ''
	same "$(tkt-mailout --list -o subject)" '[SUP-1] We have received your request'
}

@test "S1-7: an authorised request of the panel is linked to the call and lifts it; who and when is logged" {
	hosting
	tkt-new --quiet -s Call -c phone -r anna@example.com <<<'Please change my plan.'
	refused change SUP-1 "needs the identity 'verified', and ticket 'SUP-1' has 'none'"
	panel anna@example.com 'It is me on the phone'
	same "$(TKT_AGENT=petrov tkt-link --verify SUP-1 SUP-2 --now 2026-03-02T09:05:00Z -o id,identity,linked)" \
		$'SUP-1\tverified\tSUP-2\nSUP-2\tverified\tSUP-1'
	same "$(tkt-log ticket=SUP-1 | jq -c 'select(.set.identity == "verified") | [.at, .actor, .tool, .was.identity, .why]')" \
		'["2026-03-02T09:05:00Z","agent:petrov","tkt-link","none","verified by the request SUP-2"]'
	same "$(tkt-set --action change SUP-1 -w 'plan B' -o id)" SUP-1
	tkt-log | tkt-apply --replay --quiet --desk "$(desk copy && echo copy)"
	same "$(tkt-list --desk copy -s id -o id,identity,linked)" $'SUP-1\tverified\tSUP-2\nSUP-2\tverified\tSUP-1'
}

@test "S2-18: staff confirm a critical request with a reason, which stands in the history" {
	critical
	mail anna@example.com 'Critical: nobody can log in' 'All of us.' | tkt-mailin
	tkt-set --quiet SUP-1 priority=critical -w 'first word of the subject'
	run -65 --separate-stderr tkt-set --action confirm SUP-1
	same "$stderr" "tkt-set: action 'confirm' needs a reason: --why"
	same "$(tkt-set --action confirm SUP-1 -w 'the whole company' -o priority,fields)" $'critical\t{"critical":"confirmed"}'
	same "$(tkt-log action=confirm | jq -c '[.actor, .why, .rule, .notify]')" '["agent:ivanova","the whole company","desk.conf:14",["group:duty"]]'
}

# A softphone: critical requests at any hour, others in the office's.
critical() {
	settings <<-'END'
		staff_domain = "example.org"
		calendar "office" { timezone = "Europe/Moscow"   week = {"mon-fri 08:00-18:00"} }
		calendar "always" { week = {"always"} }
		sla "critical" { match = {"priority=critical"}   calendar = "always"   first_response = "1wh" }
		sla "ordinary" { calendar = "office"   first_response = "8wh" }
		action "downgrade" {
		    match = {"priority=critical"}   reason = true   set = {"priority=normal", "fields.critical=downgraded"}
		}
		action "confirm" {
		    match = {"priority=critical"}   reason = true   set = {"fields.critical=confirmed"}   notify = {"group:duty"}
		}
	END
}

@test "S2-19: downgraded: office hours, deadlines from the original receipt, both verdicts in the history" {
	critical
	export TKT_NOW=2026-03-07T10:00:00Z # a Saturday
	mail anna@example.com 'Critical: how do I dial?' 'Please tell.' | tkt-mailin
	same "$(tkt-set SUP-1 priority=critical -o due)" 2026-03-07T11:00:00Z
	tkt-set --quiet --action confirm SUP-1 -w 'all of them, she says'
	same "$(TKT_NOW=2026-03-07T10:30:00Z tkt-set --action downgrade SUP-1 -w 'a question of settings' -o priority,due,fields)" \
		$'normal\t2026-03-09T13:00:00Z\t{"critical":"downgraded"}'
	same "$(tkt-log ticket=SUP-1 | jq -c 'select(.action) | [.at, .action, .why, .set["fields.critical"]]')" \
		'["2026-03-07T10:00:00Z","confirm","all of them, she says","confirmed"]
["2026-03-07T10:30:00Z","downgrade","a question of settings","downgraded"]'
}

@test "S3-2: nothing that needs to know who asks is taken by phone, whatever is proven: no override" {
	builder
	tkt-new --quiet -s Call -c phone -r boss@acme.example category=order customer=acme contract=K-77 <<<'Please change the phone number.'
	block="is not done for ticket 'SUP-1': it is asked for by mail, form alone"
	refused order SUP-1 "$block"
	panel boss@acme.example 'It is me' form
	tkt-link --quiet --verify SUP-1 SUP-2
	same "$(tkt-list id=SUP-1 -o identity)" verified
	refused order SUP-1 "$block"
	tkt-set --quiet SUP-1 channel=mail
	refused order SUP-1 "$block"
	run -64 tkt-set --action order --force SUP-1
}

@test "S3-3: changes in writing: from the address in the contract, or by the site's form" {
	builder
	mail boss@acme.example 'Please change the phone number' Text | tkt-mailin
	panel clerk@acme.example 'Please change the phone number' form
	tkt-list | tkt-set --quiet category=order customer=acme contract=K-77
	same "$(tkt-list -s id | tkt-set --action order -o id,channel,identity)" $'SUP-1\tmail\tclaimed\nSUP-2\tform\tverified'
}

@test "S3-4: the address equals the one in the contract; the refusal tells no address on file" {
	builder
	mail clerk@acme.example 'Please change the phone number' Text | tkt-mailin
	mail boss@acme.example.evil.example 'Please change the phone number' Text | tkt-mailin
	mail Boss@ACME.example 'Please change the phone number' Text | tkt-mailin
	tkt-list | tkt-set --quiet category=order customer=acme contract=K-77
	for id in SUP-1 SUP-2; do
		refused order $id "is not done for ticket '$id': the requester does not write from the address in the contract"
	done
	same "$(tkt-set --action order SUP-3 -o id)" SUP-3
}

@test "S3-8: the site's form ranks higher in identity than a letter" {
	builder
	mail boss@acme.example Letter Text | tkt-mailin
	panel boss@acme.example Form form
	same "$(tkt-list -s id -o channel,identity)" $'mail\tclaimed\nform\tverified'
}

@test "S3-15: a question is answered and nothing is done; an order needs to know who asks" {
	builder
	mail boss@acme.example 'Can you change the phone number?' Text | tkt-mailin
	mail clerk@acme.example 'Please change the phone number' Text | tkt-mailin
	tkt-set --quiet SUP-1 category=question customer=acme contract=K-77
	tkt-set --quiet SUP-2 category=order customer=acme contract=K-77
	run -65 --separate-stderr tkt-set --action order SUP-1
	same "$output|$stderr" "|tkt-set: action 'order' is not for tickets like 'SUP-1'"
	refused order SUP-2 "is not done for ticket 'SUP-2': the requester does not write from the address in the contract"
}
