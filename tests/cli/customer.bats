#!/usr/bin/env bats
# Customers, and what the three tools of people have in common: lists, taking in, CSV.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
}

acme='{"type":"customer","id":"acme","name":"Acme","tier":"paid","domains":["acme.example"],"lang":"ru","fields":{"phone":"1"},"contracts":[{"number":"K-77","plan":"monthly","services":["softphone"],"from":"2026-01-01","until":"2026-12-31","contact":"boss@acme.example","sites":["acme.example"]}]}'

# refused TEXT OBJECT: the object as a line is refused so.
refused() {
	run -65 --separate-stderr tkt-customer <<<"$2"
	same "$output" ""
	same "$stderr" "tkt-customer: stdin:1: $1"
}

@test "what is taken in is printed as it is kept, and is an event; a second time it is neither" {
	run -0 --separate-stderr tkt-customer -w 'from the books' <<-'END'
		{"contracts":[{"sites":["ACME.example","acme.example"],"number":"K-77","contact":"Boss@acme.example","plan":"monthly","services":["softphone"],"until":"2026-12-31","from":"2026-01-01"}],"id":"acme","domains":["Acme.Example"],"name":"Acme","tier":"paid","lang":"ru","fields":{"phone":"1","fax":""}}
	END
	same "$output" "$acme"
	same "$stderr" ""
	valid customer <<<"$output"
	tkt-log >log
	same "$(cat log)" '{"type":"event","seq":1,"at":"2026-03-02T09:00:00Z","actor":"agent:'"$(id -un)"'","uid":'"$(id -u)"',"tool":"tkt-customer","customer":"acme","now":true,"set":{"id":"acme","name":"Acme","tier":"paid","domains":["acme.example"],"lang":"ru","fields.phone":"1","contracts":[{"number":"K-77","plan":"monthly","services":["softphone"],"from":"2026-01-01","until":"2026-12-31","contact":"boss@acme.example","sites":["acme.example"]}]},"why":"from the books"}'
	valid event log
	run -0 --separate-stderr tkt-customer <<<"$acme"
	same "$output$stderr" ""
	same "$(tkt-log -o seq)" 1
}

@test "what an object does not say stays, null and what is empty clears, fields one by one" {
	tkt-customer --quiet <<<"$acme"
	same "$(tkt-customer -o id,name,lang,tier <<<'{"type":"customer","id":"acme","lang":null,"tier":""}')" $'acme\tAcme\t\t'
	run -0 --separate-stderr tkt-customer <<<'{"id":"acme","fields":{"fax":"2","phone":null},"contracts":[],"domains":[]}'
	same "$output" '{"type":"customer","id":"acme","name":"Acme","fields":{"fax":"2"}}'
	same "$(tkt-log --after 2 | jq -c '[.was,.set]')" '[{"domains":["acme.example"],"fields.phone":"1","fields.fax":null,"contracts":[{"number":"K-77","plan":"monthly","services":["softphone"],"from":"2026-01-01","until":"2026-12-31","contact":"boss@acme.example","sites":["acme.example"]}]},{"domains":null,"fields.phone":null,"fields.fax":"2","contracts":null}]'
}

@test "a list is in the order of ids, whatever came first; expressions select" {
	tkt-customer --quiet <<-END
		{"id":"zeta","tier":"trial","domains":["z.example","y.example"]}
		$acme
		{"id":"beta","tier":"paid","fields":{"phone":"2"}}
	END
	same "$(tkt-customer --all -o id)" $'acme\nbeta\nzeta'
	same "$(tkt-customer -a </dev/null | head -n 1)" "$acme"
	same "$(tkt-customer tier=paid 'not lang' -o id)" beta
	same "$(tkt-customer domains=y.example -o id,domains)" $'zeta\tz.example,y.example'
	same "$(tkt-customer fields.phone=1 -o id,fields.phone)" $'acme\t1'
	same "$(tkt-customer tier=none)" ""
	same "$(tkt-customer -a --format table -o id,tier)" $'Customer        Tier\nacme            paid\nbeta            paid\nzeta            trial'
	run -64 --separate-stderr tkt-customer teir=paid
	same "$stderr" "tkt-customer: expression 'teir=paid': there is no field 'teir'; did you mean 'tier'?"
}

