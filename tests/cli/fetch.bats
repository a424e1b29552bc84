#!/usr/bin/env bats
# tkt-fetch: letters from servers, good and bad ones; tests/e2e/fetch.bats has a real one.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	mkdir box
	letter 1 Printer
	letter 2 Login
	servers=()
}

teardown() {
	local process
	for process in "${servers[@]}"; do kill "$process" 2>/dev/null || true; done
}

# letter NUMBER SUBJECT [BODY]: one that waits on the server
letter() {
	mail anna@example.com "$2" "${3-It is about $2.}" "Message-ID: <$1@example.com>" >"box/$1.eml"
}

# serve PROTOCOL [COMMAND=ANSWER...]: another server, with the letters of `box`
serve() {
	rm -f box/port box/conversation
	"$root/tests/mail-server" "$1" box "${@:2}" 3>&- &
	servers+=($!)
	for _ in {1..200}; do
		[ ! -s box/port ] || return 0
		read -rt 0.05 <> <(:) || true
	done
	return 1
}

# fetching PROTOCOL [OPTION...]: the desk fetches from that server, as 'main'
fetching() {
	conf <<-END
		name = "Support"
		address = "support@example.org"
		ticket_prefix = "SUP"
		busy_timeout = "1s"
		acknowledge = false
		transport "maildir" { path = "outbox" }
		fetch "main" {
			url = "$1://127.0.0.1:$(cat box/port)"
			user = "support"
			tls = false
			timeout = "5s"
			$(printf '%s\n' "${@:2}")
		}
	END
	printf 'secret\n' >"$TKT_DESK/keys/fetch-main"
	chmod 640 "$TKT_DESK/keys/fetch-main"
}

# heard: what the server was asked since the last call, without the login
heard() {
	grep -vE '^(CAPABILITY|CAPA|LOGIN|USER|PASS|AUTH|LOGOUT)' box/conversation || true
	: >box/conversation
}

tickets() {
	tkt-list --all -o id,subject
}

fates() {
	tkt-log --mail -o fate,ticket
}

# fails STATUS TEXT: a run fails so
fails() {
	run "-$1" --separate-stderr tkt-fetch
	same "$output" ''
	same "$stderr" "tkt-fetch: $2"
}

@test "IMAP: letters become tickets, each is flagged once it is safe, and is not fetched again" {
	serve imap
	fetching imap
	run -0 --separate-stderr tkt-fetch
	same "$output$stderr" ''
	same "$(tickets)" $'SUP-1\tPrinter\nSUP-2\tLogin'
	same "$(tkt-log --mail -o fate,ticket,received_at)" $'opened\tSUP-1\t2026-03-02T08:30:00Z\nopened\tSUP-2\t2026-03-02T08:30:00Z'
	same "$(tkt-show 1 --raw | sha256sum)" "$(sed 's/$/\r/' box/1.eml | sha256sum)"
	same "$(heard)" 'SELECT "INBOX"
UID SEARCH UNSEEN UNDELETED
UID FETCH 7,8 (UID RFC822.SIZE)
UID FETCH 7 (UID INTERNALDATE BODY.PEEK[])
UID STORE 7 +FLAGS.SILENT (\Seen)
UID FETCH 8 (UID INTERNALDATE BODY.PEEK[])
UID STORE 8 +FLAGS.SILENT (\Seen)'
	run -0 --separate-stderr tkt-fetch main
	same "$output$stderr" ''
	same "$(heard)" $'SELECT "INBOX"\nUID SEARCH UNSEEN UNDELETED'
	same "$(fates)" $'opened\tSUP-1\nopened\tSUP-2'
}

@test "IMAP: after = delete, with UIDPLUS and without" {
	serve imap
	fetching imap 'after = "delete"'
	tkt-fetch
	same "$(heard)" 'SELECT "INBOX"
UID SEARCH UNDELETED
UID FETCH 7,8 (UID RFC822.SIZE)
UID FETCH 7 (UID INTERNALDATE BODY.PEEK[])
UID STORE 7 +FLAGS.SILENT (\Deleted)
UID EXPUNGE 7
UID FETCH 8 (UID INTERNALDATE BODY.PEEK[])
UID STORE 8 +FLAGS.SILENT (\Deleted)
UID EXPUNGE 8'
	# Somebody else has marked a letter as deleted: it is not removed behind their back.
	rm -r box && mkdir box
	letter 3 Third
	serve imap capabilities= 'UID SEARCH DELETED=* SEARCH 4 7\r\n%T OK'
	fetching imap 'after = "delete"'
	tkt-fetch
	same "$(heard)" 'SELECT "INBOX"
UID SEARCH UNDELETED
UID FETCH 7 (UID RFC822.SIZE)
UID FETCH 7 (UID INTERNALDATE BODY.PEEK[])
UID STORE 7 +FLAGS.SILENT (\Deleted)
UID SEARCH DELETED'
	serve imap capabilities=
	fetching imap 'after = "delete"'
	tkt-fetch
	same "$(heard | tail -n 2)" $'UID SEARCH DELETED\nEXPUNGE'
	same "$(fates)" $'opened\tSUP-1\nopened\tSUP-2\nopened\tSUP-3\nduplicate\tSUP-3'
}

