#!/usr/bin/env bats
# Contacts, who an address is, and one who takes another's place; what all people have in common is
# in customer.bats.
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

# refused TEXT OBJECT: the object as a line is refused so.
refused() {
	run -65 --separate-stderr tkt-contact <<<"$2"
	same "$output" ""
	same "$stderr" "tkt-contact: stdin:1: $1"
}

# who ADDRESS [OPTION...]: contact customer contract tier entitlement found_by, '-' for none.
who() {
	tkt-contact -e "$@" | jq -r '[.contact, .customer, .contract, .tier, .entitlement, .found_by] | map(. // "-") | join(" ")'
}

@test "a contact has the id of its first address unless it is given" {
	run -0 --separate-stderr tkt-contact <<-'END'
		{"addresses":["Anna@acme.example","anna@home.example","ANNA@acme.example"],"customer":"acme","lang":"en","name":"Anna"}
		{"type":"contact","id":"carl","addresses":["carl@acme.example"],"from":"2026-01-01","until":"2026-12-31"}
		{"type":"contact","id":"Dora@acme.example","addresses":["dora@acme.example"]}
	END
	same "$output" '{"type":"contact","id":"anna@acme.example","name":"Anna","customer":"acme","lang":"en","addresses":["anna@acme.example","anna@home.example"]}
{"type":"contact","id":"carl","addresses":["carl@acme.example"],"from":"2026-01-01","until":"2026-12-31"}
{"type":"contact","id":"dora@acme.example","addresses":["dora@acme.example"]}'
	valid contact <<<"$output"
	same "$(tkt-contact customer=acme -o id)" anna@acme.example
	same "$(tkt-contact addresses=ANNA@home.example -o id)" anna@acme.example
	same "$(tkt-contact --csv - -o id,addresses --map addresses=E1 --map addresses=E2 <<<$'E1,E2\neva@x.example,eva@y.example')" \
		$'eva@x.example\teva@x.example,eva@y.example'
}

@test "what cannot be kept is refused" {
	refused "a contact needs an 'id'" '{"name":"Anna"}'
	refused "contact 'anna' needs an address" '{"id":"anna"}'
	refused "'anna' is not a mail address" '{"id":"anna","addresses":["anna"]}'
	refused "contact 'a' ends on 2026-01-01, before it starts on 2026-02-01" '{"id":"a","addresses":["a@x.example"],"from":"2026-02-01","until":"2026-01-01"}'
	refused "'1.2.2026' is no date; write it as '2026-12-31'" '{"id":"a","addresses":["a@x.example"],"from":"1.2.2026"}'
	refused "there is no customer 'acmee'" '{"id":"a","addresses":["a@x.example"],"customer":"acmee"}'
	refused "contact 'a' cannot replace itself" '{"id":"a","addresses":["a@x.example"],"replaced_by":"a"}'
}

@test "two contacts have no address on the same day; on others they may" {
	tkt-contact --quiet <<<'{"id":"a","addresses":["role@acme.example"],"until":"2026-06-30"}'
	refused "contacts 'b' and 'a' would both have 'role@acme.example' on the same day" '{"id":"b","addresses":["b@acme.example","role@acme.example"],"from":"2026-06-30"}'
	refused "contacts 'b' and 'a' would both have 'role@acme.example' on the same day" '{"id":"b","addresses":["role@acme.example"]}'
	same "$(tkt-contact -o id <<<'{"id":"b","addresses":["role@acme.example"],"from":"2026-07-01"}')" b
	same "$(who role@acme.example --now 2026-06-30T23:59:59Z)" 'a acme K-78 paid valid contact'
	same "$(who role@acme.example --now 2026-07-01T00:00:00Z)" 'b acme K-78 paid valid contact'
	refused "contacts 'a' and 'b' would both have 'role@acme.example' on the same day" '{"id":"a","until":null}'
}

@test "--explain: a contact, a contract's address, a domain, nobody; each says why" {
	tkt-contact --quiet <<<'{"id":"anna","name":"Anna","customer":"acme","addresses":["anna@acme.example","anna@home.example"]}'
	run -0 --separate-stderr tkt-contact --explain Anna@HOME.example
	same "$output" '{"type":"identity","address":"anna@home.example","at":"2026-03-02T09:00:00Z","found_by":"contact","contact":"anna","name":"Anna","lang":"ru","customer":"acme","contract":"K-78","tier":"paid","entitlement":"valid","is_contract_address":false,"why":["'"'anna@home.example' is an address of contact 'anna'"'","the contact is of customer '"'acme'"'","contract '"'K-78', from ever until 2027-12-31, is valid on 2026-03-02"'"]}'
	valid identity <<<"$output"
	same "$(tkt-contact --explain anna@home.example --format table)" "'anna@home.example' is an address of contact 'anna'
the contact is of customer 'acme'
contract 'K-78', from ever until 2027-12-31, is valid on 2026-03-02
contact: anna, customer: acme, contract: K-78, tier: paid, entitlement: valid"
	same "$("$root/tests/terminal" tkt-contact -e $'\e[1m@x.example' </dev/null | head -n 1)" "no contact, contract or domain has '^[[1m@x.example'"
	same "$(tkt-contact -e x@x.example -o address,entitlement)" $'x@x.example\tnone'
	same "$(tkt-contact -e x@x.example --quiet)" ""
	same "$(who anna@acme.example)" 'anna acme K-78 paid valid contact'
	same "$(who boss@acme.example)" '- acme K-77 paid valid contract'
	same "$(tkt-contact -e boss@acme.example -o is_contract_address,plan)" $'true\tmonthly'
	same "$(who someone@acme.example)" '- acme K-78 paid valid domain'
	same "$(who someone@sub.acme.example)" '- - - - none -'
	same "$(who someone@trial.example)" '- trial - trial valid domain'
	same "$(tkt-contact -e x@nowhere.example | jq -c .why)" "[\"no contact, contract or domain has 'x@nowhere.example'\"]"
	same "$(who anna@acme.example --contract K-77)" 'anna acme K-77 paid valid contact'
	same "$(who boss@acme.example --site Shop.example)" '- acme K-78 paid valid contract'
	same "$(tkt-contact -e anna@acme.example --contract L-1 | jq -r '.why[2]')" "contract 'L-1', which the letter names, is none of the customer's"
}

