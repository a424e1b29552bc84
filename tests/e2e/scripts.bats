#!/usr/bin/env bats
# The scripts of tkt-scripts(7): their lines are read from the page and run by sh, each by the test of its name.
load helper

page=$root/man/tkt-scripts.7

at() {
	export TKT_NOW=$1
}

# script TITLE: its lines.
script() {
	awk -v title="$1" '
		/^\.Ss / { here = substr($0, 5) == title; next }
		/^\.Ed/ { block = 0 }
		here && block { print }
		/^\.Bd -literal/ { block = 1 }
	' "$page"
}

# tried TITLE: runs it.
tried() {
	sh -c "$(script "$1")"
}

# A desk with three agents, a customer with two people, and programs that write down what they are called with.
setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	conf <<-'END'
		name = "Support"   address = "support@example.org"   ticket_prefix = "SUP"   timezone = "Europe/Moscow"
		acknowledge = "none"   work_tiers = {"paid"}   staff_domain = "staff.example.org"
		transport "maildir" { path = "outbox" }
		calendar "office" { timezone = "Europe/Moscow"   week = {"mon-fri 09:00-18:00"} }
		sla "all" { calendar = "office"   first_response = "2wh" }
	END
	tkt-agent --quiet <<-'END'
		{"id":"ivanova","email":"ivanova@staff.example.org","groups":["leads"]}
		{"id":"petrov","email":"petrov@staff.example.org"}
		{"id":"sidorova","email":"sidorova@staff.example.org"}
	END
	tkt-customer --quiet <<<'{"id":"acme","tier":"paid","domains":["acme.example"]}'
	mkdir bin
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nprintf "%%s|" "$@"\necho\ncat\n' >bin/mail
	printf '#!/bin/sh\nprintf "%%s|" "$@" >>%s/shown\necho >>%s/shown\n' "$PWD" "$PWD" >bin/notify-send
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
}

# letter FROM SUBJECT [TEXT]
letter() {
	mail "$1" "$2" "${3:-It does not work.}" | tkt-mailin
}

# sent: each mail that waits in the outbox.
sent() {
	tkt-mailout --list -o recipients,subject
}