@test "IMAP: after = move, with MOVE and without; names of folders in any script" {
	rm box/2.eml
	serve imap
	fetching imap 'after = "move Обработано & \"x\""'
	sed -i -E "s|(url = \".*)\"|\1/%D0%92%D1%85%D0%BE%D0%B4\"|; s/\\\\\"/'/g; s/move (.*)\"/move \1\"/" "$TKT_DESK/desk.conf"
	tkt-fetch
	same "$(heard)" 'STATUS "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4- &- '"'x'"'" (MESSAGES)
SELECT "&BBIERQQ+BDQ-"
UID SEARCH UNDELETED
UID FETCH 7 (UID RFC822.SIZE)
UID FETCH 7 (UID INTERNALDATE BODY.PEEK[])
UID MOVE 7 "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4- &- '"'x'"'"'
	serve imap capabilities=UIDPLUS
	fetching imap "after = 'move My \"Done\"'"
	tkt-fetch
	same "$(heard | sed -n '1p; /COPY/,$p')" 'STATUS "My \"Done\"" (MESSAGES)
UID COPY 7 "My \"Done\""
UID STORE 7 +FLAGS.SILENT (\Deleted)
UID EXPUNGE 7'
}

@test "POP3: delete and keep" {
	letter 3 Dots $'.\n..x\n.y\n\n.'
	serve pop3
	fetching pop3 'after = "keep"'
	tkt-fetch
	tkt-fetch
	same "$(heard)" $'LIST\nRETR 1\nRETR 2\nRETR 3\nQUIT\nLIST\nRETR 1\nRETR 2\nRETR 3\nQUIT'
	same "$(fates)" $'opened\tSUP-1\nopened\tSUP-2\nopened\tSUP-3'
	same "$(tkt-show 3 --raw | sha256sum)" "$(sed 's/$/\r/' box/3.eml | sha256sum)"
	fetching pop3 'after = "delete"'
	tkt-fetch
	same "$(heard)" $'LIST\nRETR 1\nDELE 1\nRETR 2\nDELE 2\nRETR 3\nDELE 3\nQUIT'
	same "$(fates)" $'opened\tSUP-1\nopened\tSUP-2\nopened\tSUP-3\nduplicate\tSUP-1\nduplicate\tSUP-2\nduplicate\tSUP-3'
	tkt-fetch
	same "$(heard)" $'LIST\nQUIT'
}

@test "--dry-run lists what would be, --print shows ticket and message" {
	serve imap
	fetching imap 'after = "delete"'
	run -0 --separate-stderr tkt-fetch --dry-run
	valid - <<<"$output"
	same "$(jq -c '[.type, .fate, .message_id, .ticket]' <<<"$output")" '["letter","opened","1@example.com","SUP-1"]
["letter","opened","2@example.com","SUP-1"]'
	same "$stderr$(tickets)$(fates)" ''
	same "$(heard)" 'EXAMINE "INBOX"
UID SEARCH UNDELETED
UID FETCH 7,8 (UID RFC822.SIZE)
UID FETCH 7 (UID INTERNALDATE BODY.PEEK[])
UID FETCH 8 (UID INTERNALDATE BODY.PEEK[])'
	run -0 tkt-fetch --print --dry-run
	same "$(jq -r .type <<<"$output" | xargs)" 'ticket message ticket message'
	run -0 tkt-fetch --print
	valid - <<<"$output"
	same "$(jq -r 'select(.type == "ticket") | .id' <<<"$output" | xargs)" 'SUP-1 SUP-2'
}

