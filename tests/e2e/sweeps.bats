#!/usr/bin/env bats
# Many sweeps at once, half of them killed: every step fires exactly once.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<-'END'
		address = "support@example.org"
		ticket_prefix = "SUP"
		sweep_limit = 100000
		busy_timeout = "10m"
		transport "maildir" { path = "outbox" }
		sla "basic" {
			match = {"tier=basic"}   first_response = "4h"   resolution = "8h"
			escalate "50%" { notify = {"group:leads"} }
			escalate "first_response 75%" { notify = {"group:leads", "requester"} set = {"priority=high"} }
			escalate "resolution 75%" { notify = {"group:chiefs"} reply = "sorry" }
		}
		timer "silent" {
			match = {"status=pending"}   since = created
			step "1h" { notify = {"group:night"} }
			step "5h" { reply = "sorry" }
		}
	END
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: Sorry\n\n{{id}}\n' >"$TKT_DESK/templates/sorry.en"
}

# sweep_all TIME: 64 sweeps at once at one moment. The first half, which gets to the work, is killed
# at random instants; the others wait for their turn and do what is left.
sweep_all() {
	local i processes=()
	export TKT_NOW=2026-03-02T$1:00Z
	for ((i = 0; i < 64; i++)); do
		tkt-sla --sweep >"out.$1.$i" 2>"errors.$1.$i" &
		processes+=($!)
		if ((i < 32)); then
			{ sleep "0.$(printf %03d $((RANDOM % 400)))" && kill -KILL $!; } 2>/dev/null &
		fi
	done
	for ((i = 0; i < 64; i++)); do
		wait "${processes[i]}" || printf '%s\n' "$?" >"status.$1.$i"
	done 2>/dev/null
	wait
}

# told: whom the mails to the staff tell of which ticket, a line each.
told() {
	jq -r 'select(.ticket == null) | .recipients[0] as $to | .body | scan("SUP-[0-9]+") | [$to, .] | @tsv' mails
}

@test "64 sweeps at once, half of them killed: each step once, each address one mail a sweep" {
	for ((i = 1; i <= 400; i++)); do
		printf '{"subject":"Request %d","requester":{"email":"c%d@example.com"},"tier":"basic"}\n' $i $i
		printf '{"subject":"Wait %d","requester":{"email":"w%d@example.com"},"status":"pending"}\n' $i $i
	done | tkt-new --quiet
	sweep_all 12:30
	sweep_all 15:30

	same "$(cat errors.*)" ''
	same "$(sort -u status.*)" 137

	# Of each clock and timer the highest step, once; what was printed is in the log.
	tkt-log >log
	jq -r 'select(.step) | [.ticket, .step.clock // .step.timer, .step.cycle, .step.step] | @tsv' log | sort >steps
	same "$(uniq -d steps)" ''
	same "$(cut -f 2,4 steps | sort | uniq -c | sed 's/^ *//')" '400 first_response	first_response 75%
400 resolution	resolution 75%
400 silent	1h
400 silent	5h'
	same "$(jq -r 'select(.why == "first_response breached") | .ticket' log | sort | uniq -c | awk '{ print $1 }' | sort | uniq -c | xargs)" '400 1'
	same "$(cat out.* | jq -r 'select(.step) | [.ticket, .step.clock // .step.timer, .step.cycle, .step.step] | @tsv' | sort | comm -23 - steps)" ''
	same "$(tkt-list --count 'priority=high and clock.resolution.state=running')" 400

	# A mail to a customer for each step that writes one; to the staff one an address and a sweep.
	tkt-mailout --list >mails
	same "$(jq -r 'select(.ticket) | .ticket' mails | wc -l)" 1200
	same "$(jq -r 'select(.ticket) | [.ticket, .subject] | @tsv' mails | sort | uniq -d)" ''
	same "$(told | sort | uniq -d)" ''
	same "$(told | cut -f 1 | sort | uniq -c | xargs)" '400 chiefs@example.org 400 leads@example.org 400 night@example.org'
	for address in chiefs leads night; do
		[ "$(jq -r 'select(.ticket == null) | .recipients[0]' mails | grep -c "^$address@")" -le "$(find . -name 'out.*' -size +0 | wc -l)" ]
	done
	same "$(sqlite3 "$TKT_DESK/tkt.db" 'SELECT count(*) FROM notice; PRAGMA integrity_check; PRAGMA foreign_key_check')" $'0\nok'

	# And nothing is left to do.
	same "$(tkt-sla --sweep)" ''
	tkt-log | cmp log -
	valid - log
}