@test "a terminal in front of it is listed for, and told what became of objects" {
	printf '{"id":"%s"}\n' acme beta >two
	tkt-customer --quiet <two
	printf '{"id":"acme","tier":"paid"}\n{"id":"beta"}\n{"id":"gamma"}\n' >three
	run -0 "$root/tests/terminal" sh -c 'tkt-customer -o id <three'
	same "$output" $'Customer\nacme\ngamma\ntkt-customer: 1 new, 1 changed, 1 as they were'
	tkt-customer --quiet <<<'{"id":"gamma","name":"last"}'
	run -0 "$root/tests/terminal" tkt-customer -o id name
	same "$output" $'Customer\ngamma'
	run -0 "$root/tests/terminal" tkt-customer -o id
	same "$output" $'Customer\nacme\nbeta\ngamma'
}

@test "objects of other types pass; a bad line is named and the good ones are done" {
	run -65 --separate-stderr tkt-customer <<-'END'
		{"type":"note","text":"kept"}
		{"type":"customer","name":"nobody"}
		not json
		{"type":"customer","id":"b"}
	END
	same "$output" $'{"type":"note","text":"kept"}\n{"type":"customer","id":"b"}'
	same "${stderr_lines[0]}" "tkt-customer: stdin:2: a customer needs an 'id'"
	[[ ${stderr_lines[1]} = 'tkt-customer: stdin:3: '* ]]
	same "${#stderr_lines[@]}" 2
}

@test "-n keeps nothing; --atomic keeps all or nothing" {
	same "$(tkt-customer -n <<<'{"id":"a"}')" '{"type":"customer","id":"a"}'
	same "$(tkt-customer -a)" ""
	run -65 --separate-stderr tkt-customer --atomic <<<$'{"id":"a"}\n{"id":"b","tyer":"paid"}'
	same "$output" ""
	same "$stderr" "tkt-customer: stdin:2: there is no member 'tyer'; did you mean 'tier'?"
	same "$(tkt-customer -a; tkt-log)" ""
}

@test "what cannot be kept is refused" {
	refused "contract 'K-1' ends on 2026-01-01, before it starts on 2026-12-31" \
		'{"id":"a","contracts":[{"number":"K-1","from":"2026-12-31","until":"2026-01-01"}]}'
	refused "contract 'K-1' stands there twice" '{"id":"a","contracts":[{"number":"K-1"},{"number":"K-1"}]}'
	refused "a contract needs a 'number'" '{"id":"a","contracts":[{"plan":"monthly"}]}'
	refused "there is no member 'untill'; did you mean 'until'?" '{"id":"a","contracts":[{"number":"K-1","untill":"2026-12-31"}]}'
	refused "there is no member 'colour'" '{"id":"a","contracts":[{"number":"K-1","colour":"red"}]}'
	refused "'2026-02-30' is no date; write it as '2026-12-31'" '{"id":"a","contracts":[{"number":"K-1","until":"2026-02-30"}]}'
	refused "'boss' is not a mail address" '{"id":"a","contracts":[{"number":"K-1","contact":"boss"}]}'
	refused "'number' must be a text" '{"id":"a","contracts":[{"number":77}]}'
	refused "'contracts' must be a list of objects" '{"id":"a","contracts":["K-1"]}'
	refused "'contracts' must be a list of objects" '{"id":"a","contracts":"K-1"}'
	refused "'services' must be a list of texts" '{"id":"a","contracts":[{"number":"K-1","services":"x"}]}'
	refused "'sites' must be a list of texts" '{"id":"a","contracts":[{"number":"K-1","sites":[1]}]}'
	refused "'a@acme.example' is no domain" '{"id":"a","domains":["a@acme.example"]}'
	refused "'domains' must be a list of texts" '{"id":"a","domains":"acme.example"}'
	refused "'name' must be a text" '{"id":"a","name":7}'
	refused "'id' must be a text" '{"id":7}'
	refused "an 'id' is one line without controls" '{"id":"a\nb"}'
	refused "an 'id' has at most 320 bytes" "{\"id\":\"$(printf '%0321d' 0)\"}"
	same "$(tkt-customer -a; tkt-log)" ""
}

