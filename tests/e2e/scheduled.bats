#!/usr/bin/env bats
# share/examples: what cron and systemd are told, checked by their own checkers, and run.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' \
		'transport "maildir" { path = "outbox" }' 'keep_refused = "30d"' \
		'sla "all" { first_response = "1h" escalate "100%" { set = {"priority=high"} } }' | conf
	examples=$TKT_DATADIR/examples
}

# crontab_for_one_user: the file of /etc/cron.d without its column of users.
crontab_for_one_user() {
	sed -E 's/^(([^ #]+ ){5}) *[a-z]+ +/\1 /' "$examples/cron/tkt"
}

# its_commands: what stands behind the user of each line.
its_commands() {
	sed -nE 's/^([^ #=]+ +){5}[a-z]+ +//p' "$examples/cron/tkt"
}

# as_cron COMMAND: with the shell and the environment of the file, but for its places.
as_cron() {
	env -i HOME="$HOME" PATH="$PATH" TKT_DATADIR="$TKT_DATADIR" TKT_DESK="$TKT_DESK" TKT_NOW="$TKT_NOW" \
		sh -c "$(sed "s|/var/lib/prometheus/node-exporter|$BATS_TEST_TMPDIR/collected|; s|/var/backups|$BATS_TEST_TMPDIR/backups|" <<<"$1")"
}

@test "cron takes the file" {
	crontab -h 2>&1 | grep -q -- '-n' || skip 'no crontab that checks (Debian has one)'
	run -0 crontab -n - <<<"$(crontab_for_one_user)"
	same "$output" 'The syntax of the crontab file was successfully checked.'
	run -0 crontab -n "$examples/cron/tkt"
	run -1 crontab -n - <<<"$(crontab_for_one_user | sed 's/^7 /70 /')"
	same "$(crontab_for_one_user | grep -c '^[*0-9]')" 6
}

@test "each line of cron does what it says, and says nothing while all is well" {
	mkdir -p collected backups/desk/old
	touch -d '40 days ago' backups/desk/old
	mail anna@example.org Printer 'It is silent.' | tkt-mailin
	printf 'no letter\n' | tkt-mailin --quiet --now 2026-01-02T09:00:00Z
	export TKT_NOW=2026-03-02T10:00:00Z
	same "$(its_commands | wc -l)" 6
	while read -r command; do
		run -0 as_cron "$command"
		same "$output" ''
	done < <(its_commands)
	same "$(tkt-list -o id,priority)" $'SUP-1\thigh'
	same "$(tkt-mailout --list --format json | wc -l)" 0
	same "$(find "$TKT_DESK/outbox/new" -type f | wc -l)" 1
	same "$(ls collected)" tkt.prom
	same "$(tkt-log --mail -o fate,dropped_at)" $'opened\t\nrefused\t2026-03-02T10:00:00Z'
	same "$(tkt-backup --verify -o tickets,damaged backups/desk/20*)" $'1\t0'
	same "$(find backups/desk -mindepth 1 -maxdepth 1 | wc -l)" 1
	same "$(grep -c '^tkt_problem{.*} 0$' collected/tkt.prom)" 7
	export TKT_NOW=2026-03-02T10:30:00Z
	run -0 as_cron "$(its_commands | grep table)"
	same "${lines[-1]}" 'late_sweep          nothing has swept the desk in time; see tkt-sla --sweep'
}

# verified UNIT...: systemd's own checker finds nothing, with the units' programs where they are staged.
verified() {
	command -v systemd-analyze >/dev/null || skip 'no systemd-analyze'
	mkdir -p units
	for unit in "$examples"/systemd/*; do
		sed "s|^ExecStart=|ExecStart=$prefix/bin/|" "$unit" >"units/${unit##*/}"
	done
	run -0 env SYSTEMD_UNIT_PATH="$PWD/units:" systemd-analyze verify --man=no "$@"
	same "$output" ''
}

@test "systemd takes the units, for any desk" {
	for unit in sweep mailout fetch; do
		verified "tkt-$unit@srv-desk.service" "tkt-$unit@srv-desk.timer"
		verified "tkt-$unit@home-a\\x20b-desk.timer"
	done
	same "$(cd "$examples/systemd" && echo *)" 'tkt-fetch@.service tkt-fetch@.timer tkt-mailout@.service tkt-mailout@.timer tkt-sweep@.service tkt-sweep@.timer'
}

@test "a unit with an error would be found" {
	command -v systemd-analyze >/dev/null || skip 'no systemd-analyze'
	mkdir units
	sed "s|^ExecStart=|&$prefix/bin/|; s/^ProtectHome/ProtectHoome/" "$examples/systemd/tkt-sweep@.service" >units/tkt-sweep@.service
	run env SYSTEMD_UNIT_PATH="$PWD/units:" systemd-analyze verify --man=no tkt-sweep@srv-desk.service
	same "$output" "$PWD/units/tkt-sweep@.service:$(grep -n ProtectHoome units/tkt-sweep@.service | cut -d: -f1): Unknown key 'ProtectHoome' in section [Service], ignoring."
}

# allowed SET: its system calls, those of the sets it names too.
allowed() {
	local call
	systemd-analyze syscall-filter "$1" | sed -n 's/^    \([@a-z0-9_-]*\)$/\1/p' | while read -r call; do
		case $call in
		@*) allowed "$call" ;;
		*) printf '%s\n' "$call" ;;
		esac
	done
}

@test "the sweep needs no system call and no place that its unit forbids" {
	command -v systemd-analyze >/dev/null || skip 'no systemd-analyze'
	[ -z "${ASAN_OPTIONS-}" ] || skip 'a sanitizer makes system calls of its own'
	mail anna@example.org Printer 'It is silent.' | tkt-mailin
	strace -f -o calls tkt-sla --sweep --quiet --now 2026-03-02T10:00:00Z
	same "$(tkt-list -o priority)" high
	allowed "$(sed -n 's/^SystemCallFilter=//p' "$examples/systemd/tkt-sweep@.service")" | sort -u >permitted
	[ "$(wc -l <permitted)" -gt 200 ]
	same "$(sed -nE 's/^[0-9]+ ([a-z0-9_]+)\(.*/\1/p' calls | sort -u | grep -vxFf permitted)" ''
	# What it opens for writing is in the desk.
	same "$(grep -E 'O_(RDWR|WRONLY|CREAT)' calls | grep -o '"[^"]*"' | grep -v -e "^\"$TKT_DESK/" -e '^"/dev/null"')" ''
}

@test "the promises of the README are a sound desk.conf" {
	awk '/^    calendar "office"/ { on = 1 } /^[^ ]/ { on = 0 } on' "$root/README.md" >"$TKT_DESK/desk.conf"
	same "$(grep -cE '^    (calendar|sla|timer) ' "$TKT_DESK/desk.conf")" 3
	run -0 tkt-lint
	# A calendar that is known for the present year alone is no error.
	same "$(jq -r 'select(.text | test("says nothing about") | not)' <<<"$output")" ''
}
