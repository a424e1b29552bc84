#!/usr/bin/env bats
# tkt-link: tickets that belong together, and the request that proves who asks in another (S1-7).
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	export TKT_AGENT=ivanova
	tkt-new --quiet -s Call -c phone -r anna@example.com <<<'Please add a mailbox.'
	tkt-new --quiet -s Letter -c mail -r bob@example.com <<<'The same.'
}

panel() { # ADDRESS: a request of the panel by that customer
	tkt-new -s Request -r "$1" --token "$(tkt-new --make-token 10m -r "$1")" -o id "${@:2}" <<<'It is me.'
}

links() {
	tkt-list -s id -o id,rev,linked,identity
}

@test "both have the other; again is nothing; the first one stands before each other" {
	panel anna@example.com >id
	run -0 --separate-stderr tkt-link 1 '#2' tkt-3 -o id,linked
	same "$output|$stderr" $'TKT-1\tTKT-2\nTKT-2\tTKT-1\nTKT-1\tTKT-2,TKT-3\nTKT-3\tTKT-1|'
	run -0 --separate-stderr tkt-link 3 1
	same "$(jq -c '[.id, .rev, .linked]' <<<"$output")" $'["TKT-3",2,["TKT-1"]]\n["TKT-1",3,["TKT-2","TKT-3"]]'
	valid - <<<"$output"
	same "$(tkt-log tool=tkt-link | jq -c '[.actor, .ticket, .why, .set.linked]')" '["agent:ivanova","TKT-1","linked with TKT-2",["TKT-2"]]
["agent:ivanova","TKT-2","linked with TKT-1",["TKT-1"]]
["agent:ivanova","TKT-1","linked with TKT-3",["TKT-2","TKT-3"]]
["agent:ivanova","TKT-3","linked with TKT-1",["TKT-1"]]'
	same "$(links)" $'TKT-1\t3\tTKT-2,TKT-3\tnone\nTKT-2\t2\tTKT-1\tnone\nTKT-3\t2\tTKT-1\tverified'
}

@test "--verify: the panel's request lifts the other, whichever stands first; who and when is logged" {
	panel anna@example.com >id
	tkt-new --quiet -s Again -c phone -r anna@example.com <<<'And a site.'
	same "$(tkt-link --verify 1 3 -w 'she called' -o id,identity --now 2026-03-02T10:00:00Z)" $'TKT-1\tverified\nTKT-3\tverified'
	same "$(TKT_AGENT=petrov tkt-link --verify 3 4 -o id,identity)" $'TKT-3\tverified\nTKT-4\tverified'
	same "$(tkt-log tool=tkt-link | jq -c '[.at, .actor, .ticket, .why, .was.identity, .set.identity]')" \
		'["2026-03-02T10:00:00Z","agent:ivanova","TKT-1","verified by the request TKT-3: she called","none","verified"]
["2026-03-02T10:00:00Z","agent:ivanova","TKT-3","linked with TKT-1: she called",null,null]
["2026-03-02T09:00:00Z","agent:petrov","TKT-3","linked with TKT-4",null,null]
["2026-03-02T09:00:00Z","agent:petrov","TKT-4","verified by the request TKT-3","none","verified"]'
	# A second time there is nothing left to do.
	same "$(tkt-link --verify 1 3 -o id,rev)" $'TKT-1\t2\nTKT-3\t3'
}

# refused STATUS ERROR COMMAND...: and neither ticket is linked
refused() {
	local before
	before=$(links)
	run "-$1" --separate-stderr "${@:3}"
	same "$output|$stderr" "|tkt-link: $2"
	same "$(links)" "$before"
}

@test "--verify is refused where nothing is proven, or where it is another's proof" {
	panel anna@example.com >id
	refused 77 "neither 'TKT-1' nor 'TKT-2' is a request that the panel has verified" tkt-link --verify 1 2
	refused 77 "tickets 'TKT-2' and 'TKT-3' are not of one requester or customer" tkt-link --verify 2 3
	# One that was lifted lifts no other.
	tkt-new --quiet -s Again -c phone -r anna@example.com <<<'And a site.'
	tkt-link --quiet --verify 1 3
	refused 77 "neither 'TKT-1' nor 'TKT-4' is a request that the panel has verified" tkt-link --verify 1 4
	# A request that was put down by hand proves nothing, nor does another requester's name on it.
	tkt-set --quiet 3 identity=claimed
	refused 77 "neither 'TKT-3' nor 'TKT-4' is a request that the panel has verified" tkt-link --verify 3 4
	panel anna@example.com >id
	tkt-set --quiet 5 requester.email=bob@example.com
	refused 77 "neither 'TKT-5' nor 'TKT-2' is a request that the panel has verified" tkt-link --verify 5 2
}

@test "another address of the same customer will do" {
	panel anna@example.com customer=acme >id
	tkt-set --quiet 2 customer=acme
	same "$(tkt-link --verify 2 3 -o id,identity)" $'TKT-2\tverified\nTKT-3\tverified'
	# No customer is nobody's.
	tkt-new --quiet -s Nobody </dev/null
	panel anna@example.com >id
	refused 77 "tickets 'TKT-4' and 'TKT-5' are not of one requester or customer" tkt-link --verify 4 5
}

@test "piped tickets are linked with the one operand; others pass; -n and --atomic keep their word" {
	run -0 --separate-stderr tkt-link 1 -n -o id,linked < <(tkt-list id=TKT-2)
	same "$output|$stderr" $'TKT-1\tTKT-2\nTKT-2\tTKT-1|'
	run -65 --separate-stderr tkt-link 1 --atomic < <(tkt-list id=TKT-2 && echo '{"id":"TKT-9"}')
	same "$output|$stderr" "|tkt-link: stdin:2: there is no ticket 'TKT-9'"
	same "$(links)" $'TKT-1\t1\t\tnone\nTKT-2\t1\t\tnone'
	run -0 --separate-stderr tkt-link 1 <<<$'{"type":"note","text":"kept"}\n{"id":"TKT-2","mine":1}'
	same "$(jq -c '[.type, .id, .linked, .mine]' <<<"$output")" $'["note",null,null,null]\n["ticket","TKT-1",["TKT-2"],null]\n["ticket","TKT-2",["TKT-1"],1]'
}

@test "what is wrong is said" {
	refused 65 "ticket 'TKT-1' cannot be linked with itself" tkt-link 1 TKT-1
	refused 1 "there is no ticket '9'" tkt-link 9 1
	refused 1 "there is no ticket '9'" tkt-link 1 9
	refused 64 'give the tickets to link' tkt-link
	run -65 --separate-stderr tkt-link 1 2 -w $'\xff'
	same "$output|$stderr" "|tkt-link: the value of 'why' is not UTF-8"
}