@test "a contract is of one customer" {
	tkt-customer --quiet <<<"$acme"
	refused "contract 'K-77' of customer 'beta' is of customer 'acme' already" '{"id":"beta","contracts":[{"number":"K-77"}]}'
	tkt-customer --quiet <<<'{"id":"acme","contracts":[{"number":"K-78"}]}'
	same "$(tkt-customer -o id <<<'{"id":"beta","contracts":[{"number":"K-77"}]}')" beta
}

@test "CSV: names of columns, lists, dates, quotes; rows of one id are one object" {
	cat >people.csv <<-'END'
		ID;Name;tier;domains;number;contracts.plan;services;from;until;contact;sites;fields.phone
		acme;"Acme; ""the"" firm";paid;Acme.example; acme.org;K-77;monthly;softphone;01.01.2026;31.12.2026;Boss@acme.example;acme.example;1
	END
	run -65 --separate-stderr tkt-customer --csv people.csv
	same "$output" ""
	same "$stderr" "tkt-customer: people.csv:2: the row has 13 cells, and there are 12 columns"
	sed -i 's/Acme.example; acme.org/"&"/' people.csv
	printf 'beta;Beta\nacme;;;;K-76;yearly;mail;2025-01-01;2025-12-31;;;\n\n;;;\n' >>people.csv
	run -0 --separate-stderr tkt-customer --csv people.csv
	same "$output" '{"type":"customer","id":"acme","name":"Acme; \"the\" firm","tier":"paid","domains":["acme.example","acme.org"],"fields":{"phone":"1"},"contracts":[{"number":"K-77","plan":"monthly","services":["softphone"],"from":"2026-01-01","until":"2026-12-31","contact":"boss@acme.example","sites":["acme.example"]},{"number":"K-76","plan":"yearly","services":["mail"],"from":"2025-01-01","until":"2025-12-31"}]}
{"type":"customer","id":"beta","name":"Beta"}'
	same "$stderr" ""
	same "$(tkt-customer --csv people.csv)" ""
	same "$(tkt-log -o seq)" $'1\n2'
}

@test "CSV: an empty cell clears, a column that is not there says nothing" {
	tkt-customer --quiet <<<"$acme"
	run -0 --separate-stderr tkt-customer --csv - -o id,name,tier,lang,domains <<<$'id,tier,domains\nacme,,'
	same "$output" $'acme\tAcme\t\tru\t'
	same "$(tkt-customer -a | jq -c '.contracts | length')" 1
	same "$(tkt-customer --csv - <<<$'id,number\nacme,' | jq -c '.contracts')" null
}

@test "CSV: a bad row is named, and of its id no other row counts" {
	run -65 --separate-stderr tkt-customer --csv - -o id <<-'END'
		id,name,number,from,until
		acme,Acme,K-1,2026-01-01,2026-12-31
		beta,Beta,K-2,2026-12-31,2026-01-01
		gamma,Gamma,K-3,2026-01-01,soon
		acme,Other,K-4,,
		delta,"Delta
		epsilon,E,,,
		,Nobody,K-5,,
		zeta,Z"x,,
		eta,"E"x,,
		acme,Acme,K-6,,
	END
	same "$output" $'epsilon\nzeta'
	same "$stderr" "tkt-customer: stdin:3: contract 'K-2' ends on 2026-01-01, before it starts on 2026-12-31
tkt-customer: stdin:4: 'soon' is no date; write it as '2026-12-31'
tkt-customer: stdin:5: 'name' is 'Other' here and 'Acme' in an earlier row
tkt-customer: stdin:6: a cell goes on behind its quote
tkt-customer: stdin:8: a customer needs an 'id'
tkt-customer: stdin:10: a cell goes on behind its quote"
}

