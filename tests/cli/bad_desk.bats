#!/usr/bin/env bats
# What writers say at a desk that is missing, broken, locked or full. Each leaves everything as it was.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<-'END'
		ticket_prefix = "SUP"
		busy_timeout = "1s"
	END
	tkt-new --quiet -s 'Printer' <<<'It is silent.'
}

# each_writer STATUS SENTENCE: what tkt-new, tkt-set and tkt-apply end with; $tool stands for the name.
each_writer() {
	local tool wanted
	for tool in tkt-new tkt-set tkt-apply; do
		wanted=${2//TOOL/$tool}
		case $tool in
		tkt-new) run "-$1" --separate-stderr "${before[@]}" tkt-new -s 'Another' </dev/null ;;
		tkt-set) run "-$1" --separate-stderr "${before[@]}" tkt-set 1 priority=high </dev/null ;;
		tkt-apply) run "-$1" --separate-stderr "${before[@]}" tkt-apply <<<'{"type":"change","ticket":"SUP-1","set":{"priority":"high"}}' ;;
		esac
		same "$output" ""
		same "$stderr" "$wanted"
	done
}

# rows: how many tickets and events there are.
rows() {
	sqlite3 "$TKT_DESK/tkt.db" 'SELECT (SELECT count(*) FROM ticket), (SELECT count(*) FROM event)'
}

@test "no desk is named" {
	unset TKT_DESK
	cd "$BATS_TEST_TMPDIR"
	each_writer 66 'TOOL: no desk is named and the current folder is none; give --desk DIR or set TKT_DESK'
}

@test "the current folder is the desk" {
	cd "$TKT_DESK"
	unset TKT_DESK
	run -0 --separate-stderr tkt-set 1 priority=high -o id,priority
	same "$output" $'SUP-1\thigh'
}

@test "the desk is missing" {
	TKT_DESK=$BATS_TEST_TMPDIR/nowhere
	each_writer 66 "TOOL: cannot read the desk '$TKT_DESK': No such file or directory"
	[ ! -e "$TKT_DESK" ]
}

@test "the database is missing" {
	rm "$TKT_DESK"/tkt.db*
	each_writer 66 "TOOL: there is no '$TKT_DESK/tkt.db'; tkt-init makes a desk"
	[ ! -e "$TKT_DESK/tkt.db" ]
}

@test "desk.conf may not be read" {
	chmod 755 "$BATS_TEST_TMPDIR" "$TKT_DESK"
	chmod 600 "$TKT_DESK/desk.conf"
	as_nobody
	each_writer 77 "TOOL: cannot read '$TKT_DESK/desk.conf': Permission denied"
}

