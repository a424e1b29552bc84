#!/usr/bin/env bats
# Agents; what all people have in common is in customer.bats.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
}

# refused TEXT OBJECT: the object as a line is refused so.
refused() {
	run -65 --separate-stderr tkt-agent <<<"$2"
	same "$output" ""
	same "$stderr" "tkt-agent: stdin:1: $1"
}

@test "an agent is kept in lower case where it counts, and is active unless it says no" {
	run -0 --separate-stderr tkt-agent <<-'END'
		{"id":"ivanova","name":"Ivanova","email":"I@Example.org","addresses":["Anna@home.example","anna@home.example"],"groups":["l1","l1"],"skills":["dns"],"languages":["ru","en"],"deputy":"petrov","absences":[{"until":"2026-12-14","from":"2026-12-01","deputy":"sidorov"},{"from":"2026-12-15","until":"2026-12-15"}]}
		{"id":"petrov","is_active":false}
	END
	same "$output" '{"type":"agent","id":"ivanova","name":"Ivanova","email":"i@example.org","addresses":["anna@home.example"],"groups":["l1"],"skills":["dns"],"languages":["ru","en"],"deputy":"petrov","absences":[{"from":"2026-12-01","until":"2026-12-14","deputy":"sidorov"},{"from":"2026-12-15","until":"2026-12-15"}],"is_active":true}
{"type":"agent","id":"petrov","is_active":false}'
	valid agent <<<"$output"
	same "$(tkt-agent is_active -o id)" ivanova
	same "$(tkt-agent 'not is_active' -o id)" petrov
	same "$(tkt-agent skills=dns languages=en -o id)" ivanova
	same "$(tkt-contact -e ANNA@home.example -o agent)" ivanova
}

@test "an agent who is told of again without is_active stays what he is" {
	tkt-agent --quiet <<<'{"id":"petrov","is_active":false}'
	same "$(tkt-agent -o id,name,is_active <<<'{"id":"petrov","name":"Petrov"}')" $'petrov\tPetrov\tfalse'
	same "$(tkt-agent -o id,is_active <<<'{"id":"petrov","is_active":true}')" $'petrov\ttrue'
}

@test "what cannot be kept is refused" {
	refused 'the absence from 2026-12-14 until 2026-12-20 overlaps the one from 2026-12-01 until 2026-12-14' \
		'{"id":"a","absences":[{"from":"2026-12-01","until":"2026-12-14"},{"from":"2026-12-14","until":"2026-12-20"}]}'
	refused 'an absence ends on 2026-12-01, before it starts on 2026-12-02' '{"id":"a","absences":[{"from":"2026-12-02","until":"2026-12-01"}]}'
	refused "an absence needs 'from' and 'until'" '{"id":"a","absences":[{"from":"2026-12-02"}]}'
	refused "there is no member 'till'" '{"id":"a","absences":[{"from":"2026-12-02","till":"2026-12-03"}]}'
	refused "'a b' is no login: it has a colon or a blank" '{"id":"a b"}'
	refused "'group:l1' is no login: it has a colon or a blank" '{"id":"group:l1"}'
	refused "agent 'a' cannot be its own deputy" '{"id":"a","deputy":"a"}'
	refused "'nobody' is not a mail address" '{"id":"a","email":"nobody"}'
	refused "'nobody' is not a mail address" '{"id":"a","addresses":["nobody"]}'
	refused "'groups' must be a list of texts" '{"id":"a","groups":"l1"}'
	refused "'is_active' must be true or false" '{"id":"a","is_active":"maybe"}'
	tkt-agent --quiet <<<'{"id":"a","email":"a@example.org"}'
	refused "agents 'b' and 'a' would both have 'a@example.org'" '{"id":"b","addresses":["A@example.org"]}'
	refused "agents 'b' and 'a' would both have 'a@example.org'" '{"id":"b","email":"a@example.org"}'
}

@test "CSV: absences are rows, yes and no are words" {
	run -65 --separate-stderr tkt-agent --csv - <<-'END'
		id,email,groups,deputy,from,until,absences.deputy,is_active
		ivanova,i@example.org,l1; l2,petrov,01.12.2026,14.12.2026,sidorov,Yes
		petrov,,,,,,,0
		ivanova,,,,2026-12-20,2026-12-21,,
		sidorov,,,,,,,maybe
	END
	same "$output" '{"type":"agent","id":"ivanova","email":"i@example.org","groups":["l1","l2"],"deputy":"petrov","absences":[{"from":"2026-12-01","until":"2026-12-14","deputy":"sidorov"},{"from":"2026-12-20","until":"2026-12-21"}],"is_active":true}
{"type":"agent","id":"petrov","is_active":false}'
	same "$stderr" "tkt-agent: stdin:5: 'is_active' must be true or false"
}

@test "once there are agents, --as and TKT_AGENT name one who works here" {
	same "$(tkt-new --as anybody -s first -o id <<<text)" TKT-1
	tkt-agent --quiet <<<$'{"id":"ivanova"}\n{"id":"petrov","is_active":false}'
	run -77 --separate-stderr tkt-new --as anybody -s second <<<text
	same "$output" ""
	same "$stderr" "tkt-new: there is no agent 'anybody'"
	TKT_AGENT=petrov run -77 --separate-stderr tkt-set TKT-1 status=closed
	same "$stderr" "tkt-set: agent 'petrov' does not work here any more"
	same "$(tkt-set --as ivanova TKT-1 -o id,status status=open)" $'TKT-1\topen'
	same "$(tkt-set TKT-1 -o id,priority priority=high)" $'TKT-1\thigh' # the user's own login is a fact
	same "$(TKT_AGENT=anybody tkt-list -o id)" TKT-1                     # who only looks claims nothing
	mail bob@example.com hello text | TKT_AGENT=anybody tkt-mailin         # no letter waits for that
	same "$(tkt-list -o id)" $'TKT-1\nTKT-2'
}