@test "limit is for one run, recipient for the envelope" {
	serve imap
	fetching imap 'limit = 1' 'recipient = "help@example.org"'
	tkt-fetch
	same "$(tkt-log --mail -o ticket,recipient)" $'SUP-1\thelp@example.org'
	tkt-fetch
	same "$(tkt-log --mail -o ticket,recipient)" $'SUP-1\thelp@example.org\nSUP-2\thelp@example.org'
}

@test "the desk cannot commit: the letter stays as it is on the server" {
	serve imap
	fetching imap
	/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/tkt.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("held", "w").close()
sys.stdin.read()' "$TKT_DESK" < <(while [ ! -e release ]; do read -rt 0.05 <> <(:) || true; done) 3>&- &
	until [ -e held ]; do read -rt 0.05 <> <(:) || true; done
	run -75 --separate-stderr tkt-fetch
	[[ $stderr = *"locked"* ]]
	same "$(heard | tail -n 1)" 'UID FETCH 7 (UID INTERNALDATE BODY.PEEK[])'
	touch release
	wait %2 || true
	tkt-fetch
	same "$(tickets)" $'SUP-1\tPrinter\nSUP-2\tLogin'
}

@test "killed between the commit and the flag: the next run finds a duplicate" {
	serve imap 'UID STORE=%hang'
	fetching imap 'timeout = "60s"'
	sed -i '/timeout = "5s"/d' "$TKT_DESK/desk.conf"
	tkt-fetch 3>&- &
	process=$!
	until [ -n "$(fates)" ]; do read -rt 0.05 <> <(:) || true; done
	kill -KILL "$process"
	wait "$process" || true
	serve imap
	fetching imap
	tkt-fetch
	same "$(tickets)" $'SUP-1\tPrinter\nSUP-2\tLogin'
	same "$(fates)" $'opened\tSUP-1\nduplicate\tSUP-1\nopened\tSUP-2'
}

@test "two runs at once: the second leaves the mailbox to the first" {
	serve imap 'UID STORE=%hang'
	fetching imap
	sed -i 's/timeout = "5s"/timeout = "3s"/' "$TKT_DESK/desk.conf"
	tkt-fetch 3>&- 2>first &
	process=$!
	until [ -n "$(fates)" ]; do read -rt 0.05 <> <(:) || true; done
	run -0 --separate-stderr tkt-fetch
	same "$stderr" 'tkt-fetch: main: another run is reading it'
	run -0 --separate-stderr tkt-fetch --quiet
	same "$output$stderr" ''
	status=0
	wait "$process" || status=$?
	same "$status" 75
	same "$(cat first)" 'tkt-fetch: main: the server takes too long to answer'
	same "$(fates)" $'opened\tSUP-1'
}

@test "one server that fails does not keep the others back" {
	serve imap
	fetching imap
	printf 'fetch "a" { url = "imap://127.0.0.1:1" user = "x" tls = false }\n' | cat - "$TKT_DESK/desk.conf" >new
	cat new >"$TKT_DESK/desk.conf"
	run -78 --separate-stderr tkt-fetch
	same "$stderr" "tkt-fetch: a: cannot open '$TKT_DESK/keys/fetch-a': No such file or directory"
	same "$(tickets)" $'SUP-1\tPrinter\nSUP-2\tLogin'
	(umask 027 && echo x >"$TKT_DESK/keys/fetch-a")
	run -75 --separate-stderr tkt-fetch a nowhere main
	same "$stderr" "tkt-fetch: a: cannot connect: Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server
tkt-fetch: desk.conf has no fetch 'nowhere'"
	run -1 --separate-stderr tkt-fetch nowhere
	same "$stderr" "tkt-fetch: desk.conf has no fetch 'nowhere'"
	printf 'name = "Support"\n' | conf
	fails 78 'desk.conf names no mailbox: see fetch in desk.conf(5)'
}

@test "logins and passwords" {
	serve imap
	fetching imap
	printf 'wrong\n' >"$TKT_DESK/keys/fetch-main"
	fails 78 'main: the server refuses the login: A002 NO [AUTHENTICATIONFAILED] wrong'
	chmod 644 "$TKT_DESK/keys/fetch-main"
	fails 78 "main: '$TKT_DESK/keys/fetch-main' holds a password and is open to others: chmod 640 it"
	serve imap 'LOGIN=%T NO [UNAVAILABLE] the database is down'
	fetching imap
	fails 75 'main: the server refuses the login: A002 NO [UNAVAILABLE] the database is down'
	serve pop3 'PASS=-ERR [IN-USE] somebody else reads it'
	fetching pop3 'after = "delete"'
	fails 75 'main: the server refuses the login: -ERR [IN-USE] somebody else reads it'
	sed -i '/tls = false/d' "$TKT_DESK/desk.conf"
	fails 78 "main: the server offers no TLS; 'tls = false' is for one on this machine"
}

