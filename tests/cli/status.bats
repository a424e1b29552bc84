#!/usr/bin/env bats
# tkt-status: what it sees, and what of it is not well.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	plain_conf | conf
}

plain_conf() {
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'version = "v1"' \
		'timezone = "Europe/Moscow"' 'transport "maildir" { path = "outbox" }'
}

# with_levels: desk.conf promises something, so it has to be swept.
with_levels() {
	{
		plain_conf
		printf '%s\n' 'calendar "office" { week = {"mon-fri 09:00-18:00"} }' \
			'sla "all" { calendar = "office" first_response = "4wh" }'
	} | conf
}

# with_holidays YEAR...: a calendar "office" whose list knows these years.
with_holidays() {
	local year
	for year in "$@"; do
		printf '%s-05-01\tholiday\tLabour Day\n' "$year"
	done >"$TKT_DESK/calendars/mine.tsv"
	{
		plain_conf
		printf '%s\n' 'calendar "office" { week = {"mon-fri 09:00-18:00"} holidays = {"mine"} }'
	} | conf
}

# about OPTION...: the status without what differs from machine to machine.
about() {
	tkt-status "$@" >status.json || echo "status $?"
	jq -c 'del(.database_bytes, .wal_bytes, .free_bytes)' status.json
}

@test "an empty desk is well" {
	run -0 --separate-stderr tkt-status
	valid status <<<"$output"
	same "$(jq -c 'del(.database_bytes, .wal_bytes, .free_bytes)' <<<"$output")" \
		'{"type":"status","at":"2026-03-02T09:00:00Z","policy":"v1","is_armed":true,"unsent":0,"failed":0,"quarantined":0}'
	jq -e '.database_bytes > 50000 and .wal_bytes == 0 and .free_bytes > 0' <<<"$output"
	same "$stderr" ''
}

@test "mail in, mail that waits, mail out" {
	mail anna@example.org Printer 'It is silent.' | tkt-mailin
	run -0 about --now 2026-03-02T09:59:59Z
	same "$output" '{"type":"status","at":"2026-03-02T09:59:59Z","policy":"v1","is_armed":true,"last_mail_at":"2026-03-02T09:00:00Z","unsent":1,"oldest_unsent_at":"2026-03-02T09:00:00Z","failed":0,"quarantined":0}'
	run -0 about --now 2026-03-02T10:00:01Z
	same "$output" 'status 1
{"type":"status","at":"2026-03-02T10:00:01Z","policy":"v1","is_armed":true,"last_mail_at":"2026-03-02T09:00:00Z","unsent":1,"oldest_unsent_at":"2026-03-02T09:00:00Z","failed":0,"quarantined":0,"problems":["old_unsent"]}'
	run -0 tkt-status --max-unsent 2h --now 2026-03-02T10:00:01Z --quiet
	same "$output" ''
	TKT_NOW=2026-03-02T09:05:00Z tkt-mailout --quiet
	run -0 about
	same "$output" '{"type":"status","at":"2026-03-02T09:00:00Z","policy":"v1","is_armed":true,"last_mail_at":"2026-03-02T09:00:00Z","last_sent_at":"2026-03-02T09:05:00Z","unsent":0,"failed":0,"quarantined":0}'
}

@test "a mail that was refused for good is a problem until a person has seen to it" {
	mail anna@example.org Printer 'It is silent.' | tkt-mailin
	sqlite3 "$TKT_DESK/tkt.db" "UPDATE outgoing SET state = 'failed', due_at = NULL"
	run -1 tkt-status -o unsent,failed,problems
	same "$output" $'0\t1\tfailed_mail'
	sqlite3 "$TKT_DESK/tkt.db" "UPDATE outgoing SET state = 'bounced'"
	run -1 tkt-status -o unsent,failed,problems
	same "$output" $'0\t1\tfailed_mail'
	tkt-mailout --quiet --cancel 1
	run -0 tkt-status -o unsent,failed,problems
	same "$output" $'0\t0\t'
}

