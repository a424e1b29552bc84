#!/usr/bin/env bats
# tkt-init: a desk from a profile; upgrade; arming.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset TKT_DESK
}

# tree DIR: modes and names.
tree() {
	(cd "$1" && find . -printf '%m %y %p\n' | sort -k3)
}

sql() {
	sqlite3 "$1/tkt.db" "$2"
}

# shape DIR: the tables with their columns and the indexes of its database.
shape() {
	sql "$1" "SELECT m.name, m.type, c.name, c.type FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c
		ORDER BY 1, 3"
	sql "$1" "SELECT sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"
}

default_tree='2770 d .
2770 d ./blobs
2770 d ./calendars
660 f ./desk.conf
2770 d ./keys
640 f ./keys/token
660 f ./sweep
2770 d ./templates
660 f ./tkt.db
660 f ./writer.lock'

@test "a new desk says nothing, belongs to its group, whatever the umask is" {
	umask 077
	run -0 --separate-stderr tkt-init new
	same "$output$stderr" ""
	same "$(tree new)" "$default_tree"
	cmp new/desk.conf "$TKT_DATADIR/desks/default/desk.conf"
	run -0 --separate-stderr tkt-lint new
	same "$output$stderr" ""
}

@test "the operand, --desk, TKT_DESK, the current folder: in this order" {
	TKT_DESK=third tkt-init -D second first
	TKT_DESK=third tkt-init -D second
	TKT_DESK=third tkt-init
	mkdir fourth
	(cd fourth && tkt-init)
	for name in first second third fourth; do
		same "$(tree "$name")" "$default_tree"
	done
}

@test "each desk has a mark of its own, and is armed for its place" {
	tkt-init one
	tkt-init two
	[[ $(sql one "SELECT value FROM desk_value WHERE name = 'mark'") =~ ^[0-9a-f]{32}$ ]]
	[ "$(sql one "SELECT value FROM desk_value WHERE name = 'mark'")" != "$(sql two "SELECT value FROM desk_value WHERE name = 'mark'")" ]
	same "$(sql one "SELECT value FROM desk_value WHERE name = 'armed'")" "$(uname -n) $PWD/one $(stat -c %i one/tkt.db)"
}

@test "each desk has a key of its own for signed addresses, for its group alone" {
	tkt-init one
	tkt-init two
	same "$(stat -c %a one/keys/token)" 640
	[[ $(<one/keys/token) =~ ^[0-9a-f]{64}$ ]]
	[ "$(<one/keys/token)" != "$(<two/keys/token)" ]
}

@test "a desk.conf that is there stays" {
	mkdir -m 755 own
	echo 'ticket_prefix = "HELP"' >own/desk.conf
	run -0 --separate-stderr tkt-init own
	same "$(<own/desk.conf)" 'ticket_prefix = "HELP"'
	same "$(tkt-new -D own -s x -o id </dev/null)" HELP-1
	same "$(stat -c %a own)" 2770
}

@test "an empty desk.conf is a desk" {
	mkdir own
	: >own/desk.conf
	tkt-init own
	same "$(tkt-new -D own -s 'Printer' -o id,status,queue <<<'It is silent.')" $'TKT-1\tnew\tsupport'
	same "$(tkt-set -D own 1 status=closed -o id,status,closed_at)" $'TKT-1\tclosed\t2026-03-02T09:00:00Z'
}

@test "--profile copies the files of another one, not the hidden ones" {
	mkdir -p data/desks/shop
	echo 'ticket_prefix = "SHOP"' >data/desks/shop/desk.conf
	echo 'kept' >data/desks/shop/policy.conf
	echo 'not kept' >data/desks/shop/.hidden
	export TKT_DATADIR=$PWD/data
	run -0 --separate-stderr tkt-init --profile shop desk
	same "$output$stderr" ""
	same "$(cd desk && ls -A)" "$(printf '%s\n' blobs calendars desk.conf keys policy.conf sweep templates tkt.db writer.lock)"
	same "$(<desk/desk.conf)" 'ticket_prefix = "SHOP"'
}

