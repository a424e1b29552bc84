#!/usr/bin/env bats
# tkt-backup of a desk that is written to all the time: one moment of it, and nothing but whole ones.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<-'END'
		ticket_prefix = "SUP"
		transport "maildir" { path = "outbox" }
	END
	head -c 300000 /dev/urandom >big.bin
}

# write NUMBER: letters, and tickets with contents that are a file, until the file `stop` is there.
write() {
	local at=0
	while [ ! -e stop ]; do
		at=$((at + 1))
		mail "anna$1@example.com" "Printer $1 $at" 'It is silent.' | tkt-mailin
		{ cat big.bin && echo "$1 $at"; } >"log.$1"
		tkt-new --quiet -s "Log $1 $at" -a "log.$1" -r "eve$1@example.com" <<<'See there.'
		tkt-set --quiet "$at" "fields.writer=$1" || :
	done
}

# begin_writing: three writers, which end by `end_writing`.
begin_writing() {
	writers=()
	for number in 1 2 3; do
		write $number 2>>"errors.$number" 3>&- &
		writers+=("$!")
	done
	until [ "$(tkt-list --count)" -ge 5 ]; do sleep 0.05; done
}

end_writing() {
	: >stop
	wait "${writers[@]}"
}

teardown() {
	: >stop
}

# whole DIR: a moment of the desk: its log replayed gives its tickets, each letter has its ticket and its acknowledgement.
whole() {
	same "$(tkt-backup --verify -o damaged "$1")" 0
	rm -rf replica
	tkt-init --quiet replica
	cp "$1/desk.conf" replica
	tkt-log -D "$1" | tkt-apply --replay --quiet -D replica
	cmp <(tkt-list -D replica --all) <(tkt-list -D "$1" --all)
	same "$(sqlite3 "file:$1/tkt.db?immutable=1" "SELECT count(*) FROM letter WHERE ticket IS NULL OR NOT EXISTS (SELECT 1 FROM ticket WHERE id = letter.ticket)")" 0
	same "$(sqlite3 "file:$1/tkt.db?immutable=1" "SELECT count(*) FROM letter")" \
		"$(sqlite3 "file:$1/tkt.db?immutable=1" "SELECT count(*) FROM outgoing")"
	same "$(sqlite3 "file:$1/tkt.db?immutable=1" "SELECT max(seq) = count(*) FROM event")" 1
	tkt-log -D "$1" >log
	cmp log <(tkt-log | head -n "$(wc -l <log)") # the log of the desk began so
}

@test "each of five backups under three writers is a moment of the desk; nobody is kept from writing" {
	begin_writing
	for number in 1 2 3 4 5; do
		tkt-backup --quiet "b$number"
	done
	end_writing
	last=0
	for number in 1 2 3 4 5; do
		whole "b$number"
		count=$(tkt-list -D "b$number" --all --count)
		[ "$count" -ge "$last" ]
		last=$count
	done
	[ "$(tkt-list --all --count)" -ge "$last" ]
	same "$(cat errors.* | grep -v 'there is no ticket')" ""
	same "$(ls -d b*)" $'b1\nb2\nb3\nb4\nb5\nbig.bin'
}

@test "restored: unsent mail is there and unsent, and leaves once it is armed; numbers go on behind a gap" {
	begin_writing
	tkt-backup --quiet b
	end_writing
	mv "$TKT_DESK" lost
	cp -a b "$TKT_DESK"
	waiting=$(tkt-mailout --list -o number,state)
	same "$(cut -f 2 <<<"$waiting" | sort -u)" queued
	run -78 tkt-mailout --quiet
	same "$(tkt-mailout --list -o number,state)" "$waiting"
	[ ! -e "$TKT_DESK/outbox" ]
	tkt-init --arm "$TKT_DESK" 2>said
	same "$(grep -oE '^tkt-init: [0-9]+' said)" "tkt-init: $(wc -l <<<"$waiting")"
	highest=$(tkt-list --all -o id | tr -d 'A-Z-' | sort -n | tail -n 1)
	same "$(tkt-new -s next -o id </dev/null)" "SUP-$((highest + 1001))"
	[ "$(tkt-list -D lost --all --count)" -lt $((highest + 1001)) ]
	same "$(tkt-mailout -o number,state)" "${waiting//queued/sent}"
}

@test "killed at any moment: the desk is as it was, and there is no half backup" {
	for number in 1 2 3 4 5 6 7 8; do
		{ cat big.bin && echo "$number"; } >log
		tkt-new --quiet -s "Log $number" -a log </dev/null
	done
	mail anna@example.com 'Printer' 'It is silent.' | tkt-mailin
	before=$(tkt-list --all && tkt-log)
	killed=0
	for delay in 0.001 0.003 0.005 0.008 0.012 0.016 0.02 0.03 0.04 0.06 0.09; do
		status=0
		tkt-backup --quiet b 3>&- & # waited for: timeout(1) ends before what it has killed
		sleep $delay
		kill -KILL $! 2>/dev/null || :
		wait $! 2>/dev/null || status=$?
		if [ $status -eq 0 ] || [ -e b ]; then
			same "$(tkt-backup --verify -o damaged b)" 0
			rm -r b
		else
			killed=$((killed + 1))
			same "$status" 137
		fi
	done
	[ $killed -gt 0 ]
	same "$(tkt-list --all && tkt-log)" "$before"
	same "$(tkt-backup -o tickets,damaged b)" $'9\t0'
	[ ! -e b.partial ]
	whole b
}


@test "contents that are dropped while a backup is made are dropped in it too" {
	command -v strace >/dev/null || skip 'no strace'
	[ -z "${ASAN_OPTIONS-}" ] || skip 'a sanitizer is not traced'
	tkt-new --quiet -s Log -a big.bin </dev/null
	blob=$(sha256sum <big.bin | cut -c 1-64)
	# The backup sleeps where it makes blobs/: its copy of the database is there.
	strace -f -qq -o /dev/null -e trace=mkdir -e inject=mkdir:delay_exit=3000000:when=2 tkt-backup -o contents,files,damaged b >said 3>&- &
	until [ -e b.partial/blobs ]; do sleep 0.02; done
	sqlite3 "$TKT_DESK/tkt.db" "DELETE FROM blob WHERE sha256 = x'$blob'"
	rm "$TKT_DESK/blobs/${blob::2}/$blob"
	wait $!
	same "$(<said)" $'0\t2\t0'
	same "$(sqlite3 b/tkt.db 'SELECT count(*) FROM blob')" 0
}