@test "CSV: another program's names of columns are mapped; those that are not used are told" {
	printf 'Код\tОрганизация\tТелефон\tФакс\nacme\tАкме\t123\t9\n' >firms.csv
	run -65 --separate-stderr tkt-customer --csv firms.csv
	same "$stderr" "tkt-customer: firms.csv:1: no column is the 'id'; --map id=COLUMN says which one"
	run -0 --separate-stderr tkt-customer --csv firms.csv --map id=Код --map name=Организация --map fields.phone=Телефон
	same "$output" '{"type":"customer","id":"acme","name":"Акме","fields":{"phone":"123"}}'
	same "$stderr" "tkt-customer: a column is not used: 'Факс'; --map NAME=COLUMN takes it"
	run -0 --separate-stderr tkt-customer --csv firms.csv --map id=Код
	same "$stderr" "tkt-customer: columns are not used: 'Организация', 'Телефон', 'Факс'; --map NAME=COLUMN takes one"
	run -65 --separate-stderr tkt-customer --csv firms.csv --map id=Code
	same "$stderr" "tkt-customer: firms.csv:1: there is no column 'Code'"
	run -64 --separate-stderr tkt-customer --csv firms.csv --map code=Код
	same "$stderr" "tkt-customer: there is no member 'code'"
	run -64 --separate-stderr tkt-customer --csv firms.csv --map id
	same "$stderr" "tkt-customer: '--map' needs NAME=COLUMN, not 'id'"
	run -65 --separate-stderr tkt-customer --csv firms.csv --map id=Код --map id=Факс
	same "$stderr" "tkt-customer: firms.csv:1: columns 'Код' and 'Факс' are both 'id'"
}

@test "CSV: a file that is none, one in another encoding, an empty one" {
	run -66 --separate-stderr tkt-customer --csv none.csv
	same "$stderr" "tkt-customer: cannot open 'none.csv': No such file or directory"
	: >empty.csv
	run -65 --separate-stderr tkt-customer --csv empty.csv
	same "$stderr" "tkt-customer: empty.csv: no row with the names of columns"
	printf 'id,name\na,\xc0\xea\xec\xe5\nb,B\n' >cp1251.csv
	run -65 --separate-stderr tkt-customer --csv cp1251.csv -o id
	same "$output" b
	same "$stderr" "tkt-customer: cp1251.csv:2: this is not UTF-8: convert the file first, as with 'iconv -f cp1251'"
	same "$(iconv -f cp1251 cp1251.csv | tkt-customer --csv - -o name)" Акме
}

@test "options that do not go with each other" {
	run -64 --separate-stderr tkt-customer --csv people.csv tier=paid
	same "$stderr" "tkt-customer: '--csv' takes objects in: it goes with no expression and not with '--all'"
	run -64 --separate-stderr tkt-customer --map id=Code </dev/null
	same "$stderr" "tkt-customer: '--map' goes with '--csv' alone"
}

# everybody: who each of some addresses is, on two days.
everybody() {
	local address now
	for address in who@x acc@x a@x b@x c@x role@x other@x i@x who@y; do
		for now in 2026-03-02T09:00:00Z 2026-08-01T09:00:00Z; do
			tkt-contact -e $address.example --now $now
		done
	done
}

