#!/usr/bin/env bats
# 64 writers at once, killed at random, on a disk that fills up, before a database that is locked: whatever breaks,
# each letter ends as exactly one message after the mail server's retries (DESIGN.md 4, 'Nothing is lost').
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	settings
}

teardown() {
	[ -z "${holder-}" ] || kill "$holder" 2>/dev/null || true
}

# settings LINE...: a desk where each person gets his acknowledgement
settings() {
	printf '%s\n' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'addresses = {"support@example.org"}' \
		'brake_answers = none' 'transport "maildir" { path = "outbox" }' "$@" | conf
}

# storm COUNT OPTION... [-- COMMAND...]: hands out the letters; the counts of their ends are in `ends`
storm() {
	case " $* " in *' -- '*) ;; *) set -- "$@" -- tkt-mailin --quiet ;; esac
	ends=$(/usr/bin/python3 "$root/tests/e2e/storm.py" . "$@")
	echo "$*: $ends"
}

# ended_as WORD...: no attempt ended otherwise
ended_as() {
	same "$(jq -r 'keys[]' <<<"$ends" | grep -vxF "$(printf '%s\n' "$@")")" ''
}

# ended WORD: how many attempts ended so
ended() {
	jq --arg word "$1" '.[$word] // 0' <<<"$ends"
}

query() {
	/usr/bin/python3 -c '
import sqlite3, sys
for row in sqlite3.connect("file:" + sys.argv[1] + "/tkt.db?mode=ro", uri=True).execute(sys.argv[2]):
    print(*row, sep="\t")' "$TKT_DESK" "$1"
}

# fates FATE...: the letters of these
fates() {
	local fate
	for fate; do jq -c --arg fate "$fate" 'select(.fate == $fate)' ledger; done
}

# all_is_well COUNT: of that many letters
all_is_well() {
	local count=$1
	tkt-log --mail >ledger
	same "$(cat queue)" '[]'
	same "$(query 'PRAGMA integrity_check')" ok
	same "$(query 'PRAGMA foreign_key_check')" ''
	# each letter once, its repetitions aside; the ledger adds up
	same "$(jq -r 'select(.fate != "duplicate") | .recipient' ledger | sort)" \
		"$(seq -f 'support+l%g@example.org' 0 $((count - 1)) | sort)"
	same "$(fates opened appended bounce automatic duplicate quarantined refused | wc -l)" "$(wc -l <ledger)"
	same "$(jq .number ledger)" "$(seq "$(wc -l <ledger)")"
	same "$(fates refused | wc -l)" $(((count + 481) / 500))
	# one message for each that has one, of one ticket each, and no ticket of nothing
	fates opened appended bounce automatic | jq -r 'select(.message).message' | sort -n >messages
	same "$(cat messages)" "$(query "SELECT number FROM message WHERE direction = 'in' ORDER BY number")"
	same "$(sort -u messages | wc -l)" "$(wc -l <messages)"
	same "$(fates opened | jq -r .ticket | sort -V)" "$(tkt-list --all -o id | sort -V)"
	same "$(query 'SELECT number FROM message WHERE ticket NOT IN (SELECT number FROM ticket)')" ''
	# one acknowledgement for each ticket that a person opened, and no other
	same "$(fates opened | jq -r 'select(.unanswered == null).ticket' | sort -V)" "$(tkt-mailout --list -o ticket | sort -V)"
	# the log is whole, and the tickets follow from it
	tkt-log >log
	same "$(jq .seq log)" "$(seq "$(wc -l <log)")"
	tkt-init --quiet -D replayed
	cp "$TKT_DESK/desk.conf" replayed
	tkt-apply --replay --quiet -D replayed <log >replay
	tkt-list --all | cmp - <(tkt-list --all -D replayed)
	# so are all contents, those in files too
	tkt-backup --quiet copy
	tkt-backup --verify --quiet copy
}

@test "64 writers, 5,000 letters, SIGKILL at random: each is one message in the end" {
	count=5000
	[ -z "${ASAN_OPTIONS-}" ] || count=300
	storm "$count" kill=20 again=5
	ended_as 0 75 killed # 75: SQLite may let one of 64 wait for too long
	[ "$(ended killed)" -gt $((count / 20)) ]
	all_is_well "$count"
	# a brake counts no letter twice
	flood=$(((count + 6) / 12))
	same "$(fates quarantined | wc -l)" $((flood > 300 ? flood - 300 : 0))
}

# full_disk SIZE LINE...: the desk, with these lines, on a disk of that size, until there is room
full_disk() {
	mount -t tmpfs -o size="$1" none "$TKT_DESK"
	tkt-init --quiet
	settings "${@:2}"
	storm 400 once kill=10 -- tkt-deliver --quiet
	ended_as 0 75 killed
	[ "$(ended 0)" -gt 0 ]
	[ "$(ended 75)" -gt 0 ]
	mount -o remount,size=500m "$TKT_DESK"
	storm 400 again=5
	ended_as 0 75
	all_is_well 400
}

# on_small_disk SIZE LINE...: with mounts of its own, which end with it
on_small_disk() {
	export root
	unshare -m --propagation private mount -t tmpfs none "$TKT_DESK" 2>/dev/null || skip 'no file system may be mounted'
	unshare -m --propagation private bash -euo pipefail -c \
		"$(declare -f same conf settings storm ended_as ended query fates all_is_well full_disk); full_disk \"\$@\"" - "$@"
}

@test "a disk that fills up: letters wait outside, and each is one message once there is room" {
	on_small_disk 6m 'min_free = 0'
}

@test "less room than min_free: the same" {
	on_small_disk 19m 'min_free = "16M"'
}

@test "the database locked for longer than busy_timeout: the same" {
	settings 'busy_timeout = "1s"'
	mkfifo held release
	/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/tkt.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("held", "w").close()
open("release").close()' "$TKT_DESK" 3>&- &
	holder=$!
	: <held
	storm 100 once
	same "$ends" '{"75": 100}'
	: >release
	wait
	storm 100 again=5
	all_is_well 100
}
