#!/usr/bin/env bats
# tkt-backup: a copy of a desk that is whole, and says so.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<-'END'
		ticket_prefix = "SUP"
		transport "maildir" { path = "outbox" }
	END
}

teardown() {
	[ -z "${mounted-}" ] || umount "$mounted"
}

# stock: two tickets from mail, one with contents that are a file; two acknowledgements wait.
stock() {
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	mail bob@example.com 'Log in' 'My password is refused.' | tkt-mailin
	yes 'a line of a long log' | head -c 300000 >big.log
	tkt-new --quiet -s 'Log' -a big.log -r eve@example.com <<<'See there.'
	blob=$(sha256sum <big.log)
	blob=${blob%% *}
	file=blobs/${blob::2}/$blob
}

sql() {
	sqlite3 "$1/tkt.db" "$2"
}

# files DIR: each with its mode.
files() {
	(cd "$1" && find . -mindepth 1 -printf '%m %P\n' | sort -k 2)
}

@test "a backup is a desk by itself, and sha256sum agrees" {
	stock
	echo 'kept' >"$TKT_DESK/templates/ack.en"
	echo 'not kept' >"$TKT_DESK/.hidden"
	echo 'secret' >"$TKT_DESK/keys/smtp"
	touch -d 2026-03-01T08:00:00Z "$TKT_DESK/sweep"
	umask 077
	run -0 --separate-stderr tkt-backup b
	same "$stderr" ""
	same "$(jq -c 'del(.bytes)' <<<"$output")" '{"type":"backup","path":"b","at":"2026-03-02T09:00:00Z","has_keys":false,"tickets":3,"messages":5,"letters":2,"events":5,"unsent":2,"contents":3,"files":4,"damaged":0}'
	same "$(valid - <<<"$output")" ""
	same "$(files b)" "660 SHA256SUMS
2770 blobs
2770 ${file%/*}
660 $file
2770 calendars
660 desk.conf
2770 keys
660 sweep
2770 templates
660 templates/ack.en
660 tkt.db"
	same "$(stat -c %a b)" 2770
	same "$(stat -c %Y b/sweep)" "$(date -d 2026-03-01T08:00:00Z +%s)"
	same "$(cd b && sha256sum -c SHA256SUMS | sort)" "$file: OK
desk.conf: OK
templates/ack.en: OK
tkt.db: OK"
	same "$(jq .bytes <<<"$output")" "$(cd b && cat "$file" desk.conf templates/ack.en tkt.db | wc -c)"
	[ ! -e b.partial ]
	cmp <(tkt-list -D b --all) <(tkt-list --all)
	cmp <(tkt-log -D b) <(tkt-log)
}

@test "--keys backs up the secrets" {
	echo 'secret' >"$TKT_DESK/keys/smtp"
	same "$(tkt-backup --keys -o has_keys b)" true
	same "$(<b/keys/smtp)" secret
	same "$(stat -c %a b/keys/smtp)" 640
	grep -qx "$(sha256sum <"$TKT_DESK/keys/smtp" | cut -c 1-64)  keys/smtp" b/SHA256SUMS
	same "$(tkt-backup -V -o has_keys b)" true
}

@test "a restored desk takes mail, but sends none until it is armed; armed, it skips numbers" {
	stock
	tkt-backup --quiet b
	mv "$TKT_DESK" lost
	cp -a b "$TKT_DESK"
	same "$(sql "$TKT_DESK" "SELECT value FROM desk_value WHERE name = 'armed'")" \
		"backup of $(sql lost "SELECT value FROM desk_value WHERE name = 'armed'")"
	run -78 --separate-stderr tkt-mailout
	same "$output" ""
	same "$stderr" "tkt-mailout: this desk is a copy, armed elsewhere ('$(sql "$TKT_DESK" "SELECT value FROM desk_value WHERE name = 'armed'")'), and sends no mail; run tkt-init --arm if it is to take over"
	same "$(tkt-mailout --list -o number,ticket,state)" $'1\tSUP-1\tqueued\n2\tSUP-2\tqueued'
	same "$(tkt-mailout --cancel 1 -o number,state)" $'1\tcancelled'
	mail carol@example.com 'Invoice' 'Please.' | tkt-mailin
	run -0 --separate-stderr tkt-init --arm "$TKT_DESK"
	same "$output" ""
	same "$stderr" "tkt-init: 2 mails wait and will be sent from here; if the original may have sent them, see tkt-mailout --list and --cancel"
	[ ! -e "$TKT_DESK/SHA256SUMS" ]
	same "$(tkt-new -s next -o id </dev/null)" SUP-1005
	same "$(tkt-mailout -o number,state)" $'2\tsent\n3\tsent'
	run -0 --separate-stderr tkt-init --arm "$TKT_DESK"
	same "$output$stderr" ""
	same "$(tkt-new -s next -o id </dev/null)" SUP-1006
}

@test "a backup of a restored desk, and of a backup" {
	stock
	tkt-backup --quiet one
	tkt-backup --quiet -D one two
	same "$(sql two "SELECT value FROM desk_value WHERE name = 'armed'")" "$(sql one "SELECT value FROM desk_value WHERE name = 'armed'")"
	cmp <(tkt-list -D two --all) <(tkt-list --all)
}

@test "desk.conf with its includes, those from elsewhere too" {
	mkdir "$TKT_DESK/conf.d"
	echo 'queue = "first"' >"$TKT_DESK/conf.d/queue.conf"
	echo 'languages = {"en"}' >common.conf
	printf '%s\n' 'include("conf.d/queue.conf")' "include(\"$PWD/common.conf\")" >"$TKT_DESK/desk.conf"
	run -0 --separate-stderr tkt-backup --quiet b
	same "$output" ""
	same "$stderr" "tkt-backup: '$PWD/common.conf', which desk.conf includes, is not in the desk; the backup has it as 'outside$PWD/common.conf'"
	cmp b/conf.d/queue.conf "$TKT_DESK/conf.d/queue.conf"
	cmp "b/outside$PWD/common.conf" common.conf
	same "$(tkt-new -D b -s x -o queue </dev/null)" first
}

@test "a desk.conf with errors is backed up, and said" {
	printf '%s\n' 'queue = "a b"' 'include("nowhere.conf")' >"$TKT_DESK/desk.conf"
	run -0 --separate-stderr tkt-backup --quiet b
	same "$stderr" "tkt-backup: desk.conf has errors, see tkt-lint: files that it is to include may be missing in the backup"
	cmp b/desk.conf "$TKT_DESK/desk.conf"
}

# refused STATUS TARGET MESSAGE: and nothing is made.
refused() {
	run "-$1" --separate-stderr tkt-backup "$2"
	same "$output" ""
	same "$stderr" "tkt-backup: $3"
}

@test "where a backup cannot be" {
	refused 64 "$TKT_DESK" "'$TKT_DESK' is inside the desk; a backup belongs elsewhere, best on another disk"
	refused 64 "$TKT_DESK/backups" "'$TKT_DESK/backups' is inside the desk; a backup belongs elsewhere, best on another disk"
	ln -s "$TKT_DESK" link
	refused 64 link/backups "'link/backups' is inside the desk; a backup belongs elsewhere, best on another disk"
	echo kept >file
	refused 65 file "'file' is there already; give the name of a new folder, such as one with a date"
	mkdir full
	echo kept >full/file
	refused 65 full "'full' is there already; give the name of a new folder, such as one with a date"
	refused 66 no/where "cannot make 'no/where': No such file or directory"
	refused 66 file/b "cannot make 'file/b': Not a directory"
	refused 66 '' "cannot make '': No such file or directory"
	ln -s nowhere dangling
	refused 65 dangling "'dangling' is there already; give the name of a new folder, such as one with a date"
	same "$(ls -d [!s]*)" "$(printf '%s\n' dangling desk file full link)"
	same "$(<file) $(<full/file)" 'kept kept'
}

@test "an empty folder becomes the backup" {
	mkdir empty
	run -0 --separate-stderr tkt-backup -o path,tickets empty///
	same "$output" $'empty///\t0'
	same "$(tkt-backup -V -o damaged empty)" 0
}

@test "bad use" {
	run -64 --separate-stderr tkt-backup
	same "$stderr" "tkt-backup: give one folder, which the backup is to be"
	run -64 --separate-stderr tkt-backup a b
	same "$stderr" "tkt-backup: give one folder, which the backup is to be"
	run -64 --separate-stderr tkt-backup --keys --verify
	same "$stderr" "tkt-backup: give either --keys or --verify"
	run -64 --separate-stderr tkt-backup -o colour b
	same "$stderr" "tkt-backup: there is no field 'colour'"
	run -64 --separate-stderr tkt-backup $'b\xff'
	[[ $stderr = "tkt-backup: the name 'b"*"' is not UTF-8" ]]
	run -66 --separate-stderr tkt-backup -D nowhere b
	same "$stderr" "tkt-backup: there is no desk 'nowhere'; tkt-init makes one"
	same "$(ls -d [!s]*)" desk
}

@test "what a run that was killed has left is replaced; what is not ours stays" {
	mkdir -p b.partial/blobs
	touch b.partial/UNFINISHED b.partial/blobs/old
	tkt-backup --quiet b
	[ ! -e b/blobs/old ] && [ ! -e b.partial ]
	mkdir c.partial e.partial
	touch e.partial/SHA256SUMS
	tkt-backup --quiet c
	tkt-backup --quiet e
	[ ! -e e.partial ]
	mkdir d.partial
	echo kept >d.partial/letter
	refused 65 d "'$PWD/d.partial' is in the way, and not of tkt-backup"
	same "$(<d.partial/letter)" kept
	[ ! -e d ]
}

@test "two of the same name at once: one of them says so" {
	mkdir b.partial
	touch b.partial/UNFINISHED
	exec {held}<b.partial
	flock "$held"
	refused 75 b "another tkt-backup makes '$PWD/b'"
	[ -e b.partial/UNFINISHED ]
	exec {held}<&-
	tkt-backup --quiet b
}

@test "contents that are damaged or gone are named, the rest is backed up" {
	stock
	head -c 300000 /dev/zero >more.log
	tkt-new --quiet -s 'More' -a more.log </dev/null
	printf x | dd of="$TKT_DESK/$file" bs=1 seek=1000 conv=notrunc status=none
	gone=$(sha256sum <more.log | cut -c 1-64)
	rm "$TKT_DESK/blobs/${gone::2}/$gone"
	run -65 --separate-stderr tkt-backup -o tickets,contents,files,damaged b
	same "$output" $'4\t4\t2\t2'
	same "$stderr" "tkt-backup: the stored contents '$blob' are damaged; restore them from a backup
tkt-backup: the stored contents '$gone' are missing; restore them from a backup"
	cmp "b/$file" "$TKT_DESK/$file"
	same "$(tkt-list -D b --count)" 4
	run -65 --separate-stderr tkt-backup -V -o damaged b
	same "$output" 2
	run -65 --separate-stderr tkt-backup -V -o damaged
	same "$output" 2
	cp big.log "$TKT_DESK/$file"
	same "$(tkt-backup -o damaged c 2>/dev/null)" 1
}

@test "contents in the database that are damaged are named" {
	stock
	sql "$TKT_DESK" "UPDATE blob SET bytes = x'00112233' WHERE codec = 1 AND rowid = (SELECT min(rowid) FROM blob WHERE codec = 1)"
	bad=$(sql "$TKT_DESK" "SELECT lower(hex(sha256)) FROM blob WHERE bytes = x'00112233'")
	run -65 --separate-stderr tkt-backup -o damaged b
	same "$output" 1
	same "$stderr" "tkt-backup: the stored contents '$bad' are damaged; restore them from a backup"
}

@test "a row of something that is not there is said" {
	stock
	sql "$TKT_DESK" "UPDATE message SET ticket = 77 WHERE number = 2"
	run -65 --separate-stderr tkt-backup -o damaged b
	same "$output" 1
	same "$stderr" "tkt-backup: the database of '$TKT_DESK' is damaged: row 'message 2' is of something that is not there"
}

@test "of a damaged database no backup is made" {
	stock
	sql "$TKT_DESK" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	page=$(sql "$TKT_DESK" "SELECT rootpage FROM sqlite_schema WHERE name = 'message_ticket'")
	head -c 4096 /dev/urandom | dd of="$TKT_DESK/tkt.db" bs=4096 seek=$((page - 1)) conv=notrunc status=none
	run -65 --separate-stderr tkt-backup b
	same "$output" ""
	[[ $stderr = "tkt-backup: no backup was made: the database of '$TKT_DESK' is damaged: "* ]] ||
		same "$stderr" "tkt-backup: '$TKT_DESK/tkt.db' is damaged; copy the desk's folder, then restore a backup or see what '.recover' of sqlite3 saves"
	[ ! -e b ] && [ ! -e b.partial ]
}

@test "--verify finds a byte that has changed, in any file" {
	stock
	echo 'text' >"$TKT_DESK/templates/ack.en"
	tkt-backup --quiet b
	for changed in tkt.db desk.conf templates/ack.en; do
		rm -rf c
		cp -a b c
		size=$(stat -c %s "c/$changed")
		[ $changed != tkt.db ] || size=$(grep -abo 'silent' c/tkt.db | head -n 1 | cut -d: -f1)
		printf '#' | dd of="c/$changed" bs=1 seek=$((size - 1)) conv=notrunc status=none
		run -65 --separate-stderr tkt-backup --verify -o damaged c
		same "$output" 1
		same "$stderr" "tkt-backup: 'c/$changed' is not as it was when the backup was made"
	done
	rm c/desk.conf
	run -65 --separate-stderr tkt-backup --verify -o damaged b c b
	same "$output" $'0\n2\n0'
	same "$stderr" "tkt-backup: 'c/templates/ack.en' is not as it was when the backup was made
tkt-backup: cannot open 'c/desk.conf': No such file or directory"
}

@test "--verify leaves a backup as it is, and a desk" {
	stock
	tkt-backup --quiet b
	before=$(files b && tar -C b -c . | sha256sum)
	tkt-backup --verify --quiet b
	same "$(files b && tar -C b -c . | sha256sum)" "$before"
	same "$(tkt-backup --verify -o path,tickets,unsent,contents,files,damaged)" "$TKT_DESK"$'\t3\t2\t3\t2\t0'
}

@test "--verify of what is none" {
	mkdir none half
	touch half/UNFINISHED
	cp -a "$TKT_DESK" other
	printf 'no sum\n' >other/SHA256SUMS
	cp -a "$TKT_DESK" hostile
	printf '%064d  ../../etc/passwd\n' 0 >hostile/SHA256SUMS
	run -66 --separate-stderr tkt-backup -V nowhere none half other hostile
	same "$output" ""
	same "$stderr" "tkt-backup: there is no desk 'nowhere'; tkt-init makes one
tkt-backup: there is no 'none/tkt.db'; tkt-init makes a desk
tkt-backup: 'half' is no backup: it was not finished
tkt-backup: SHA256SUMS:1: not a line of sha256sum
tkt-backup: SHA256SUMS:1: '../../etc/passwd' is no path inside the backup"
}

@test "names that sha256sum escapes" {
	printf 'x\n' >"$TKT_DESK/templates/a\\b"$'\n'c
	tkt-backup --quiet b
	same "$(cd b && sha256sum -c --quiet SHA256SUMS)" ""
	same "$(tkt-backup -V -o damaged b)" 0
}

@test "a desk of an older version is backed up as it is" {
	rm "$TKT_DESK"/tkt.db*
	sqlite3 "$TKT_DESK/tkt.db" <"$root/tests/cli/schema-1.sql" >/dev/null
	same "$(tkt-backup -o tickets,damaged b)" $'1\t0'
	same "$(sql b 'PRAGMA user_version')" 1
	sql "$TKT_DESK" 'PRAGMA user_version = 1000'
	refused 78 c "'$TKT_DESK/tkt.db' is of a newer version of tkt than this program"
}

@test "the disk of the backup is full: 75, and nothing of it stays" {
	stock
	head -c 3000000 /dev/urandom >huge
	tkt-new --quiet -s 'Huge' -a huge </dev/null
	mkdir small
	mount -t tmpfs -o size=100k none small || skip 'no file system may be mounted'
	mounted=$PWD/small
	refused 75 small/b "the disk is full: '$PWD/small/b.partial/tkt.db' could not be written; make room and try again"
	same "$(ls -A small)" ""
	mount -o remount,size=2m small
	huge=$(sha256sum <huge | cut -c 1-64)
	refused 75 small/b "cannot write '$PWD/small/b.partial/blobs/${huge::2}/$huge': No space left on device"
	same "$(ls -A small)" ""
	refused 64 small "'small' is where a disk is mounted; give the name of a new folder in it"
	mount -o remount,size=9m small
	tkt-backup --quiet small/b
	mount -o remount,ro small
	same "$(tkt-backup -V -o damaged small/b)" 0
	refused 77 small/c "cannot make '$PWD/small/c.partial': Read-only file system"
}

@test "a reader in the desk's group makes a backup; others may not" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	stock
	above=$PWD
	while [ "$above" != / ]; do
		chmod o+x "$above"
		above=$(dirname "$above")
	done
	chgrp -R 65534 "$TKT_DESK"
	mkdir -m 777 theirs
	run -0 --separate-stderr setpriv --reuid 65533 --regid 65534 --clear-groups tkt-backup -o tickets,damaged theirs/b
	same "$output$stderr" $'3\t0'
	run -77 --separate-stderr setpriv --reuid 65533 --regid 65533 --clear-groups tkt-backup theirs/c
	same "$output" ""
	same "$(ls theirs)" b
}