@test "a folder that is not there, or cannot be written, before a letter is taken" {
	serve imap 'SELECT=%T NO no such folder'
	fetching imap
	fails 78 'main: the server refuses SELECT: no such folder'
	serve imap 'STATUS=%T NO [NONEXISTENT] none'
	fetching imap 'after = "move Done"'
	fails 78 'main: the server refuses STATUS: [NONEXISTENT] none'
	serve imap 'SELECT=%T OK [READ-ONLY] done'
	fetching imap
	fails 78 "main: letters in 'INBOX' cannot be flagged: it is read-only"
	serve imap 'SELECT=* OK [PERMANENTFLAGS (\\\\Draft)] flags\r\n%T OK done'
	fetching imap
	fails 78 "main: letters in 'INBOX' cannot be flagged: it is read-only"
	same "$(fates)" ''
}

@test "a server that refuses what is told it" {
	serve imap 'UID STORE=%T NO [NOPERM] not yours'
	fetching imap
	fails 69 'main: the server refuses STORE: [NOPERM] not yours'
	serve pop3 'QUIT=-ERR some deleted messages not removed'
	fetching pop3 'after = "delete"'
	fails 69 'main: the server refuses QUIT: -ERR some deleted messages not removed'
	serve imap 'UID SEARCH=%T BAD what?'
	fetching imap
	fails 75 'main: the server refuses SEARCH: what?'
	serve imap 'UID FETCH 7 =%T NO [SERVERBUG] lost'
	fetching imap
	run -69 --separate-stderr tkt-fetch
	same "$stderr" 'tkt-fetch: main: the server does not give a letter: [SERVERBUG] lost'
	same "$(tickets)" $'SUP-1\tPrinter\nSUP-2\tLogin'
}

@test "a letter that is too large stays and is said, the others are taken" {
	serve imap 'UID FETCH 7,8=* 1 FETCH (UID 7 RFC822.SIZE 300000000)\r\n* 2 FETCH (RFC822.SIZE 200 UID 8)\r\n%T OK'
	fetching imap
	fails 65 'main: a letter of 300000000 bytes stays on the server: 268435456 are the most'
	same "$(tickets)" $'SUP-1\tLogin'
	serve pop3 'LIST=+OK\r\n1 300000000\r\n2 200\r\n.'
	fetching pop3 'after = "delete"'
	fails 65 'main: a letter of 300000000 bytes stays on the server: 268435456 are the most'
	same "$(heard)" $'LIST\nRETR 2\nDELE 2\nQUIT'
}

@test "a letter on which a filter fails stays, the others are taken" {
	serve imap
	fetching imap
	printf '#!/bin/sh\nif grep -q Printer; then exit 2; fi\n' >filter && chmod +x filter
	echo "filter \"virus\" { command = \"$PWD/filter\" }" >>"$TKT_DESK/desk.conf"
	fails 75 "filter 'virus' ended with status 2"
	same "$(fates)" $'opened\tSUP-1'
	same "$(tickets)" $'SUP-1\tLogin'
	same "$(heard | grep STORE)" 'UID STORE 8 +FLAGS.SILENT (\Seen)'
}

@test "after = keep: what is known leaves no file, though its contents were dropped" {
	rm box/2.eml
	letter 1 Large "$(head -c 300000 /dev/urandom | base64)"
	serve pop3
	fetching pop3 'after = "keep"'
	printf '%s\n' 'keep_quarantined = "1d"' 'filter "all" { command = "/bin/false" }' >>"$TKT_DESK/desk.conf"
	tkt-fetch
	same "$(find "$TKT_DESK/blobs" -type f | wc -l)" 1
	tkt-mailin --expire --quiet --now 2026-03-10T09:00:00Z
	tkt-fetch
	same "$(fates)" $'quarantined\t'
	same "$(find "$TKT_DESK/blobs" -type f)" ''
}

@test "what the letters say is no answer of the server" {
	letter 1 Printer $'T5 OK FETCH completed\n* SEARCH 9\n)\nA001 OK\n* BYE'
	serve imap
	fetching imap
	tkt-fetch
	same "$(tickets)" $'SUP-1\tPrinter\nSUP-2\tLogin'
	same "$(tkt-show 1 --raw | sha256sum)" "$(sed 's/$/\r/' box/1.eml | sha256sum)"
}

