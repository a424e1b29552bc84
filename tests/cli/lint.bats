#!/usr/bin/env bats
# tkt-lint: findings as lines and objects, and the status. What is found is tests/unit/test_desk.c's.
load helper

setup() {
	export TKT_DESK=$BATS_TEST_TMPDIR/desk
	mkdir "$TKT_DESK"
}

# Warnings and errors from desk.conf, an include and a template.
mixed() {
	conf <<-'END'
		languages = {"en", "de"}
		include("policy.conf")
		queue = "a b"
	END
	printf 'sla "gold" {\n\tcalendar = office }\n' >"$TKT_DESK/policy.conf"
	mkdir "$TKT_DESK/templates"
	printf 'Subject: {{id}}\n\n{{subject}}\n' >"$TKT_DESK/templates/ack.en"
}

@test "the default desk has no findings" {
	cp "$TKT_DATADIR/desks/default/desk.conf" "$TKT_DESK"
	run -0 --separate-stderr tkt-lint
	same "$output" ""
	same "$stderr" ""
}

@test "an empty desk.conf has no findings" {
	conf </dev/null
	run -0 --separate-stderr tkt-lint
	same "$output" ""
	same "$stderr" ""
}

@test "on a pipe findings are objects" {
	mixed
	run -78 --separate-stderr tkt-lint
	same "$output" '{"type":"finding","level":"warning","file":"desk.conf","line":1,"text":"there is no template '\''ack'\'' in '\''de'\''"}
{"type":"finding","level":"warning","file":"policy.conf","line":1,"text":"sla '\''gold'\'' promises nothing: no first_response, next_response or resolution"}
{"type":"finding","level":"error","file":"policy.conf","line":2,"text":"there is no calendar '\''office'\''"}
{"type":"finding","level":"error","file":"desk.conf","line":3,"text":"'\''a b'\'' is no name: letters, digits, '\''_'\'', '\''-'\'' and '\''.'\''"}
{"type":"finding","level":"error","file":"templates/ack.en","line":3,"text":"there is no variable '\''subject'\''"}'
	same "$stderr" "tkt-lint: 3 errors in '$TKT_DESK'"
	valid finding <<<"$output"
}

@test "a table is what compilers print" {
	mixed
	run -78 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:1: warning: there is no template 'ack' in 'de'
policy.conf:1: warning: sla 'gold' promises nothing: no first_response, next_response or resolution
policy.conf:2: error: there is no calendar 'office'
desk.conf:3: error: 'a b' is no name: letters, digits, '_', '-' and '.'
templates/ack.en:3: error: there is no variable 'subject'"
	same "$stderr" "tkt-lint: 3 errors in '$TKT_DESK'"
}

@test "tsv has level, file, line and text" {
	conf <<<$'\n\nqueue = "a\tb"'
	run -78 --separate-stderr tkt-lint --format tsv
	same "$output" $'error\tdesk.conf\t3\t\'a\\tb\' is no name: letters, digits, \'_\', \'-\' and \'.\''
	same "$stderr" "tkt-lint: 1 error in '$TKT_DESK'"
}

@test "warnings alone are status 0" {
	conf <<<'languages = {"en", "de"}'
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:1: warning: there is no template 'ack' in 'de'"
	same "$stderr" ""
}

@test "--quiet leaves the status" {
	conf <<<'queue = "a b"'
	run -78 --separate-stderr tkt-lint --quiet
	same "$output" ""
	same "$stderr" "tkt-lint: 1 error in '$TKT_DESK'"
}

@test "the operand wins over --desk, and without both it is the current folder" {
	conf <<<'queue = "a b"'
	mkdir "$BATS_TEST_TMPDIR/good"
	: >"$BATS_TEST_TMPDIR/good/desk.conf"
	run -0 --separate-stderr tkt-lint "$BATS_TEST_TMPDIR/good"
	same "$output$stderr" ""
	cd "$TKT_DESK"
	run -78 --separate-stderr env -u TKT_DESK tkt-lint --quiet
	same "$stderr" "tkt-lint: 1 error in '.'"
	run -64 --separate-stderr tkt-lint a b
	same "$stderr" "tkt-lint: give one desk"
}