@test "the database may not be written" {
	chmod 755 "$BATS_TEST_TMPDIR" "$TKT_DESK"
	chmod 644 "$TKT_DESK"/*
	as_nobody
	each_writer 77 "TOOL: no permission to write '$TKT_DESK/tkt.db'; who writes belongs to the desk's group"
	same "$(rows)" '1|1'
}

# as_nobody: `before` runs a command as a user without rights.
as_nobody() {
	local folder=$BATS_TEST_TMPDIR
	[ "$(id -u)" -eq 0 ] || { before=() && return; }
	before=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	command -v setpriv >/dev/null || skip 'no setpriv'
	while [ "$folder" != / ]; do
		"${before[@]}" test -x "$folder" || chmod o+x "$folder"
		folder=${folder%/*}
		[ -n "$folder" ] || folder=/
	done
	"${before[@]}" tkt-new --version >/dev/null || skip 'the tools may not be run by nobody'
}

@test "desk.conf is broken: file and line are named" {
	conf <<<$'name = "Support"\nqueue = "a b"'
	each_writer 78 "TOOL: desk.conf:2: 'a b' is no name: letters, digits, '_', '-' and '.'"
}

@test "tkt.db is no database" {
	rm "$TKT_DESK"/tkt.db*
	printf 'no database\n%.0s' {1..100} >"$TKT_DESK/tkt.db"
	each_writer 65 "TOOL: '$TKT_DESK/tkt.db' is not a database of tkt"
}

@test "tkt.db is a database of something else" {
	rm "$TKT_DESK"/tkt.db*
	sqlite3 "$TKT_DESK/tkt.db" 'CREATE TABLE ticket(number INTEGER)'
	each_writer 65 "TOOL: '$TKT_DESK/tkt.db' is not a database of tkt"
}

@test "the schema is newer than the program" {
	sqlite3 "$TKT_DESK/tkt.db" 'PRAGMA user_version = 1000'
	each_writer 78 "TOOL: '$TKT_DESK/tkt.db' is of a newer version of tkt than this program"
}

@test "the schema is older: the command to run is named" {
	sqlite3 "$TKT_DESK/tkt.db" 'PRAGMA user_version = 0'
	each_writer 78 "TOOL: '$TKT_DESK/tkt.db' is of an older version of tkt; run 'tkt-init --upgrade'"
}

@test "the desk is on a network file system" {
	cat >"$BATS_TEST_TMPDIR/network.c" <<-'END'
		#include <string.h>
		#include <sys/vfs.h>
		int statfs(const char *path, struct statfs *system)
		{
			(void)path;
			memset(system, 0, sizeof(*system));
			system->f_type = 0x6969;
			return 0;
		}
		int statfs64(const char *path, struct statfs *system) __attribute__((alias("statfs")));
	END
	"${CC:-cc}" -shared -fPIC -w -o "$BATS_TEST_TMPDIR/network.so" "$BATS_TEST_TMPDIR/network.c"
	before=(env LD_PRELOAD="$BATS_TEST_TMPDIR/network.so" ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0")
	each_writer 78 "TOOL: the desk '$TKT_DESK' is on a network file system (NFS), whose locks would lose tickets; put it on a disk of this machine"
}

@test "another writer does not come to an end" {
	exec {lock}>>"$TKT_DESK/writer.lock"
	flock "$lock"
	each_writer 75 "TOOL: '$TKT_DESK/tkt.db' is locked: other programs wrote for 1 second; try again"
	exec {lock}>&-
	same "$(rows)" '1|1'
	run -0 --separate-stderr tkt-set 1 priority=high -o priority
	same "$output" high
}

@test "a program that knows no queue holds the database" {
	coproc sqlite3 "$TKT_DESK/tkt.db"
	printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&"${COPROC[1]}"
	read -r _ <&"${COPROC[0]}"
	each_writer 75 "TOOL: '$TKT_DESK/tkt.db' is locked by another program; try again"
	kill "$COPROC_PID"
	wait "$COPROC_PID" || true
	same "$(rows)" '1|1'
}

@test "the disk of the desk is full" {
	mkdir "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o size=600k none "$BATS_TEST_TMPDIR/small" || skip 'no file system may be mounted'
	mounted=$BATS_TEST_TMPDIR/small
	desk "$mounted/desk"
	tkt-new --quiet -s 'Printer' <<<'It is silent.'
	head -c 4M /dev/zero >"$mounted/fill" 2>/dev/null || true
	head -c 200000 /dev/urandom | base64 >"$BATS_TEST_TMPDIR/text"
	run -75 --separate-stderr tkt-new -s 'Another' <"$BATS_TEST_TMPDIR/text"
	same "$output" ""
	same "$stderr" "tkt-new: the disk is full: '$TKT_DESK/tkt.db' could not be written; make room and try again"
	rm "$mounted/fill"
	same "$(rows)" '1|1'
	run -0 --separate-stderr tkt-set 1 priority=high -o priority
	same "$output" high
}

teardown() {
	[ -z "${mounted-}" ] || umount "$mounted"
}

@test "a full disk behind standard output: what was done stays done" {
	for command in 'tkt-new -s Another' 'tkt-set 1 priority=high' 'tkt-apply'; do
		status=0
		$command <<<'{"type":"change","ticket":"SUP-1","set":{"priority":"low"}}' >/dev/full 2>errors || status=$?
		same "$status $(<errors)" "74 ${command%% *}: cannot write standard output: No space left on device"
	done
	same "$(rows)" '2|4'
	same "$(tkt-set 1 -n status=open -o id,priority)" $'SUP-1\tlow'
}

@test "the reader has left: writers finish quietly" {
	exec {pipe}> >(:)
	wait $!
	for ((i = 0; i < 50; i++)); do echo '{"type":"change","set":{"subject":"one of many"}}'; done | tkt-apply 1>&"$pipe" 2>errors
	exec {pipe}>&-
	same "$(<errors)" ""
	same "$(rows)" '51|51'
}
