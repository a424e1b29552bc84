#!/usr/bin/env bats
# No sender gets a bounce: postfix hands over 200 letters while the tools are killed at random, the desk is locked
# and its disk is full; in the end each letter is there once, and the queue is empty.
load helper
load ways
load postfix

setup_file() {
	needs root postfix || return 0
	mkdir "$BATS_FILE_TMPDIR/desk"
	mount -t tmpfs -o size=30m none "$BATS_FILE_TMPDIR/desk" || { export lacking='no file system may be mounted' && return; }
	desk_of_nobody <<<$'acknowledge = none\nmin_free = 0'
	cut_off_some
	example postfix/transport >"$BATS_FILE_TMPDIR/transport"
	postmap "$BATS_FILE_TMPDIR/transport"
	start_postfix "relay_domains = example.org
		$(example postfix/main.cf | sed "s,/etc/postfix,$BATS_FILE_TMPDIR,")" "$(example postfix/master.cf)"
}

teardown_file() {
	stop_postfix
	! mountpoint -q "$BATS_FILE_TMPDIR/desk" || umount -l "$BATS_FILE_TMPDIR/desk"
}

# One of three calls ends by a SIGKILL, to tkt-mailin or to tkt-deliver, soon or late or not at all.
cut_off_some() {
	cat >"$tools/tkt-mailin" <<-END2
		#!/bin/bash
		if ((RANDOM % 3 == 0)); then
			((RANDOM % 3)) && victim=\$\$ || victim=\$PPID
			printf -v delay 0.%03d \$((RANDOM % 60))
			{ sleep "\$delay" && kill -KILL \$victim && echo >>$tools/killed; } </dev/null >/dev/null 2>&1 &
		fi
		TKT_DATADIR=$tools/share ASAN_OPTIONS=detect_leaks=0 exec $tools/program/tkt-mailin "\$@"
	END2
	touch "$tools/killed"
	chmod 666 "$tools/killed"
}

setup() {
	skip_if_lacking
	unset TKT_NOW
	cd "$BATS_TEST_TMPDIR" || return
	mark_log
}

teardown() {
	rm -f "$TKT_DESK/filler"
	show_log
}

# give_many FIRST LAST: the letters of these numbers, each of another person
give_many() {
	/usr/bin/python3 -c '
import smtplib, sys
port, first, last = map(int, sys.argv[1:])
smtp = smtplib.SMTP("127.0.0.1", port, "client.example.com", timeout=60)
for number in range(first, last + 1):
    sender = f"person{number}@example.com"
    text = "A line.\r\n" * (20000 if number % 50 == 0 else 10)
    smtp.sendmail(sender, ["support@example.org"], f"From: {sender}\r\nTo: support@example.org\r\nSubject: storm {number}\r\n"
                  f"Message-ID: <{number}@example.com>\r\n\r\n{text}")
smtp.quit()' "$port" "$1" "$2"
}

@test "200 letters while tools are killed, the desk is locked, the disk is full: no bounce, each is there once" {
	give_many 1 80
	break_lock
	mark_log
	give_many 81 140
	await waiting 20 # more than are cut off
	mend_lock
	run -1 dd if=/dev/zero of="$TKT_DESK/filler" bs=64k
	mark_log
	give_many 141 200
	await waiting 20
	rm "$TKT_DESK/filler"
	await settled
	quiet
	[ "$(wc -l <"$tools/killed")" -gt 5 ]
	same "$(tkt-log --mail | jq -r 'select(.fate != "duplicate") | .message_id' | sort)" "$(seq -f %g@example.com 200 | sort)"
	same "$(tkt-list --all -o requester.email | sort)" "$(seq -f person%g@example.com 200 | sort)"
	same "$(/usr/bin/python3 -c '
import sqlite3, sys
print(*sqlite3.connect(sys.argv[1] + "/tkt.db").execute("PRAGMA integrity_check").fetchone())' "$TKT_DESK")" ok
}