@test "no desk is status 66" {
	run -66 --separate-stderr tkt-lint "$BATS_TEST_TMPDIR/none"
	same "$stderr" "tkt-lint: cannot read the desk '$BATS_TEST_TMPDIR/none': No such file or directory"
	run -66 --separate-stderr tkt-lint
	same "$stderr" "tkt-lint: cannot read '$TKT_DESK/desk.conf': No such file or directory"
}

@test "zones are compared at --now" {
	conf <<<'timezone = "+00:00 Europe/Lisbon"'
	run -0 tkt-lint --format=table
	same "$output" "desk.conf:1: warning: '+00:00' and 'Europe/Lisbon' disagree: 09:00 against 10:00; the first counts"
	conf <<<'timezone = "+06:00 Asia/Yekaterinburg"'
	run -0 tkt-lint --format=table --now 2013-03-02T09:00:00Z
	same "$output" ""
}

@test "escapes of a file stay visible on a terminal" {
	conf <<<$'queue = "a\xe2\x80\xaeb"'
	run -78 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:1: error: 'a<U+202E>b' is no name: letters, digits, '_', '-' and '.'"
}

@test "nothing of the environment gets into a desk" {
	conf <<<'name = "${HOME}"'
	run -78 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:1: error: '\$' in double quotes would not stay as written: use single quotes"
}