@test "a desk with promises has to be swept; one without has not" {
	run -0 tkt-status -o last_sweep_at,problems
	same "$output" $'\t'
	with_levels
	run -1 tkt-status -o last_sweep_at,problems
	same "$output" $'\tlate_sweep'
	touch -d 2026-03-02T08:45:00Z "$TKT_DESK/sweep"
	run -0 tkt-status -o last_sweep_at,problems
	same "$output" $'2026-03-02T08:45:00Z\t'
	run -1 tkt-status --now 2026-03-02T09:00:01Z -o last_sweep_at,problems
	same "$output" $'2026-03-02T08:45:00Z\tlate_sweep'
	run -0 tkt-status --now 2026-03-02T09:00:01Z --max-sweep 1h -o problems
	same "$output" ''
	rm "$TKT_DESK/sweep"
	conf <<<'route "all" { set = {"queue=first"}   notify = {"group:l1"} }' # a sweep mails what it tells
	run -1 tkt-status -o problems
	same "$output" late_sweep
}

@test "a copy is not armed; a large log and a small disk are told" {
	cp -r "$TKT_DESK" copy
	run -1 tkt-status -D copy -o is_armed,problems
	same "$output" $'false\tnot_armed'
	head -c 1025 /dev/zero >"$TKT_DESK/tkt.db-wal"
	run -1 tkt-status --max-wal 1K --min-free 1000000G -o wal_bytes,problems
	same "$output" $'1025\tlarge_wal,low_disk'
	run -0 tkt-status --max-wal 1025 --min-free 0 -o wal_bytes,problems
	same "$output" $'1025\t'
}

@test "holidays of this year are missed, those of the next from November on, by the desk's clock" {
	with_holidays 2026
	run -0 about
	same "$(jq -c .missing_holidays <<<"$output")" '[{"calendar":"office","year":2027}]'
	run -0 tkt-status --now 2026-10-31T20:59:59Z -o problems
	same "$output" ''
	run -1 tkt-status --now 2026-10-31T21:00:00Z -o problems,missing_holidays
	same "$output" $'missing_holidays\t[{"calendar":"office","year":2027}]'
	run -0 tkt-status --now 2025-12-31T21:00:00Z -o problems
	same "$output" ''
	run -1 tkt-status --now 2025-12-31T20:59:59Z -o problems,missing_holidays
	same "$output" $'missing_holidays\t[{"calendar":"office","year":2025}]'
	with_holidays 2026 2027
	run -0 tkt-status --now 2026-12-01T00:00:00Z -o problems,missing_holidays
	same "$output" $'\t'
}

@test "a terminal gets a list in its language" {
	with_levels
	mail anna@example.org Printer 'It is silent.' | tkt-mailin
	run -1 --separate-stderr tkt-status --format table --now 2026-03-02T12:20:00Z
	same "$(sed -E 's/ +[0-9.]+[KMG]$/ SIZE/' <<<"$output")" 'Armed               yes
Policy              v1
Last mail in        2026-03-02 12:00 (3h 20m ago)
Last sweep          never
Last mail out       never
Unsent mails        1, the oldest for 3h 20m
Failed mails        0
Quarantined letters 0
Database SIZE
Database log SIZE
Free space SIZE

late_sweep          nothing has swept the desk in time; see tkt-sla --sweep
old_unsent          a mail has waited for too long; see tkt-mailout --list'
	same "$stderr" ''
	with_holidays 2026
	run -0 env LANGUAGE=ru tkt-status --format table
	same "$(sed -E 's/ +[0-9.]+[KMG]$/ SIZE/; s/v1[+].*/v1+xxx/' <<<"$output")" 'Отправка разрешена  да
Регламент           v1+xxx
Последнее письмо    2026-03-02 12:00 (0с назад)
Последний обход     никогда
Последняя отправка  никогда
Не отправлено       1, самое старое ждёт 0с
Отвергнуто писем    0
Отложено писем      0
База данных SIZE
Журнал базы SIZE
Свободно на диске SIZE
Нет праздников      office 2027'
}