@test "a decision does not depend on the order in which people were imported" {
	cat >customers <<-'END'
		{"id":"b","domains":["x.example"],"contracts":[{"number":"B-1","until":"2026-12-31"},{"number":"B-2","until":"2026-12-31"}]}
		{"id":"a","domains":["x.example"],"contracts":[{"number":"A-2","contact":"acc@x.example"},{"number":"A-1"}]}
		{"id":"c","domains":["x.example","y.example"],"contracts":[{"number":"C-1","contact":"acc@x.example","until":"2026-01-31"}]}
		{"id":"d","domains":["y.example"],"contracts":[{"number":"D-1","from":"2026-07-01"},{"number":"D-2","contact":"a@x.example"}]}
	END
	cat >contacts <<-'END'
		{"id":"1","customer":"b","addresses":["a@x.example","role@x.example"],"until":"2026-06-30","replaced_by":"2"}
		{"id":"2","customer":"d","addresses":["b@x.example","role@x.example"],"from":"2026-07-01"}
		{"id":"3","addresses":["acc@x.example","c@x.example"]}
		{"id":"4","customer":"c","addresses":["other@x.example","i@x.example"]}
	END
	printf '%s\n' '{"id":"i","email":"i@x.example"}' '{"id":"h","email":"a@x.example"}' >agents
	tkt-customer --quiet <customers
	tkt-contact --quiet <contacts
	tkt-agent --quiet <agents
	everybody >expected
	same "$(jq -r '[.contact, .customer, .contract, .entitlement, .agent] | map(. // "-") | join(" ")' expected | paste -sd '|')" \
		'- a A-1 valid -|- a A-1 valid -|3 a A-2 valid -|3 a A-2 valid -|1 b B-1 valid h|- - - none h|- - - none -|2 d D-2 valid -|3 a A-1 valid -|3 a A-1 valid -|1 b B-1 valid -|2 d D-1 valid -|4 c C-1 expired -|4 c C-1 expired -|4 c C-1 expired i|4 c C-1 expired i|- d D-2 valid -|- d D-1 valid -'
	for seed in 1 2 3 4 5; do
		desk "$PWD/desk$seed"
		for kind in customer contact agent; do
			shuf --random-source=<(yes $seed) ${kind}s | jq -c '.contracts |= (. // [] | reverse)
				| if has("contracts") and .contracts == [] then del(.contracts) else . end' | tkt-$kind --quiet
		done
		same "$(everybody)" "$(cat expected)"
	done
}

@test "the log replayed gives the same people, and finds them the same" {
	tkt-customer --quiet <<<"$acme"
	tkt-contact --quiet <<<'{"addresses":["anna@acme.example"],"customer":"acme","fields":{"room":"7"}}'
	tkt-agent --quiet <<<'{"id":"ivanova","email":"i@example.org","skills":["dns"],"absences":[{"from":"2026-07-01","until":"2026-07-14"}]}'
	tkt-customer --quiet <<<'{"id":"acme","contracts":[{"number":"K-80","contact":"boss@acme.example"}],"fields":{"phone":null}}'
	tkt-contact --quiet --replace anna@acme.example --by carl@acme.example --from 2026-03-02
	tkt-agent --quiet <<<'{"id":"ivanova","is_active":false}'
	tkt-log >log
	valid event log
	desk "$PWD/copy"
	run -0 --separate-stderr tkt-apply --replay <log
	same "$output$stderr" ""
	same "$(tkt-log)" "$(cat log)"
	for tool in customer contact agent; do
		same "$(tkt-$tool -a)" "$(TKT_DESK=$BATS_TEST_TMPDIR/desk tkt-$tool -a)"
		tkt-$tool -a | valid -
	done
	for address in anna carl boss who; do
		same "$(tkt-contact -e $address@acme.example)" "$(TKT_DESK=$BATS_TEST_TMPDIR/desk tkt-contact -e $address@acme.example)"
	done
	same "$(tkt-log --format table | sed 1d | cut -c 67- | cut -d ';' -f 1)" 'customer acme
contact anna@acme.example
agent ivanova
customer acme
contact anna@acme.example
contact carl@acme.example
agent ivanova'
	run -65 --separate-stderr tkt-apply --replay -D "$(tkt-init --quiet empty && echo empty)" <<<'{"type":"event","seq":1,"customer":"a","set":{"id":"b"}}'
	same "$stderr" "tkt-apply: stdin:1: an event cannot give customer 'a' another id"
}