@test "the desks of desk.conf(5) are read; each option stands in the page" {
	page=$root/man/desk.conf.5
	awk '/^\.Sh/ { examples = /EXAMPLES/ } /^\.Ed/ { block = 0 } /^\$ / { block = 0 } examples && block
		/^\.Bd -literal/ { block = 1 }' "$page" | sed 's/\\(ti/~/g; s/\\e/\\/g' | conf
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" ""
	[ "$(grep -c '^[a-z]* "' "$TKT_DESK/desk.conf")" -eq 18 ]
	missing=
	while read -r name; do
		grep -qE "^\.(It Cm|Ar|It).*\b$name\b|^\.Cm $name\b" "$page" || missing+="$name "
	done < <(sed -n 's/^	{ "[a-z]*", *"\([a-z_]*\)", tkt_check.*/\1/p' "$root/lib/desk/settings.c")
	same "$missing" ""
}

@test "a holiday list: bad lines with their file, years that it lacks, and where to add them" {
	mkdir "$TKT_DESK/calendars"
	printf '2026-01-01\tholiday\n2026-01-02\thollyday\n' >"$TKT_DESK/calendars/own.tsv"
	conf <<<'calendar "office" { week = {"mon-fri 09:00-18:00"}   holidays = {own} }'
	run -78 --separate-stderr tkt-lint --format=table
	same "$output" "calendars/own.tsv:2: error: 'hollyday' is no kind of day: holiday, workday or short"
	same "$stderr" "tkt-lint: 1 error in '$TKT_DESK'"
	run -78 --separate-stderr tkt-lint
	same "$output" '{"type":"finding","level":"error","file":"calendars/own.tsv","line":2,"text":"'\''hollyday'\'' is no kind of day: holiday, workday or short"}'
	valid finding <<<"$output"
	printf '%s\tholiday\n' 2026-01-01 2026-13-01 2026-02-30 2026-03-01 >"$TKT_DESK/calendars/own.tsv"
	printf '%s\n' '2026-01-02 holiday' $'2026-01-01\tshort' '# \xff' $'2026-03-01\tworkday\tx' >>"$TKT_DESK/calendars/own.tsv"
	conf <<<'calendar "office" { week = {"mon-fri 09:00-18:00"}   holidays = {own, own} }'
	run -78 --separate-stderr tkt-lint --format=table
	same "$output" "\
calendars/own.tsv:2: error: '2026-13-01' is no date
calendars/own.tsv:3: error: '2026-02-30' is no date
calendars/own.tsv:5: error: '2026-01-02 holiday' is no date
calendars/own.tsv:6: error: 2026-01-01 is 'short' here and 'holiday' in line 1
calendars/own.tsv:8: error: 2026-03-01 is 'workday' here and 'holiday' in line 4"
	same "$stderr" "tkt-lint: 5 errors in '$TKT_DESK'"
	run -78 --separate-stderr tkt-calendar next office
	same "$stderr" "tkt-calendar: desk.conf:1: calendar 'office': calendars/own.tsv:2: '2026-13-01' is no date"
	conf <<<'calendar "office" { week = {"mon-fri 09:00-18:00"}   holidays = {own} }'
	printf '2026-01-01\tholiday\n' >"$TKT_DESK/calendars/own.tsv"
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:1: warning: calendar 'office': 'own' says nothing about 2027: add the year to 'calendars/own.tsv'"
	run -0 --separate-stderr tkt-lint --format=table --now=2025-03-02T09:00:00Z
	same "$output" "desk.conf:1: warning: calendar 'office': 'own' says nothing about 2025: add the year to 'calendars/own.tsv'"
}

@test "an installed holiday list is to be copied before it grows" {
	mkdir -p "$BATS_TEST_TMPDIR/data/calendars"
	printf '2026-01-01\tholiday\n' >"$BATS_TEST_TMPDIR/data/calendars/own.tsv"
	conf <<<'acknowledge = false   calendar "office" { week = {always}   holidays = {own} }'
	run -0 --separate-stderr env TKT_DATADIR="$BATS_TEST_TMPDIR/data" tkt-lint --format=table
	same "$output" "desk.conf:1: warning: calendar 'office': 'own' says nothing about 2027: copy '$BATS_TEST_TMPDIR/data/calendars/own.tsv' to the desk's calendars/ and add the year there"
}

@test "a version that stands for another text in the database" {
	conf <<<'version = "2026-03"'
	rm -rf "$TKT_DESK"
	tkt-init --quiet "$TKT_DESK"
	conf <<<'version = "2026-03"'
	tkt-new --quiet --as ivanova -r bob@example.com -s 'Log in' </dev/null
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" ""
	conf <<<$'queue = first\nversion = "2026-03"'
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:2: warning: version '2026-03' stands for another text in this desk's database: new tickets keep it with '+' and a hash; name this text anew"
	same "$stderr" ""
	conf <<<$'queue = first\nversion = "2026-04"'
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" ""
	echo garbage >"$TKT_DESK/tkt.db"
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" ""
	same "$stderr" "tkt-lint: the versions and agents that the database has are not compared: '$TKT_DESK/tkt.db' is not a database of tkt"
}

@test "hours that cannot be are told where they stand" {
	conf <<-'END'
		calendar "office" {
			timezone = "+06:00 Asia/Yekaterinburg"
			week = {"mon-fri 09:00-18:00",
				"fri 17:00-20:00"}
		}
		calendar "shut" { days = {"2026-03-09 closed"} }
		sla "gold" { first_response = "4wh"   calendar = shut }
	END
	run -78 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:2: warning: '+06:00' and 'Asia/Yekaterinburg' disagree: 'mon-fri 09:00-18:00' begins at 03:00Z by the first, which counts, and at 04:00Z by the second
desk.conf:4: error: the spans of 'fri 17:00-20:00' overlap those of an entry before, or are more than 48 of a day
desk.conf:7: error: calendar 'shut' is never open, and sla 'gold' counts working time"
}

@test "the templates of a sweep: 'notice' names no ticket; who is told of needs his template once" {
	conf <<-'END'
		languages = {"en", "de"}
		acknowledge = false
		sla "gold" {
			first_response = "4h"
			escalate "50%" { notify = {"assignee"} }
			escalate "75%" { notify = {"group:leads", "requester"}   reply = "sorry" }
		}
	END
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: {{count}} {{id}}\n\n{{lines}}\n' >"$TKT_DESK/templates/notice.de"
	printf 'Subject: {{id}}\n\n{{subject}}\n' >"$TKT_DESK/templates/escalation.de"
	for name in line note receipt lost words; do
		printf 'Subject: x\n\n{{desk.name}}\n{{why}}\n' >"$TKT_DESK/templates/staff_$name.de"
	done
	run -78 --separate-stderr tkt-lint --format table
	same "$output" "desk.conf:6: error: there is no template 'sorry' in 'en'
desk.conf:6: warning: there is no template 'sorry' in 'de'
templates/notice.de:1: error: there is no variable 'id'
templates/staff_line.de:4: error: there is no variable 'why'
templates/staff_words.de:4: error: there is no variable 'why'"
	rm "$TKT_DESK/templates/"*
	run -78 --separate-stderr tkt-lint --format table
	same "$output" "desk.conf:5: warning: there is no template 'notice' in 'de'
desk.conf:6: warning: there is no template 'escalation' in 'de'
desk.conf:6: error: there is no template 'sorry' in 'en'
desk.conf:6: warning: there is no template 'sorry' in 'de'"
}

@test "agents whom desk.conf names and the database does not know; deputies in a circle" {
	tkt-init --quiet
	conf <<-'END'
		route "all" { team = "l1" }
		team "l1"   { members = {"ivanova", "petrov", "group:night"} }
	END
	run -0 --separate-stderr tkt-lint
	same "$output" ''
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"ivanova","deputy":"orlova"}
		{"type":"agent","id":"orlova","deputy":"ivanova"}
	END
	run -0 --separate-stderr tkt-lint --format table
	same "$output" "desk.conf:2: warning: 'petrov' is no agent of this desk; see tkt-agent
desk.conf:2: warning: no agent of this desk is in group 'night'
tkt.db:0: warning: the deputies of agent 'ivanova' go in a circle: when all are absent, nobody stands in"
	same "$stderr" ''
}

@test "agents who left, and whom a condition names" {
	tkt-init --quiet
	conf <<-'END'
		route "a" { match = {"assignee=petrov", "group in l1,l3"} set = {"assignee=orlova"} }
		route "b" {
		  any = {"assignee!=ivanova", "assignee ~ x", "assignee=''"}
		  set = {"group=l2"}
		}
	END
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"ivanova","groups":["l1"]}
		{"type":"agent","id":"orlova","is_active":false}
	END
	run -0 --separate-stderr tkt-lint --format table
	same "$output" "desk.conf:1: warning: 'petrov' is no agent of this desk; see tkt-agent
desk.conf:1: warning: no agent of this desk is in group 'l3'
desk.conf:1: warning: agent 'orlova' is not active any more; see tkt-agent
desk.conf:4: warning: no agent of this desk is in group 'l2'"
}

