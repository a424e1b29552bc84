#!/usr/bin/env bats
# A desk.conf that can be read and is wrong all the same: the ticket goes on, and the rule is seen to have failed.
load helper

setup() {
	desk
	tkt-agent --quiet <<<'{"type":"agent","id":"ivanova","email":"ivanova@staff.example.org"}'
}

# rules: standard input becomes the rules of a desk.
rules() {
	{ printf 'name = "Support"   address = "support@example.org"   ticket_prefix = "SUP"   staff_domain = "staff.example.org"\n' && cat; } | conf
}

letter() {
	mail anna@example.com "$@" | tkt-mailin
}

# acknowledged: to whom tickets were acknowledged.
acknowledged() {
	tkt-mailout --list -o ticket,recipients
}

@test "a rule that names an agent whom nobody knows" {
	rules <<-'END'
		route "one" { match = {"subject ~ one"}   set = {"assignee=nobody", "priority=high"} }
		route "two" { match = {"subject ~ two"}   team = "t"   set = {"priority=high"}   notify = {"agent:nobody"} }
		team "t"    { members = {"nobody", "group:none"} }
	END
	letter one text
	letter two text
	same "$(tkt-list -o id,assignee,priority,tags)" $'SUP-1\t\thigh\trule_failed\nSUP-2\t\thigh\trule_failed'
	same "$(tkt-log actor=tool:tkt-route -o ticket,why)" $'SUP-1\troute one; nobody is no agent of this desk: nobody stands in\nSUP-2\troute two; team t: nobody of it is there, nor a deputy'
	same "$(acknowledged)" $'SUP-1\tanna@example.com\nSUP-2\tanna@example.com'
	# decided once: what has failed is not tried anew each time
	same "$(tkt-list | tkt-route --changes)" ''
	tkt-agent --quiet <<<'{"type":"agent","id":"nobody","email":"nobody@staff.example.org"}'
	letter 'two more' text
	same "$(tkt-list id=SUP-3 -o assignee,tags)" $'nobody\t'
}

@test "a pattern that runs away, in each kind of rule: by letter and in a stream" {
	local slow='(x+)+$' text took=$SECONDS
	text="It is $(printf 'x%.0s' {1..60})!"
	rules <<-END
		recognise "fact" { pattern = '(?<fact>$slow)' }
		category "slow"  { match = {'description ~ "$slow"'} }
		category "other" {}
		flag "slow"      { match = {'description ~ "$slow"'} }
		form "slow"      { match = {'description ~ "$slow"'}   require = {"fields.fact"} }
		route "slow"     { match = {'description ~ "$slow"'}   set = {"queue=slow"} }
		route "all"      { set = {"queue=first"} }
	END
	letter 'Some trouble' "$text"
	same "$(tkt-list -o id,category,queue,tags)" $'SUP-1\tother\tfirst\trule_failed'
	same "$(tkt-log actor=tool:tkt-intake -o why | grep -o 'rule desk.conf:[0-9]* failed' | cut -d: -f2)" $'2 failed\n3 failed\n5 failed\n6 failed'
	same "$(tkt-log actor=tool:tkt-route -o why)" 'route slow failed: a pattern takes too many steps on this ticket; route all'
	same "$(acknowledged)" $'SUP-1\tanna@example.com'
	tkt-new --quiet -r anna@example.com -s 'By a script' <<<"$text"
	same "$(tkt-list id=SUP-2 -o category,queue,tags)" $'other\tfirst\trule_failed'
	tkt-set --quiet SUP-1 queue=support
	same "$(tkt-list id=SUP-1 | tkt-route --changes | jq -c '[.set.queue, .why]')" '["first","route slow failed: a pattern takes too many steps on this ticket; route all"]'
	[ $((SECONDS - took)) -lt 30 ]
}

@test "a template with a variable that there is not: the letter waits at the server until it is mended" {
	rules </dev/null
	printf 'Subject: [{{id}}] {{nmae}}\n\nHello\n' >"$TKT_DESK/templates/ack.en"
	mail anna@example.com One text >letter
	run -75 --separate-stderr tkt-mailin <letter
	same "$stderr" "tkt-mailin: templates/ack.en:1: there is no variable 'nmae'"
	same "$(tkt-list -o id)" ''
	rm "$TKT_DESK/templates/ack.en"
	tkt-mailin <letter
	same "$(tkt-list -o id,subject)" $'SUP-1\tOne'
	same "$(acknowledged)" $'SUP-1\tanna@example.com'
}