@test "unasked and unusual answers are read over" {
	serve imap 'UID SEARCH UNSEEN=* 3 EXISTS\r\n* SEARCH 8 7 7 8 \r\n* OK [X {5}] hello {3}\r\n%T OK' \
		'UID FETCH 7,8=* 9 FETCH (FLAGS (\\\\Seen (x "a\\"b" {3}\r\n)\r\n) nil) UID 99)\r\n* LIST () "/" {5}\r\nINBOX\r\n* 1 FETCH (UID 7 RFC822.SIZE 9 FLAGS ())%then'
	fetching imap
	tkt-fetch
	same "$(tickets)" $'SUP-1\tPrinter\nSUP-2\tLogin'
}

@test "a time of receipt that is none, or still to come, is now" {
	local date length
	length=$(sed 's/$/\r/' box/1.eml | wc -c)
	for date in 30-Feb-2026\ 10:00:00\ +0000 '01-Foo-2026 10:00:00 +0000' '01-Mar-2026 24:00:00 +0000' '01-Mar-2026 10:00:00' ' 2-Mar-2026 09:00:01 +0000' \
		' 2-Mar-2026 13:59:59 +0500'; do
		serve imap "UID FETCH 7 =* 1 FETCH (INTERNALDATE \"$date\" UID 7 BODY[] {$length}\r\n$(sed 's/$/\\r\\n/' box/1.eml | tr -d '\n'))\r\n%T OK"
		fetching imap 'limit = 1'
		tkt-fetch
	done
	same "$(tkt-log --mail -o received_at | uniq -c | sed 's/^ *//')" $'5 2026-03-02T09:00:00Z\n1 2026-03-02T08:59:59Z'
}

@test "answers that cannot be, in IMAP, lose nothing and end soon" {
	local answer
	for answer in '* SEARCH 7 x' '* SEARCH 99999999999' '* SEARCH 0' 'T9 OK' '+ go on' '' 'x' '* 1 FETCH' '* 1 FETCH (UID)' \
		'* 1 FETCH (UID 7' "* 1 FETCH (X $(printf '(%.0s' {1..1500})" '* 1 FETCH (UID 7 BODY[] "a' '* 1 FETCH (X {99999999999999999999}' \
		"$(printf 'T%.0s' {1..300}) OK" '%T PERHAPS'; do
		serve imap "UID SEARCH=$answer%close"
		fetching imap
		run -75 --separate-stderr tkt-fetch
		[[ $stderr = 'tkt-fetch: main: what the server answers is no IMAP' || $stderr = 'tkt-fetch: main: the server has closed the connection' ]]
	done
	same "$(fates)" ''
}

@test "letters that are not what they are said to be, in IMAP" {
	local answer head='* 1 FETCH (UID 7 BODY[]'
	for answer in "$head {100}\r\nFrom: a%close" "$head {3}\r\nFrom: a\r\n)\r\n%T OK" '* 1 FETCH (UID 8 BODY[] {2}\r\nab)\r\n%T OK' \
		'* 1 FETCH (BODY[] {2}\r\nab)\r\n%T OK' "$head {2}\r\nab BODY[] {2}\r\nab)\r\n%T OK" "$head {2}\r\nab)\r\n$head {2}\r\nab)\r\n%T OK" \
		"$head \\\"a\r\nb\\\")\r\n%T OK"; do
		serve imap "UID FETCH 7 =$answer"
		fetching imap
		run -75 --separate-stderr tkt-fetch
		[[ $stderr = 'tkt-fetch: main: what the server answers is no IMAP' || $stderr = 'tkt-fetch: main: the server has closed the connection' ]]
	done
	same "$(fates)" ''
	# It has gone meanwhile: another program took it.
	serve imap 'UID FETCH 7 =%T OK' 'UID FETCH 7,8=* 1 FETCH (UID 7 RFC822.SIZE 9)\r\n%T OK'
	fetching imap
	run -0 --separate-stderr tkt-fetch
	same "$stderr$(fates)" ''
	serve imap "UID FETCH 7 =$head NIL)\r\n%T OK it is empty"
	fetching imap
	fails 69 'main: the server does not give a letter: it is empty'
	same "$(fates)" $'opened\tSUP-1'
}