@test "a day on which nobody stands in: deputies who are away too, an absence's own deputy in a circle" {
	tkt-init --quiet
	tkt-agent --quiet <<-'END'
		{"type":"agent","id":"a","absences":[{"from":"2026-04-01","until":"2026-04-14","deputy":"b"}]}
		{"type":"agent","id":"b","absences":[{"from":"2026-04-10","until":"2026-04-12","deputy":"a"},{"from":"2026-06-01","until":"2026-06-02"}]}
		{"type":"agent","id":"c","deputy":"b","absences":[{"from":"2026-05-01","until":"2026-05-02"},{"from":"2026-06-02","until":"2026-06-03"}]}
		{"type":"agent","id":"d","deputy":"b","absences":[{"from":"2026-01-01","until":"2026-01-09","deputy":"z"}]}
	END
	run -0 --separate-stderr tkt-lint --format table
	same "$output" "tkt.db:0: warning: on 2026-04-10 nobody stands in for agent 'a': the deputies are away too, or go in a circle
tkt.db:0: warning: on 2026-04-10 nobody stands in for agent 'b': the deputies are away too, or go in a circle
tkt.db:0: warning: on 2026-06-02 nobody stands in for agent 'c': the deputies are away too, or go in a circle
tkt.db:0: warning: the deputy of agent 'd', 'z', is no agent of this desk"
	run -0 --separate-stderr tkt-lint --format table --now 2026-06-03T09:00:00Z
	same "$output" "tkt.db:0: warning: the deputy of agent 'd', 'z', is no agent of this desk"
}

