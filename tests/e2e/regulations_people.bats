#!/usr/bin/env bats
# Rules of written support regulations that tell of customers, their contracts and the people who
# speak for them, each by its number, through the installed tools.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	tkt-customer --quiet <<-'END'
		{"id":"acme","tier":"paid","lang":"ru","domains":["acme.example"],"contracts":[{"number":"K-77","plan":"monthly","until":"2026-12-31","contact":"boss@acme.example"},{"number":"K-78","until":"2027-12-31","sites":["shop.example"]}]}
		{"id":"late","tier":"paid","domains":["late.example"],"contracts":[{"number":"L-1","from":"2025-01-01","until":"2026-03-01"}]}
		{"id":"trial","tier":"trial","domains":["trial.example"]}
	END
}

# who ADDRESS [OPTION...]: contact customer contract tier entitlement found_by, '-' for none.
who() {
	tkt-contact -e "$@" | jq -r '[.contact, .customer, .contract, .tier, .entitlement, .found_by] | map(. // "-") | join(" ")'
}

@test "S2-15: a letter from a second address joins the ticket of the first; a stranger's does not" {
	tkt-contact --quiet <<-'END'
		{"id":"anna","customer":"acme","addresses":["anna@acme.example","anna@home.example"]}
		{"id":"carl","customer":"acme","addresses":["carl@acme.example"],"until":"2026-03-01"}
	END
	mail anna@acme.example 'Printer' 'It is silent.' | tkt-mailin
	mail anna@home.example 'Re: [TKT-1] Printer' 'Still silent.' | tkt-mailin
	mail carl@acme.example 'Re: [TKT-1] Printer' 'For me too.' | tkt-mailin
	mail dora@home.example 'Re: [TKT-1] Printer' 'For me too.' | tkt-mailin
	same "$(tkt-log --mail -o fate,ticket)" $'opened\tTKT-1\nappended\tTKT-1\nopened\tTKT-2\nopened\tTKT-3'
}

@test "S2-15: all tickets of a person are found, whichever address they came from" {
	tkt-contact --quiet <<<'{"id":"anna","customer":"acme","addresses":["anna@acme.example","anna@home.example"]}'
	mail anna@acme.example 'Printer' 'It is silent.' | tkt-mailin
	mail anna@home.example 'Scanner' 'It is slow.' | tkt-mailin
	mail boss@acme.example 'Invoice' 'Again, please.' | tkt-mailin
	same "$(tkt-list "requester.email in $(tkt-contact addresses=anna@home.example -o addresses)" -o id)" $'TKT-1\nTKT-2'
}

@test "S2-22: the term is judged on the day of receipt, in the desk's zone" {
	same "$(who a@late.example --now 2026-03-01T23:59:59Z)" '- late L-1 paid valid domain'
	same "$(who a@late.example --now 2026-03-02T00:00:00Z)" '- late L-1 paid expired domain'
	same "$(who a@late.example --now 2024-12-31T23:59:59Z)" '- late L-1 paid early domain'
	conf <<<'timezone = "Europe/Moscow"'
	same "$(who a@late.example --now 2026-03-01T20:59:59Z)" '- late L-1 paid valid domain'
	same "$(who a@late.example --now 2026-03-01T21:00:00Z)" '- late L-1 paid expired domain'
}

@test "S4-21: from a day on another contact stands in the place of one, and of the contract's address" {
	tkt-contact --quiet <<<'{"id":"boss","customer":"acme","lang":"en","addresses":["boss@acme.example","boss@home.example"]}'
	run -0 --separate-stderr tkt-contact --replace boss@home.example --by Carl@acme.example --from 2026-03-10 -w 'their letter'
	same "$output" '{"type":"contact","id":"boss","customer":"acme","lang":"en","addresses":["boss@acme.example","boss@home.example"],"until":"2026-03-09","replaced_by":"carl@acme.example"}
{"type":"contact","id":"carl@acme.example","customer":"acme","lang":"en","addresses":["carl@acme.example"],"from":"2026-03-10"}'
	same "$stderr" ""
	same "$(tkt-log contact why -o contact,why)" $'boss\ttheir letter\ncarl@acme.example\ttheir letter'
	same "$(who boss@acme.example)" 'boss acme K-77 paid valid contact'
	same "$(who carl@acme.example)" '- - - - none -'
	export TKT_NOW=2026-03-10T00:00:00Z
	same "$(who boss@acme.example)" '- - - - none -'
	same "$(tkt-contact -e boss@home.example -o replaced_by,customer)" $'carl@acme.example\t'
	same "$(who carl@acme.example)" 'carl@acme.example acme K-77 paid valid contact'
	same "$(tkt-contact -e carl@acme.example -o is_contract_address)" true
	same "$(tkt-contact --replace boss --by carl@acme.example --from 2026-03-10)" ""
}

@test "S4-21: the one who came after goes on with the tickets, the one before does not" {
	tkt-contact --quiet <<<'{"id":"boss","customer":"acme","addresses":["boss@acme.example"]}'
	mail boss@acme.example 'Printer' 'It is silent.' | tkt-mailin
	tkt-set --quiet TKT-1 customer=acme
	mail boss@home.example 'Re: [TKT-1] Printer' 'From home.' | tkt-mailin
	tkt-contact --quiet --replace boss --by carl@acme.example --from 2026-03-10
	mail carl@acme.example 'Re: [TKT-1] Printer' 'Too early.' | tkt-mailin --now 2026-03-09T12:00:00Z
	mail carl@acme.example 'Re: [TKT-1] Printer' 'Now I care for it.' | tkt-mailin --now 2026-03-10T12:00:00Z
	same "$(tkt-log --mail -o fate,ticket)" $'opened\tTKT-1\nopened\tTKT-2\nopened\tTKT-3\nappended\tTKT-1'
}