@test "Prometheus: every metric has its two lines, values and labels are as the format wants" {
	desk "$BATS_TEST_TMPDIR/"$'a "desk" \\ of\ntwo lines'
	with_holidays 2026
	mail anna@example.org Printer 'It is silent.' | tkt-mailin
	touch -d 2026-03-02T08:45:00Z "$TKT_DESK/sweep"
	run -0 --separate-stderr tkt-status --prometheus
	label="desk=\"$BATS_TEST_TMPDIR/a \\\"desk\\\" \\\\ of\\ntwo lines\""
	same "$(sed -E '/^tkt_(database|wal|disk)/s/[0-9]+$/BYTES/' <<<"$output")" "# HELP tkt_armed Whether the desk may send mail from here.
# TYPE tkt_armed gauge
tkt_armed{$label} 1
# HELP tkt_last_mail_timestamp_seconds When the last mail came in.
# TYPE tkt_last_mail_timestamp_seconds gauge
tkt_last_mail_timestamp_seconds{$label} 1772442000
# HELP tkt_last_sweep_timestamp_seconds When the desk was swept.
# TYPE tkt_last_sweep_timestamp_seconds gauge
tkt_last_sweep_timestamp_seconds{$label} 1772441100
# HELP tkt_unsent_mails Mails that wait or are being sent.
# TYPE tkt_unsent_mails gauge
tkt_unsent_mails{$label} 1
# HELP tkt_oldest_unsent_timestamp_seconds When the oldest mail that waits was made.
# TYPE tkt_oldest_unsent_timestamp_seconds gauge
tkt_oldest_unsent_timestamp_seconds{$label} 1772442000
# HELP tkt_failed_mails Mails that were refused for good or came back and wait for a person.
# TYPE tkt_failed_mails gauge
tkt_failed_mails{$label} 0
# HELP tkt_quarantined_letters Letters that are kept aside for a person.
# TYPE tkt_quarantined_letters gauge
tkt_quarantined_letters{$label} 0
# HELP tkt_database_size_bytes Size of tkt.db.
# TYPE tkt_database_size_bytes gauge
tkt_database_size_bytes{$label} BYTES
# HELP tkt_wal_size_bytes Size of tkt.db-wal.
# TYPE tkt_wal_size_bytes gauge
tkt_wal_size_bytes{$label} BYTES
# HELP tkt_disk_free_bytes Free space where the desk is.
# TYPE tkt_disk_free_bytes gauge
tkt_disk_free_bytes{$label} BYTES
# HELP tkt_holidays_known Whether the holiday lists of a calendar say something about a year.
# TYPE tkt_holidays_known gauge
tkt_holidays_known{$label,calendar=\"office\",year=\"2026\"} 1
tkt_holidays_known{$label,calendar=\"office\",year=\"2027\"} 0
# HELP tkt_policy_info The policy that new tickets come under.
# TYPE tkt_policy_info gauge
tkt_policy_info{$label,policy=\"v1\"} 1
# HELP tkt_problem Whether something is not well, by what it is.
# TYPE tkt_problem gauge
tkt_problem{$label,problem=\"not_armed\"} 0
tkt_problem{$label,problem=\"late_sweep\"} 0
tkt_problem{$label,problem=\"old_unsent\"} 0
tkt_problem{$label,problem=\"failed_mail\"} 0
tkt_problem{$label,problem=\"large_wal\"} 0
tkt_problem{$label,problem=\"low_disk\"} 0
tkt_problem{$label,problem=\"missing_holidays\"} 0"
	same "$stderr" ''
}

@test "it reads and nothing else" {
	mail anna@example.org Printer 'It is silent.' | tkt-mailin
	before=$(stat -c '%n %s %y' "$TKT_DESK"/* | grep -v -e -shm -e -wal && tkt-log)
	tkt-status >/dev/null
	same "$(stat -c '%n %s %y' "$TKT_DESK"/* | grep -v -e -shm -e -wal && tkt-log)" "$before"
}

@test "bad use is told" {
	run -64 tkt-status --max-wal 64MB
	same "$output" "tkt-status: --max-wal: '64MB' is not a size like 500K, 64M or 2G"
	run -64 tkt-status --min-free M
	same "$output" "tkt-status: --min-free: 'M' is not a size like 500K, 64M or 2G"
	run -64 tkt-status --min-free=
	same "$output" "tkt-status: --min-free: '' is not a size like 500K, 64M or 2G"
	run -64 tkt-status --min-free 99999999999G
	same "$output" "tkt-status: --min-free: '99999999999G' is not a size like 500K, 64M or 2G"
	run -64 tkt-status --max-sweep 15
	same "$output" "tkt-status: --max-sweep: '15' has no unit; write 15m, 15h, 15d, 15wh ..."
	run -64 tkt-status -p -o failed
	same "$output" 'tkt-status: give either --prometheus or --output'
	run -66 tkt-status -D none
	[ -n "$output" ]
}