@test "what a condition asks for and nothing in the desk gives" {
	tkt-init --quiet
	tkt-customer --quiet <<<'{"type":"customer","id":"acme","tier":"dealer"}'
	conf <<-'END'
		queue = support
		work_tiers = {"paid"}
		category "dns"     { match = {"subject ~ dns"} }
		channel "phone"    { acknowledge = all }
		flag "terse"       { match = {"description=''"} }
		recognise "domain" { pattern = '(?<domain>[a-z]+\.example)' }
		route "1" { match = {"category=dsn", "tier in paid,dealer,gold"} set = {"queue=billing"} }
		route "2" { match = {"queue=biling or queue=anything", "channel=phone or channel=mail"} set = {"priority=high"} }
		route "3" { match = {"channel in fax,shel", "tags=tersse", "fields.domian ~ x"} set = {"fields.since=yes"} }
		route "4" { match = {"fields.since=yes", "fields.site=x", "tags=vip", "category != www"} set = {"priority=low"} }
		action "move" { needs = claimed channels = {"panel", "phnoe"} }
	END
	run -0 --separate-stderr tkt-lint --format table
	same "$output" "desk.conf:7: warning: nothing in this desk gives 'category' the value 'dsn'; did you mean 'dns'?
desk.conf:7: warning: nothing in this desk gives 'tier' the value 'gold'
desk.conf:8: warning: nothing in this desk gives 'queue' the value 'biling'; did you mean 'billing'?
desk.conf:9: warning: nothing in this desk gives 'channel' the value 'shel'; did you mean 'shell'?
desk.conf:9: warning: nothing in this desk gives 'tags' the value 'tersse'; did you mean 'terse'?
desk.conf:9: warning: nothing in this desk gives 'fields.domian' a value; did you mean 'fields.domain'?
desk.conf:10: warning: nothing in this desk gives 'category' the value 'www'
desk.conf:11: warning: nothing in this desk gives 'channel' the value 'phnoe'; did you mean 'phone'?"
}

@test "questions: two texts in one language, one that the desk does not write; a channel's own acknowledgement" {
	conf <<-'END'
		languages = {"en", "de"}
		question "site" { text = {"en: Which site?", "de: Welche?", "en: What site?", "fr: Quel site?"} }
		question "user" {
		  text = {"en: Which user?"}
		}
		channel "phone" { acknowledge = all }
	END
	cp -r "$TKT_DATADIR/templates" "$TKT_DESK"
	for one in "$TKT_DESK"/templates/*.en; do cp "$one" "${one%.en}.de"; done
	rm "$TKT_DESK/templates/ack_reply.de"
	run -0 --separate-stderr tkt-lint --format table
	same "$output" "desk.conf:2: warning: question 'site' has two texts in 'en': the first counts
desk.conf:2: warning: question 'site' has a text in 'fr', which is none of the 'languages'
desk.conf:3: warning: question 'user' has no text in 'de'
desk.conf:6: warning: there is no template 'ack_reply' in 'de'"
}

@test "sections behind one that takes all their tickets, and conditions that cannot hold together" {
	conf <<-'END'
		acknowledge = false
		category "trouble" { match = {'subject ~ "broken"'} }
		category "mailed"  { match = {'subject ~ "broken"', "channel=mail"} }
		sla "paid"   { match = {"tier in gold,silver"}   first_response = "4h" }
		sla "golden" { match = {"tier=gold"}   first_response = "2h" }
		route "night"  { match = {"priority >= high"}   set = {"queue=oncall"}   stop = true }
		route "worst"  { match = {"priority=critical"}   set = {"queue=worst"} }
		route "moved"  { match = {"priority=low"}   set = {"priority=high"} }
		route "behind" { match = {"priority=high"}   add = {"tags=late"} }
		route "none"   { match = {"status=open"}   any = {"status=new", "status=closed"}   add = {"tags=x"} }
	END
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:3: warning: category 'mailed' is never reached: 'trouble' before it takes all its tickets
desk.conf:5: warning: sla 'golden' is never reached: 'paid' before it takes all its tickets
desk.conf:7: warning: route 'worst' is never reached: 'night' before it takes all its tickets and stops
desk.conf:10: warning: route 'none' matches no ticket: its conditions cannot hold together"
	same "$stderr" ""
}

@test "patterns that backtrack badly are told with the part that does" {
	conf <<-'END'
		acknowledge = false
		recognise "report" { pattern = '(?<report>(?:\w+\s*)+):' }
		recognise "order"  { pattern = 'order (?<order>[A-Z]+-\d{4,8})' }
		flag "shout" { match = {'subject ~ "^(A|A)*!$" and channel=mail'} }
	END
	run -0 --separate-stderr tkt-lint --format=table
	same "$output" "desk.conf:2: warning: pattern '(?<report>(?:\w+\s*)+):' backtracks badly at '(?:\w+\s*)+': there are short texts on which it gives up
desk.conf:4: warning: pattern '^(A|A)*!\$' backtracks badly at '(A|A)*': there are short texts on which it gives up"
	same "$stderr" ""
}