@test "there are twenty of at most three lines, without jq, and each has its test" {
	titles=$(sed -n 's/^\.Ss //p' "$page")
	same "$(wc -l <<<"$titles")" 20
	while IFS= read -r title; do
		text=$(script "$title")
		[ -n "$text" ]
		[ "$(wc -l <<<"$text")" -le 3 ]
		[[ $text != *jq* && $text != *\\* ]]
		sh -n -c "$text"
	done <<<"$titles"
	same "$(sed -n 's/^@test "\(.*\)" {$/\1/p' "$BATS_TEST_FILENAME" | grep -Fx "$titles" | sort)" "$(sort <<<"$titles")"
	same "$(sed -n 's/.*tried "\([A-Z][^"]*\)".*/\1/p' "$BATS_TEST_FILENAME" | sort -u)" "$(sort <<<"$titles")"
}

@test "What needs us" {
	letter bob@example.com 'First come'
	letter anna@acme.example 'Paid'
	letter carol@example.com 'Answered'
	tkt-set --quiet 3 status=pending pending_reason=customer
	tkt-set --quiet 1 assignee=petrov
	run -0 --separate-stderr tried "What needs us"
	same "$output" $'SUP-2\tpaid\t\t7200\tPaid\nSUP-1\t\tpetrov\t7200\tFirst come'
	[ -z "$stderr" ]
}

@test "Remind and close the silent" {
	printf 'Subject: Are you there?\n\nPlease answer {{id}}.\n' >"$TKT_DESK/templates/reminder.en"
	for who in anna bob carol; do
		letter $who@example.com "Of $who"
	done
	tkt-set --quiet 1 2 status=pending pending_reason=customer
	at 2026-03-04T09:00:00Z
	run -0 --separate-stderr tried "Remind and close the silent"
	same "$(sent)" ''
	at 2026-03-05T09:00:01Z
	run -0 --separate-stderr tried "Remind and close the silent"
	same "$output$stderr" ''
	same "$(sent)" $'anna@example.com\t[SUP-1] Are you there?\nbob@example.com\t[SUP-2] Are you there?'
	run -0 --separate-stderr tried "Remind and close the silent" # again the next hour: nobody is reminded twice
	same "$(sent | wc -l)" 2
	tkt-mailout --quiet
	at 2026-03-06T09:00:00Z
	mail anna@example.com 'Re: [SUP-1] Of anna' 'I am here.' | tkt-mailin # one answers
	at 2026-03-12T09:00:02Z
	run -0 --separate-stderr tried "Remind and close the silent"
	same "$(tkt-list --all -s id -o id,status,resolution,tags)" $'SUP-1\topen\t\t\nSUP-2\tclosed\tno_information\treminded\nSUP-3\tnew\t\t'
	tkt-set --quiet 1 status=pending pending_reason=customer # and begins anew
	at 2026-03-19T09:00:03Z
	run -0 --separate-stderr tried "Remind and close the silent"
	same "$(tkt-list -o id,status,tags id=SUP-1)" $'SUP-1\tpending\treminded'
	same "$(sent | tail -n 1)" $'anna@example.com\t[SUP-1] Are you there?'
}

@test "Sleep until Monday" {
	letter anna@example.com One
	letter bob@example.com Two
	run -0 --separate-stderr tried "Sleep until Monday"
	same "$output" $'SUP-2\t2026-03-09T06:00:00Z'
	same "$(tkt-list waiting_for=us -o id)" SUP-1
	at 2026-03-09T05:59:59Z
	tkt-sla --sweep --quiet
	same "$(tkt-list waiting_for=us -o id)" SUP-1
	at 2026-03-09T06:00:00Z
	tkt-sla --sweep --quiet
	same "$(tkt-list waiting_for=us -s id -o id,status)" $'SUP-1\tnew\nSUP-2\topen'
}

@test "Answer eighty tickets after an outage" {
	for ((i = 1; i <= 81; i++)); do
		printf '{"subject":"Down","requester":{"email":"u%d@example.com"},"channel":"mail","tags":["outage"],"body":"Down"}\n' "$i"
	done | tkt-new --quiet
	tkt-set --quiet 81 tags=
	echo 'All is well again.' >all-well.txt
	run -0 --separate-stderr tried "Answer eighty tickets after an outage"
	same "$output$stderr" ''
	same "$(tkt-list --count 'status=resolved and resolution=fixed')" 80
	same "$(sent | wc -l)" 80
	same "$(sent | cut -f 1 | sort -u | wc -l)" 80
	same "$(tkt-list status=new -o id)" SUP-81
	tried "Answer eighty tickets after an outage"
	same "$(sent | wc -l)" 80
}

@test "Answer eighty tickets: who has written meanwhile is named and not answered" {
	letter anna@example.com Down
	letter bob@example.com Down
	tkt-set --quiet 1 2 tags=outage
	echo 'All is well again.' >all-well.txt
	# the list is read, then a letter comes, then the answer leaves
	meanwhile=$(mail bob@example.com 'Re: [SUP-2] Down' 'Another thing.')
	tkt-list tags=outage 'status in new,open' >list
	at 2026-03-02T09:00:01Z
	tkt-mailin <<<"$meanwhile"
	line=$(script "Answer eighty tickets after an outage")
	run -65 --separate-stderr sh -c "cat list | ${line#*| }"
	same "$stderr" "tkt-reply: stdin:2: a message arrived on ticket 'SUP-2' since it was read; read it again"
	same "$(sent)" $'anna@example.com\tRe: [SUP-1] Down'
}

@test "Open once from monitoring" {
	printf '#!/bin/sh\ncat state\ntest ! -s state\n' >check-disk
	chmod +x check-disk
	: >state
	run -0 --separate-stderr tried "Open once from monitoring"
	same "$(tkt-list --all --count)" 0
	echo '91%' >state
	tried "Open once from monitoring"
	echo '94%' >state
	tried "Open once from monitoring"
	same "$(tkt-list -o id,channel,subject)" $'SUP-1\tmonitoring\tweb1: the disk fills up'
	same "$(tkt-show --messages 1 -o body)" $'91%\\n\n94%\\n'
	: >state
	tried "Open once from monitoring"
	same "$(tkt-list --all -o id,status,resolution)" $'SUP-1\tclosed\tfixed'
	echo '92%' >state
	tried "Open once from monitoring"
	same "$(tkt-list --all -s id -o id,status)" $'SUP-1\tclosed\nSUP-2\tnew'
}

@test "Open once from monitoring: eight at once open one" {
	printf '#!/bin/sh\necho 95%%\nexit 1\n' >check-disk
	chmod +x check-disk
	for ((round = 0; round < 5; round++)); do
		for ((i = 0; i < 8; i++)); do
			mkdir -p "at$i"
			cp check-disk "at$i"
			(cd "at$i" && tried "Open once from monitoring") &
		done
		wait
		same "$(tkt-list --count key=web1/disk status!=closed)" 1
		same "$(tkt-list key=web1/disk status!=closed | tkt-show --messages -o id | wc -l)" 8
		tkt-list key=web1/disk | tkt-set --quiet status=closed
	done
}

@test "Take the next one" {
	letter bob@example.com 'First come'
	letter anna@acme.example 'Paid'
	export TKT_AGENT=petrov
	run -0 --separate-stderr tried "Take the next one"
	same "$output" $'SUP-2\tPaid'
	run -0 --separate-stderr tried "Take the next one"
	same "$output" $'SUP-1\tFirst come'
	run -1 --separate-stderr tried "Take the next one"
	same "$output$stderr" ''
	same "$(tkt-list -s id -o id,status,assignee)" $'SUP-1\topen\tpetrov\nSUP-2\topen\tpetrov'
}

# Two processes for two agents, both of whom have read the same list: the script's two halves apart.
@test "Take the next one: of two at once each gets another, a hundred times" {
	for ((i = 0; i < 220; i++)); do
		echo "{\"subject\":\"Number $i\"}"
	done | tkt-new --quiet
	for ((round = 0; round < 100; round++)); do
		TKT_AGENT=petrov tried "Take the next one" >>first &
		TKT_AGENT=sidorova tried "Take the next one" >>second &
		wait -n
		wait -n
	done
	same "$(wc -l <first)" 100
	same "$(wc -l <second)" 100
	same "$(cut -f 1 first | sort)" "$(tkt-list assignee=petrov -o id | sort)"
	same "$(cut -f 1 second | sort)" "$(tkt-list assignee=sidorova -o id | sort)"
	same "$(tkt-log 'set.status=open' -o ticket | sort | uniq -d)" '' # none was taken twice
	same "$(tkt-list --count status=new)" 20
	# each got them in their order
	cut -d ' ' -f 2 first | sort -nc
	cut -d ' ' -f 2 second | sort -nc
}

@test "Take the next one: what both have read is taken once" {
	for ((i = 1; i <= 20; i++)); do
		echo '{"subject":"A request"}'
	done | tkt-new --quiet
	tkt-list status=new --sort rank >list
	line=$(script "Take the next one")
	for ((i = 0; i < 20; i++)); do
		TKT_AGENT=$([ $((i % 2)) = 0 ] && echo petrov || echo sidorova) sh -c "cat list | ${line#*| }" >>"taken$((i % 2))" 2>>errors &
	done
	wait
	same "$(cat errors)" ''
	same "$(cut -f 1 taken0 taken1 | sort -u | wc -l)" 20
	same "$(tkt-list -o assignee | sort | uniq -c | tr -s ' ')" $' 10 petrov\n 10 sidorova'
	TKT_AGENT=petrov run -1 --separate-stderr sh -c "cat list | ${line#*| }"
	same "$output$stderr" ''
}

@test "Wait for a state" {
	letter anna@example.com One
	letter bob@example.com Two
	printf '#!/bin/sh\necho restarted\n' >restart-service
	chmod +x restart-service
	tried "Wait for a state" >out &
	tkt-set --quiet 1 status=resolved
	tkt-set --quiet 2 status=resolved
	wait $!
	same "$(cat out)" restarted
	# nobody does
	tkt-set --quiet 2 status=open
	line=$(script "Wait for a state")
	run -1 --separate-stderr sh -c "${line/2h/0s}"
	same "$output" ''
	same "$stderr" 'tkt-list: the time is over, and no ticket matches'
}

@test "The overdue of a customer every morning" {
	letter anna@acme.example 'The site is slow'
	letter bob@example.com 'Not theirs'
	run -0 --separate-stderr tried "The overdue of a customer every morning"
	same "$output$stderr" ''
	at 2026-03-02T14:00:00Z
	run -0 --separate-stderr tried "The overdue of a customer every morning"
	same "$output" $'-s|Overdue: acme|manager@example.org|\nTicket      Left       Assignee      Subject\nSUP-1       -3h 0m                   The site is slow'
}

@test "Hand over the tickets of a colleague" {
	conf <<-'END'
		address = "support@example.org"   ticket_prefix = "SUP"   acknowledge = "none"
		transport "maildir" { path = "outbox" }
		route "all" { team = "l1" }
		team "l1" { members = {"ivanova", "petrov", "sidorova"}   assign = least_loaded   prefer = {"previous"} }
	END
	for i in 1 2 3 4 5 6 7 8; do
		letter "u$i@example.com" "Number $i"
	done
	tkt-set --quiet 2 status=closed
	tkt-set --quiet 5 status=open
	same "$(tkt-list -a assignee=petrov -s id -o id)" $'SUP-2\nSUP-5\nSUP-8'
	run -0 --separate-stderr tried "Hand over the tickets of a colleague"
	same "$(sort <<<"$output")" $'SUP-5\tsidorova\nSUP-8\tivanova'
	[ -z "$stderr" ]
	same "$(tkt-list -a assignee=petrov -o id,status)" $'SUP-2\tclosed'
	same "$(tkt-log ticket=SUP-5 'why = "petrov has left"' -o why)" 'petrov has left'
	letter u9@example.com 'Number 9'
	same "$(tkt-list -a --count assignee=petrov)" 1
}

@test "Who is overloaded" {
	for i in 1 2 3 4 5 6; do
		letter "u$i@example.com" "Number $i"
	done
	tkt-set --quiet 1 2 3 assignee=petrov
	tkt-set --quiet 4 assignee=ivanova
	tkt-set --quiet 5 assignee=ivanova status=resolved
	run -0 --separate-stderr tried "Who is overloaded"
	same "$(tr -s ' ' <<<"$output")" $' 3 petrov\n 1 ivanova'
}

@test "A customer's tickets as a spreadsheet" {
	letter anna@acme.example '=HYPERLINK("http://example.net")'
	letter boss@acme.example 'Please list our tickets, all of them'
	at 2026-01-01T09:00:00Z
	letter anna@acme.example 'Long ago'
	at 2026-03-02T09:00:00Z
	run -0 --separate-stderr tried "A customer's tickets as a spreadsheet"
	same "$output$stderr" ''
	same "$(cat acme.csv)" 'id,status,created_at,subject
SUP-1,new,2026-03-02T09:00:00Z,"'\''=HYPERLINK(""http://example.net"")"
SUP-2,new,2026-03-02T09:00:00Z,"Please list our tickets, all of them"'
	same "$(sent)" $'boss@acme.example\tRe: [SUP-2] Please list our tickets, all of them'
	tkt-mailout --show 1 | tkt-mime | jq -r '.attachments[].name' >names
	same "$(cat names)" acme.csv
}

@test "Escalate by hand" {
	section=$(mandoc -Tutf8 -O width=1000 "$page" | col -bx | grep -o 'action "escalate" .*}')
	echo "$section" >>"$TKT_DESK/desk.conf"
	letter anna@example.com One
	letter bob@example.com Two
	run -0 --separate-stderr tried "Escalate by hand"
	same "$output" $'SUP-2\tcritical'
	run -65 --separate-stderr tkt-set --quiet 1 --action escalate
	same "$stderr" "tkt-set: action 'escalate' needs a reason: --why"
	tkt-sla --sweep --quiet
	same "$(sent)" $'ivanova@staff.example.org\tSupport: tickets that need you: 1'
	same "$(tkt-log 'action=escalate' -o ticket,why)" $'SUP-2\ttheir shop is down, they called'
}

@test "Import customers and contacts every night" {
	printf 'Code;Firm\nacme;Acme\nbeta;Beta\n' >firms.csv
	printf 'Code;E-mail\nacme;anna@acme.example\nbeta;bob@beta.example\n' >people.csv
	run -0 --separate-stderr tried "Import customers and contacts every night"
	same "$output" $'-s|Changed: customers and contacts|admin@example.org|\nacme\tAcme\nbeta\tBeta\nanna@acme.example\tacme\nbob@beta.example\tbeta'
	[ -z "$stderr" ]
	run -0 --separate-stderr tried "Import customers and contacts every night"
	same "$output$stderr" ''
	printf 'Code;E-mail\nacme;anna@acme.example\nacme;bob@beta.example\n' >people.csv
	run -0 --separate-stderr tried "Import customers and contacts every night"
	same "$output" $'-s|Changed: customers and contacts|admin@example.org|\nbob@beta.example\tacme'
}

@test "Try new rules on last week's tickets" {
	cat >>"$TKT_DESK/desk.conf" <<-'END'
		route "all" { set = {"assignee=petrov"} }
	END
	at 2026-02-20T09:00:00Z
	letter old@example.com 'Long ago'
	at 2026-03-02T09:00:00Z
	letter anna@example.com 'Invoice for March'
	letter bob@example.com 'Cannot log in'
	tkt-set --quiet 3 status=closed
	mkdir draft
	cat >draft/desk.conf <<-'END'
		route "money" { match = {"subject ~ invoice"}   set = {"queue=billing", "assignee=sidorova"}   stop = true }
		route "all"   { set = {"assignee=ivanova"} }
	END
	tkt-lint --quiet draft
	before=$(tkt-list --all)
	run -0 --separate-stderr tried "Try new rules on last week's tickets"
	same "$(sort <<<"$output")" $'SUP-2\tbilling\tsidorova\nSUP-3\tsupport\tivanova'
	[ -z "$stderr" ]
	same "$(tkt-list --all)" "$before"
}

@test "Which rule assigned it" {
	cat >>"$TKT_DESK/desk.conf" <<-'END'
		route "all" { team = "l1" }
		team "l1" { members = {"petrov"} }
	END
	letter anna@example.com One
	letter bob@example.com Two
	run -0 --separate-stderr tried "Which rule assigned it"
	same "$output" $'assignee\tpetrov\t2026-03-02T09:00:00Z\tdesk.conf:7\troute all; team l1: petrov'
}

@test "What we wait for" {
	for who in anna bob carol; do
		letter $who@example.com "Of $who"
	done
	tkt-reply --quiet --ask 'Which browser?' --ask 'Since when?' -s pending --set pending_reason=customer 1 </dev/null
	at 2026-03-03T09:00:00Z
	tkt-reply --quiet --ask 'Which browser?' -s pending --set pending_reason=customer 2 </dev/null
	at 2026-03-04T09:00:00Z
	run -0 --separate-stderr tried "What we wait for"
	same "$output" $'SUP-1\tanna@example.com\t2\t172800\nSUP-2\tbob@example.com\t1\t86400'
	mail bob@example.com 'Re: [SUP-2] Of bob' $'Firefox' | tkt-mailin
	run -0 --separate-stderr tried "What we wait for"
	same "$output" $'SUP-1\tanna@example.com\t2\t172800'
}

@test "Watch the queue" {
	letter anna@example.com Before
	setsid sh -c "$(script "Watch the queue")" 3>&- & # tried "Watch the queue", in a group of its own
	watch=$!
	# it has begun when it shows one; then none is missed
	for ((i = 1; i <= 200; i++)); do
		[ ! -s shown ] || break
		letter "u$i@example.com" "Question $i, or two"
		sleep 0.05
	done
	tkt-set --quiet 1 priority=high
	letter bob@example.com 'The last of them'
	for ((i = 1; i <= 200; i++)); do
		! grep -q 'The last of them' shown || break
		sleep 0.05
	done
	kill -- "-$watch"
	same "$(cat shown)" "$(tkt-log rev=1 -o ticket,set.subject | tail -n "$(wc -l <shown)" | sed 's/\t/|/; s/$/|/')"
	[ "$(grep -c Before shown)" = 0 ]
}

@test "Merge the duplicates of an outage" {
	letter anna@example.com 'The site is down'
	letter bob@example.com 'Your site is down!'
	letter carol@example.com 'Invoice'
	letter dora@example.com 'Site is down again'
	run -0 --separate-stderr tried "Merge the duplicates of an outage"
	same "$output$stderr" ''
	same "$(tkt-list --all -s id -o id,status,merged_into,cc)" $'SUP-1\tnew\t\tbob@example.com,dora@example.com\nSUP-2\tclosed\tSUP-1\t\nSUP-3\tnew\t\t\nSUP-4\tclosed\tSUP-1\t'
	echo 'It is up again.' | tkt-reply --quiet 1
	same "$(sent | cut -f 1 | sort)" $'anna@example.com\nbob@example.com\ndora@example.com'
	tried "Merge the duplicates of an outage" # again: nobody stands there twice
	same "$(tkt-list id=SUP-1 -o cc)" bob@example.com,dora@example.com
}

@test "Answers that came back" {
	# a server that refuses bob, until it does not
	printf '#!/bin/sh\ncat >/dev/null\ncase "$*" in *bob@*) test -e mended || exit 67 ;; esac\n' >sender
	chmod +x sender
	sed -i "s|^transport .*|transport \"sendmail\" { command = \"$PWD/sender\" }|" "$TKT_DESK/desk.conf"
	letter anna@example.com One
	letter bob@example.com Two
	tkt-set --quiet 2 assignee=petrov
	echo Yes. | tkt-reply --quiet 1
	echo No. | tkt-reply --quiet 2
	run -69 --separate-stderr tkt-mailout --quiet
	touch mended
	run -0 --separate-stderr tried "Answers that came back"
	same "$output" $'SUP-2\tpetrov\tbob@example.com: \''"$PWD/sender"$'\' ended with status 67: it said nothing\n2\tqueued'
	tkt-mailout --quiet
	run -0 --separate-stderr tried "Answers that came back"
	same "$output" ''
}

@test "Release what was kept aside" {
	printf '#!/bin/sh\ngrep -q Invoice || exit 0\necho looks like spam\nexit 1\n' >spam
	chmod +x spam
	echo "filter \"spam\" { command = \"$PWD/spam\" }" >>"$TKT_DESK/desk.conf"
	SENDER=anna@acme.example letter anna@acme.example 'Invoice for March'
	SENDER=eve@example.net letter eve@example.net 'Invoice for you'
	letter bob@example.com 'A question'
	same "$(tkt-list -o id,subject)" $'SUP-1\tA question'
	run -0 --separate-stderr tried "Release what was kept aside"
	same "$output" $'1\tanna@acme.example\tfilter \'spam\': looks like spam\n2\teve@example.net\tfilter \'spam\': looks like spam'
	[ -z "$stderr" ]
	same "$(tkt-list -s id -o id,subject)" $'SUP-1\tA question\nSUP-2\tInvoice for March'
	same "$(tkt-log --mail -o number,fate)" $'1\topened\n2\tquarantined\n3\topened'
}
