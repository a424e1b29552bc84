#!/usr/bin/env bats
# A desk that somebody writes from the pages: share/examples/desk works as it stands, and tkt-lint
# finds each mistake that is planted in it.
load helper

setup() {
	export TKT_DESK=$BATS_TEST_TMPDIR/desk
	cp -r "$TKT_DATADIR/examples/desk" "$TKT_DESK"
	tkt-init --quiet
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"lehmann","email":"lehmann@workshop.example.org","groups":["bench"]}
		{"type":"agent","id":"okafor","email":"okafor@workshop.example.org"}
	END
	tkt-customer --quiet <<-'END'
		{"type":"customer","id":"school","tier":"school","domains":["school.example"],"contracts":[{"number":"S-1","from":"2026-01-01","until":"2026-12-31"}]}
		{"type":"customer","id":"office","tier":"office","domains":["office.example"],"contracts":[{"number":"O-1","from":"2025-01-01","until":"2025-12-31"}]}
	END
}

# letter FROM SUBJECT BODY [HEADER...]
letter() {
	mail "$@" | sed 's/^To: .*/To: workshop@example.org/' | tkt-mailin
}

@test "the desk has nothing that tkt-lint finds, and 40 lines at most" {
	run -0 --separate-stderr tkt-lint --format table
	same "$output" ""
	[ "$(wc -l <"$TKT_DESK/desk.conf")" -le 40 ]
}

@test "the desk asks, routes, promises, refuses and watches" {
	letter head@school.example 'Копир опять зажевал бумагу' 'Здравствуйте! Копир в учительской опять не работает, код J101.'
	same "$(tkt-show COP-1 --format json | jq -c 'select(.type=="ticket") | [.category,.tier,.lang,.priority,.assignee,.tags,.fields,.lacks]')" \
		'["broken","school","ru","high","lehmann",["again"],{"code":"J101"},["fields.serial"]]'
	export TKT_NOW=2026-03-02T10:00:00Z
	letter head@school.example 'Re: [COP-1]' 'AB12345'
	same "$(tkt-list id=COP-1 -o fields.serial,lacks,complete_at,due)" $'AB12345\t\t2026-03-02T10:00:00Z\t2026-03-02T12:00:00Z'
	letter boss@office.example 'Toner is low' 'Toner is low in CD00001.'
	same "$(tkt-list id=COP-2 -o category,status,resolution)" $'toner\tresolved\tout_of_scope'
	letter clerk@school.example 'Invoice 17' 'Where is it?'
	same "$(tkt-list id=COP-3 -o category,queue,assignee)" $'invoice\toffice\tokafor'
	run -65 --separate-stderr tkt-set --as lehmann COP-1 status=resolved fields.code=
	[[ $stderr == *"write the code of the display into fields.code first"* ]]
	tkt-reply --as lehmann --quiet COP-1 <<<'Which tray?'
	tkt-sla --sweep --yes --quiet --now 2026-03-05T10:05:00Z
	tkt-sla --sweep --yes --quiet --now 2026-03-10T10:05:00Z
	same "$(tkt-log ticket=COP-1 actor=tool:tkt-sla -o why)" $'resolution breached\ntimer \'silent\': 3wd\ntimer \'silent\': 6wd'
	same "$(tkt-list --all id=COP-1 -o status,resolution)" $'closed\tno_information'
}

# Each line: what is planted, with sed, and what is found; a mistake may have several findings.
mistakes() {
	cat <<-'END'
		4s/Almaty/Almatty/
		desk.conf:4: error: 'Asia/Almatty' is not a time zone; write a name like 'Europe/Moscow' or an offset like '+06:00'
		9s/14:00-16:00/12:30-16:00/
		desk.conf:9: error: the spans of 'mon-thu 10:00-13:00 12:30-16:00' overlap or are out of order
		11s/{2}\[0-9]{5})/{2}[0-9]{5}/
		desk.conf:11: error: pattern '\b(?<serial>[A-Z]{2}[0-9]{5}\b': missing closing parenthesis
		16s/again\\b|/again(\\w+\\s*)+:|/
		desk.conf:16: warning: pattern '\bagain(\w+\s*)+:|\bопять\b' backtracks badly at '(\w+\s*)+': there are short texts on which it gives up
		20s/require/requires/
		desk.conf:20: error: no such option 'requires'; did you mean 'require'?
		24s/lehmann/leman/
		desk.conf:24: warning: 'leman' is no agent of this desk; see tkt-agent
		26s/tags=again/tags=agian/
		desk.conf:26: warning: nothing in this desk gives 'tags' the value 'agian'; did you mean 'again'?
		27s/counter/countr/
		desk.conf:25: warning: no route names team 'counter'
		desk.conf:27: error: there is no team 'countr'
		30s/"bench"/"banch"/
		desk.conf:30: error: there is no calendar 'banch'
		33s/customer/custmer/
		desk.conf:33: error: expression 'waiting_for=custmer': 'custmer' is no value of 'waiting_for'; did you mean 'customer'?
		34s/still_there/still_here/
		desk.conf:34: error: there is no template 'still_here' in 'en'
		desk.conf:34: warning: there is no template 'still_here' in 'ru'
		37s/claimed/sure/
		desk.conf:37: error: 'needs' cannot be 'sure': one of none, claimed, authenticated, verified
	END
}

@test "each mistake is found where it stands" {
	local good line planted='' expected='' count=0
	good=$(<"$TKT_DESK/desk.conf")
	try() {
		[ -n "$planted" ] || return 0
		sed "$planted" <<<"$good" >"$TKT_DESK/desk.conf"
		[ "$good" != "$(<"$TKT_DESK/desk.conf")" ]
		run --separate-stderr tkt-lint --format table
		same "$output" "$expected"
		count=$((count + 1))
	}
	while IFS= read -r line; do
		if [[ $line == [0-9]*s/* ]]; then
			try
			planted=$line expected=''
		else
			expected+=${expected:+$'\n'}$line
		fi
	done < <(mistakes)
	try
	[ "$count" -ge 10 ]
}

@test "mistakes do not hide one another" {
	sed -i -f <(mistakes | grep '^[0-9]*s/') "$TKT_DESK/desk.conf"
	run -78 --separate-stderr tkt-lint --format table
	same "$output" "$(mistakes | grep -v '^[0-9]*s/' | sort -t: -k2,2n -s)"
}

@test "a template with a variable that there is not" {
	sed -i 's/{{id}}/{{nmber}}/' "$TKT_DESK/templates/lapsed.ru"
	run -78 --separate-stderr tkt-lint --format table
	same "$output" "templates/lapsed.ru:1: error: there is no variable 'nmber'"
}