@test "a profile that is not there: nothing is made" {
	for name in nothing ../desks/default . .. ''; do
		run -64 --separate-stderr tkt-init -p "$name" desk
		same "$output" ""
		same "$stderr" "tkt-init: there is no profile '$name' in '$TKT_DATADIR/desks'"
		[ ! -e desk ]
	done
}

@test "a desk is not made twice" {
	tkt-init desk
	tkt-new -D desk --quiet -s 'Printer' <<<'It is silent.'
	before=$(sql desk .dump)
	run -65 --separate-stderr tkt-init desk
	same "$output" ""
	same "$stderr" "tkt-init: 'desk' is a desk already"
	same "$(sql desk .dump)" "$before"
}

@test "a broken desk.conf, and again after its repair" {
	mkdir desk
	echo 'queue = "a b"' >desk/desk.conf
	run -78 --separate-stderr tkt-init desk
	same "$stderr" "tkt-init: desk.conf:1: 'a b' is no name: letters, digits, '_', '-' and '.'"
	[ ! -e desk/tkt.db ]
	echo 'queue = "a"' >desk/desk.conf
	run -0 --separate-stderr tkt-init desk
	same "$(tkt-new -D desk -s x -o queue </dev/null)" a
}

@test "bad use" {
	run -64 --separate-stderr tkt-init one two
	same "$stderr" "tkt-init: give one folder"
	run -64 --separate-stderr tkt-init --upgrade --arm one
	same "$stderr" "tkt-init: give either --upgrade or --arm"
	[ ! -e one ]
}

@test "the folder above is missing, or is a file, or may not be written" {
	run -66 --separate-stderr tkt-init no/desk
	same "$stderr" "tkt-init: cannot make 'no/desk': No such file or directory"
	: >file
	run -66 --separate-stderr tkt-init file/desk
	same "$stderr" "tkt-init: cannot make 'file/desk': Not a directory"
	run -66 --separate-stderr tkt-init file
	same "$stderr" "tkt-init: cannot make 'file/blobs': Not a directory"
	mkdir -m 500 closed
	local drop=() # root may write anywhere unless it gives that up
	[ "$(id -u)" -ne 0 ] || drop=(setpriv --bounding-set -dac_override)
	run -77 --separate-stderr "${drop[@]}" tkt-init closed/desk
	same "$stderr" "tkt-init: cannot make 'closed/desk': Permission denied"
}

@test "the disk is full: nothing of a database stays, and the next try makes it" {
	mkdir small
	mount -t tmpfs -o size=64k none small || skip 'no file system may be mounted'
	mounted=$PWD/small
	run -75 --separate-stderr tkt-init small/desk
	same "$output" ""
	same "$stderr" "tkt-init: the disk is full: 'small/desk/tkt.db' could not be written; make room and try again"
	[ ! -e small/desk/tkt.db ]
	mount -o remount,size=4m small
	run -0 --separate-stderr tkt-init small/desk
	same "$output$stderr" ""
}

teardown() {
	[ -z "${mounted-}" ] || umount "$mounted"
}

@test "--upgrade: a desk that is up to date, a newer one, none" {
	tkt-init desk
	run -0 --separate-stderr tkt-init --upgrade desk
	same "$output$stderr" ""
	sql desk 'PRAGMA user_version = 1000'
	run -78 --separate-stderr tkt-init --upgrade desk
	same "$stderr" "tkt-init: the desk 'desk' is of a newer version of tkt than this program"
	same "$(sql desk 'PRAGMA user_version')" 1000
	run -66 --separate-stderr tkt-init --upgrade nowhere
	same "$stderr" "tkt-init: there is no desk 'nowhere'; tkt-init makes one"
	mkdir other
	echo 'no database' >other/tkt.db
	run -65 --separate-stderr tkt-init --upgrade other
	same "$stderr" "tkt-init: 'other/tkt.db' is not a database of tkt"
}