@test "answers that cannot be, in POP3" {
	local answer
	for answer in 'LIST=what' 'LIST=+OK\r\nx' 'LIST=+OK\r\n0 5' 'LIST=+OK\r\n1 5%close' 'RETR=+OK\r\nFrom: a\r\n%close' 'RETR=+OK\r\nFrom: a\n.\n%close'; do
		serve pop3 "$answer"
		fetching pop3 'after = "delete"'
		run -75 --separate-stderr tkt-fetch
		[[ $stderr = 'tkt-fetch: main: what the server answers is no POP3' || $stderr = 'tkt-fetch: main: the server has closed the connection' ]]
	done
	same "$(fates)" ''
	serve pop3 'LIST=+OK 9 letters\r\n1 5\r\n1 5\r\n2 5\r\n1 5\r\n.' 'RETR 1=-ERR gone'
	fetching pop3 'after = "delete"'
	fails 69 'main: the server does not give a letter: -ERR gone'
	same "$(fates)" $'opened\tSUP-1'
	same "$(heard | tail -n 3)" $'RETR 2\nDELE 2\nQUIT'
}

@test "endless answers are cut, in bounded memory" {
	local answer
	[ -n "${ASAN_OPTIONS-}" ] || ulimit -v 400000
	for answer in 'imap UID SEARCH=* SEARCH 1 2 3%endless' 'imap UID SEARCH=* OK hello%endless' 'imap UID FETCH 7,8=* 1 FETCH (UID 7 RFC822.SIZE 5)%endless' \
		'pop3 LIST=+OK\r\n1 5%endless'; do
		serve "${answer%% *}" "${answer#* }"
		fetching "${answer%% *}" "$([ "${answer%% *}" = imap ] || echo 'after = "keep"')"
		fails 75 "main: the server's answer does not come to its end"
	done
	same "$(fates)" ''
}

@test "a server that says nothing more" {
	serve imap 'UID SEARCH=* SEARCH 7 %hang'
	fetching imap
	sed -i 's/timeout = "5s"/timeout = "1s"/' "$TKT_DESK/desk.conf"
	fails 75 'main: the server takes too long to answer'
	serve imap 'greeting=%hang'
	fetching imap
	sed -i 's/timeout = "5s"/timeout = "1s"/' "$TKT_DESK/desk.conf"
	run -75 --separate-stderr tkt-fetch
	[[ $stderr = 'tkt-fetch: main: cannot connect: '* ]]
}

@test "desk.conf: what a fetch section must have" {
	conf <<-'END'
		fetch "a" { url = "imaps://imap.example.org/INBOX" }
		fetch "b" { user = "x"
			url = "http://example.org" }
		fetch "c" { user = "x" url = "pop3s://pop.example.org" }
		fetch "d" { user = "x" url = "pop3s://pop.example.org" after = "flag" }
		fetch "e" { user = "x" url = "imaps://imap.example.org" after = "keep" }
		fetch "f" { user = "x" url = "imaps://imap.example.org" after = "move" }
		fetch "g" { user = "x" url = "pop3s://pop.example.org/INBOX" after = "keep" }
		fetch "../h" { user = "x" url = "imaps://imap.example.org/A;UID=1" limit = "-1" recipient = "nobody" }
	END
	run -78 --separate-stderr tkt-lint --format table
	same "$output" "desk.conf:1: error: fetch 'a' needs 'user'
desk.conf:3: error: 'url' cannot be 'http://example.org': imaps://HOST[:PORT][/FOLDER], pop3s://HOST[:PORT], or imap:// and pop3:// with STARTTLS
desk.conf:4: error: fetch 'c' needs 'after'
desk.conf:5: error: 'after' cannot be 'flag' with POP3: delete or keep
desk.conf:6: error: 'after' cannot be 'keep' with IMAP: flag, delete or move FOLDER
desk.conf:7: error: 'after' cannot be 'move': flag, delete, keep or 'move FOLDER'
desk.conf:8: error: 'url' cannot be 'pop3s://pop.example.org/INBOX': imaps://HOST[:PORT][/FOLDER], pop3s://HOST[:PORT], or imap:// and pop3:// with STARTTLS
desk.conf:9: error: 'url' cannot be 'imaps://imap.example.org/A;UID=1': imaps://HOST[:PORT][/FOLDER], pop3s://HOST[:PORT], or imap:// and pop3:// with STARTTLS
desk.conf:9: error: 'limit' cannot be '-1': a number up to 1000000
desk.conf:9: error: 'nobody' is no mail address
desk.conf:9: error: '../h' is no name: letters, digits, '_', '-' and '.'"
}