@test "--replace: by one who is there, today by default; what does not go" {
	tkt-contact --quiet <<-'END'
		{"id":"boss","customer":"acme","addresses":["boss@acme.example"],"from":"2026-03-01"}
		{"id":"carl","addresses":["carl@acme.example"],"from":"2026-06-01"}
		{"id":"lena","customer":"late","addresses":["lena@late.example"]}
		{"id":"role1","addresses":["role@acme.example"],"until":"2026-01-01"}
		{"id":"role2","addresses":["role@acme.example"],"from":"2026-01-02"}
	END
	same "$(tkt-contact -n --replace boss --by carl -o id,customer,from,until,replaced_by)" $'boss\tacme\t2026-03-01\t2026-03-01\tcarl\ncarl\tacme\t2026-03-02\t\t'
	run -1 --separate-stderr tkt-contact --replace nobody --by carl
	same "$stderr" "tkt-contact: there is no contact 'nobody'"
	run -65 --separate-stderr tkt-contact --replace boss --by someone
	same "$stderr" "tkt-contact: 'someone' is not a mail address"
	run -65 --separate-stderr tkt-contact --replace boss --by lena
	same "$stderr" "tkt-contact: contact 'lena' is of customer 'late', not of 'acme'"
	run -65 --separate-stderr tkt-contact --replace boss --by boss
	same "$stderr" "tkt-contact: contact 'boss' cannot replace itself"
	run -65 --separate-stderr tkt-contact --replace boss --by carl --from 2026-03-01
	same "$stderr" "tkt-contact: contact 'boss' ends on 2026-02-28, before it starts on 2026-03-01"
	run -65 --separate-stderr tkt-contact --replace boss --by carl --from tomorrow
	same "$stderr" "tkt-contact: 'tomorrow' is no date; write it as '2026-12-31'"
	run -65 --separate-stderr tkt-contact --replace role@acme.example --by carl
	same "$stderr" "tkt-contact: 'role@acme.example' is an address of several contacts: name one by its id"
	same "$(tkt-contact 'replaced_by or customer=late' -o id)" lena
}

@test "options that do not go with each other" {
	run -64 --separate-stderr tkt-contact --replace boss
	same "$stderr" "tkt-contact: '--replace' and '--by' go with each other"
	run -64 --separate-stderr tkt-contact --from 2026-03-10 -a
	same "$stderr" "tkt-contact: '--from' goes with '--replace'"
	run -64 --separate-stderr tkt-contact --contract K-77 -a
	same "$stderr" "tkt-contact: '--contract' and '--site' go with '--explain'"
	run -64 --separate-stderr tkt-contact -e a@x.example -a
	same "$stderr" "tkt-contact: '--explain' stands alone: it lists nothing and takes no objects in"
	run -64 --separate-stderr tkt-contact --replace a --by b -e a@x.example
	same "$stderr" "tkt-contact: '--replace' stands alone: it lists nothing and takes no objects in"
}

@test "a contact of the ticket's customer has a part in it, one of another customer has not" {
	tkt-contact --quiet <<-'END'
		{"id":"carl","customer":"acme","addresses":["carl@acme.example"]}
		{"id":"lena","customer":"late","addresses":["lena@late.example"]}
	END
	mail anna@acme.example 'Printer' 'It is silent.' | tkt-mailin
	tkt-set --quiet TKT-1 customer=acme
	mail carl@acme.example 'Re: [TKT-1] Printer' 'For me too.' | tkt-mailin
	mail lena@late.example 'Re: [TKT-1] Printer' 'For me too.' | tkt-mailin
	mail dora@acme.example 'Re: [TKT-1] Printer' 'For me too.' | tkt-mailin # of the domain alone
	same "$(tkt-log --mail -o fate,ticket)" $'opened\tTKT-1\nappended\tTKT-1\nopened\tTKT-2\nopened\tTKT-3'
}