@test "--upgrade: a desk of version 1 is refused before it and works after it" {
	tkt-init --quiet desk
	rm desk/tkt.db
	sqlite3 desk/tkt.db <"$root/tests/cli/schema-1.sql" >/dev/null
	run -78 --separate-stderr tkt-list -D desk
	same "$stderr" "tkt-list: 'desk/tkt.db' is of an older version of tkt; run 'tkt-init --upgrade'"
	run -78 --separate-stderr tkt-new -D desk -s second <<<'text'
	same "$(sql desk 'PRAGMA user_version')" 1
	run -0 --separate-stderr tkt-init --upgrade desk
	same "$output" ""
	same "$stderr" "tkt-init: 'desk': schema 1 is now schema 4"
	tkt-init --quiet new
	same "$(shape desk)" "$(shape new)"
	run -0 --separate-stderr tkt-init --upgrade desk
	same "$output$stderr" ""

	same "$(tkt-set -D desk -o id,status,tags TKT-1 status=open tags+=upgraded)" $'TKT-1\topen\told,upgraded'
	same "$(tkt-new -D desk -s second -o id <<<'text')" TKT-2
	same "$(tkt-list -D desk -o id,subject 'tags=old or subject ~ second')" $'TKT-1\tFrom version 1\nTKT-2\tsecond'
	tkt-init --quiet again
	tkt-log -D desk | tkt-apply -D again --replay >/dev/null
	same "$(tkt-list -D again --all)" "$(tkt-list -D desk --all)"
}

@test "--upgrade: a desk of version 3 keeps its tickets, its open questions and its log" {
	tkt-init --quiet desk
	rm desk/tkt.db
	: >desk/desk.conf
	sqlite3 desk/tkt.db <"$root/tests/cli/schema-3.sql" >/dev/null
	run -78 --separate-stderr tkt-list -D desk
	same "$stderr" "tkt-list: 'desk/tkt.db' is of an older version of tkt; run 'tkt-init --upgrade'"
	run -0 --separate-stderr tkt-init --upgrade desk
	same "$output" ""
	same "$stderr" "tkt-init: 'desk': schema 3 is now schema 4"
	tkt-init --quiet new
	same "$(shape desk)" "$(shape new)"

	same "$(tkt-list -D desk -o id,subject,assignee,entitlement 'questions > 0')" $'TKT-1\tFrom version 3\tivanova\t'
	same "$(tkt-set -D desk -o id,entitlement,lacks TKT-1 entitlement=expired lacks+=description)" $'TKT-1\texpired\tdescription'
	tkt-apply -D desk --quiet <<-'END'
		{"type":"change","ticket":"TKT-1","questions":[{"key":"browser","answered_at":"2026-03-02T09:00:00Z","answer":"none"}]}
	END
	same "$(sql desk 'SELECT key, text, answer, kind FROM question')" 'browser|Which browser?|none|'
	tkt-init --quiet again
	tkt-log -D desk | tkt-apply -D again --replay >/dev/null
	same "$(tkt-list -D again --all)" "$(tkt-list -D desk --all)"
	same "$(sql again 'SELECT key, text, answer, kind FROM question')" 'browser|Which browser?|none|'
}

@test "--arm: a desk at its place keeps its numbers; a copy leaves some out" {
	tkt-init desk
	tkt-new -D desk --quiet -s first <<<'text'
	run -0 --separate-stderr tkt-init --arm desk
	same "$output$stderr" ""
	same "$(tkt-new -D desk -s second -o id <<<'text')" TKT-2
	cp -R desk copy
	run -0 --separate-stderr tkt-init --arm copy
	same "$output$stderr" ""
	same "$(tkt-new -D copy -s third -o id <<<'text')" TKT-1003
	tkt-init --arm copy
	same "$(tkt-new -D copy -s fourth -o id <<<'text')" TKT-1004
	same "$(sql copy 'SELECT number FROM message' | xargs)" '1 2 1003 1004'
	same "$(sql copy "SELECT value FROM desk_value WHERE name = 'armed'")" "$(uname -n) $PWD/copy $(stat -c %i copy/tkt.db)"
	same "$(tkt-new -D desk -s third -o id <<<'text')" TKT-3
	run -66 --separate-stderr tkt-init --arm nowhere
	same "$stderr" "tkt-init: cannot read the desk 'nowhere': No such file or directory"
}
