#!/usr/bin/env bats
# A real dovecot on loopback, with IMAP and POP3 over TLS: what lies there comes into the desk, whole and once.
load helper
load ways

setup_file() {
	needs dovecot /usr/lib/dovecot/imap /usr/lib/dovecot/pop3 || return 0
	dove=$(mktemp -d "${TMPDIR:-/tmp}/dove.XXXXXX") # short: there are sockets in it
	export dove port=$((20000 + RANDOM % 20000))
	chmod 755 "$dove"
	authority ca
	authority other
	openssl req -newkey rsa:2048 -nodes -keyout "$dove/key" -out "$dove/request" -subj /CN=localhost 2>/dev/null
	openssl x509 -req -in "$dove/request" -CA "$dove/ca.pem" -CAkey "$dove/ca.key" -CAcreateserial -days 2 \
		-extfile <(echo subjectAltName=DNS:localhost) -out "$dove/certificate" 2>/dev/null
	start_dovecot
}

teardown_file() {
	[ -d "${dove:-/nowhere}" ] || return 0
	doveadm -c "$dove/conf" stop 2>/dev/null || true
	rm -rf "$dove"
}

setup() {
	skip_if_lacking
	unset TKT_NOW # certificates have a term
	user=t$BATS_TEST_NUMBER
	maildir=$dove/home/$user/Maildir
	mkdir -p "$maildir"/{cur,new,tmp}
	own
	desk
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || tail -n 40 "$dove/log" # what dovecot says of a failure
}

# authority NAME: a new one, with its certificate
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dove/$1.key" -out "$dove/$1.pem" -subj "/CN=$1" -days 2 2>/dev/null
}

# own: the mail belongs to the user whom dovecot reads it as
own() {
	[ "$(id -u)" -ne 0 ] || chown -R nobody: "$dove/home"
}

# A private dovecot; it needs two users without rights where it is started by root, else it is its own.
start_dovecot() {
	local mail_user=nobody
	mkdir -p "$dove"/{run,state,home}
	for i in {1..20}; do echo "t$i:{PLAIN}secret"; done >"$dove/users"
	if [ "$(id -u)" -ne 0 ]; then
		mail_user=$(id -un)
		printf '%s\n' "default_internal_user = $mail_user" "default_login_user = $mail_user" "default_internal_group = $(id -gn)" \
			'service anvil {' 'chroot =' '}' 'service imap-login {' 'chroot =' '}' 'service pop3-login {' 'chroot =' '}' >"$dove/conf"
	fi
	cat >>"$dove/conf" <<-END
		protocols = imap pop3
		base_dir = $dove/run
		state_dir = $dove/state
		log_path = $dove/log
		listen = 127.0.0.1
		ssl = yes
		ssl_cert = <$dove/certificate
		ssl_key = <$dove/key
		mail_location = maildir:~/Maildir
		first_valid_uid = 1
		auth_failure_delay = 0
		service anvil {
		  unix_listener anvil-auth-penalty {
		    mode = 0
		  }
		}
		passdb {
		  driver = passwd-file
		  args = $dove/users
		}
		userdb {
		  driver = static
		  args = uid=$(id -u "$mail_user") gid=$(id -g "$mail_user") home=$dove/home/%u
		}
		service imap-login {
		  inet_listener imap {
		    port = $port
		  }
		  inet_listener imaps {
		    port = $((port + 1))
		  }
		}
		service pop3-login {
		  inet_listener pop3 {
		    port = $((port + 2))
		  }
		  inet_listener pop3s {
		    port = $((port + 3))
		  }
		}
	END
	dovecot -c "$dove/conf" >/dev/null 2>&1 3>&-
	for _ in {1..200}; do
		! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
		read -rt 0.05 <> <(:) || true
	done
	cat "$dove/log"
	return 1
}

# fetching SCHEME [OPTION...]: the desk fetches this test's mailbox
fetching() {
	local -A ports=([imap]=$port [imaps]=$((port + 1)) [pop3]=$((port + 2)) [pop3s]=$((port + 3)))
	cat >"$TKT_DESK/desk.conf" <<-END
		name = "Support"
		address = "support@example.org"
		ticket_prefix = "SUP"
		acknowledge = false
		transport "maildir" { path = "outbox" }
		fetch "main" {
			url = "$1://${host-localhost}:${ports[$1]}"
			user = "$user"
			ca_file = "${ca-$dove/ca.pem}"
			$(printf '%s\n' "${@:2}")
		}
	END
	rm -f "$TKT_DESK/keys/fetch-main"
	(umask 027 && echo "${password-secret}" >"$TKT_DESK/keys/fetch-main")
}

# arrives NAME: standard input is a new letter on the server
arrives() {
	cat >"$maildir/tmp/$1"
	own
	mv "$maildir/tmp/$1" "$maildir/new/$1"
}

# there [FOLDER]: the letters on the server, with their flags
there() {
	find "$maildir/${1-.}"/{new,cur} -type f -printf '%f\n' | sed 's/:2,/ /; s/ $//' | sort
}

# odd: a letter of every byte that a server lets through, with lines as long as none should be
odd() {
	/usr/bin/python3 -c '
import sys
out = sys.stdout.buffer
out.write(b"From: anna@example.com\r\nSubject: odd \xcf\xf0\xe8\xe2\xe5\xf2\r\nMessage-ID: <odd@example.com>\r\nContent-Type: text/plain\r\n\r\n")
out.write(b".\r\n..\r\n.x\r\n\t \r\n" + bytes(b for b in range(1, 256) if b not in b"\r\n") + b"\r\n" + b"long" * 50000 + b"\r\n")
out.write(b"T1 OK\r\n* BYE\r\n)\r\n" + b"\r\n" * 3 + b"cr\ralone\r\n.\r\n")'
}

# whole SCHEME [OPTION...]: the odd letter comes whole by this road
whole() {
	odd >odd.eml
	arrives odd <odd.eml
	fetching "$@"
	run -0 --separate-stderr tkt-fetch
	same "$output$stderr" ''
	same "$(tkt-log --mail -o fate,raw_sha256,size)" "opened	$(sha256sum <odd.eml | cut -d ' ' -f 1)	$(stat -c %s odd.eml)"
}

@test "IMAP over TLS: whole, and flagged" {
	whole imaps
	same "$(there)" 'odd S'
}

@test "IMAP by STARTTLS: whole, and deleted" {
	whole imap 'after = "delete"'
	same "$(there)" ''
}

@test "POP3 over TLS: whole, and deleted" {
	whole pop3s 'after = "delete"'
	same "$(there)" ''
}

@test "POP3 by STLS: whole, and kept" {
	whole pop3 'after = "keep"'
	tkt-fetch
	same "$(there | cut -d ' ' -f 1)" odd
	same "$(tkt-log --mail -o fate)" opened
}

@test "a letter is moved, to a folder with a Russian name" {
	mkdir -p "$maildir/.&BBMEPgRCBD4EMgQ+-"/{cur,new,tmp}
	mail anna@example.com Printer 'It is silent.' | arrives one
	fetching imaps 'after = "move Готово"'
	tkt-fetch
	same "$(there)" ''
	same "$(there '.&BBMEPgRCBD4EMgQ+-' | wc -l)" 1
	fetching imaps 'after = "move Nowhere"'
	mail anna@example.com Login 'It is refused.' | arrives two
	run -78 --separate-stderr tkt-fetch
	[[ $stderr = 'tkt-fetch: main: the server refuses STATUS: '* ]]
	same "$(there)" two
}

@test "what was read or deleted by others stays" {
	mail anna@example.com Printer 'It is silent.' | arrives one
	mail anna@example.com Login 'It is refused.' >"$maildir/cur/two:2,S"
	mail anna@example.com Paper 'It is out.' >"$maildir/cur/three:2,T"
	own
	fetching imaps
	tkt-fetch
	same "$(tkt-list -o subject)" Printer
	same "$(there)" $'one S\nthree T\ntwo S'
	fetching imaps 'after = "delete"'
	tkt-fetch
	same "$(tkt-log --mail -o fate)" $'opened\nduplicate\nopened'
	same "$(there)" 'three T'
}

@test "a certificate that is not good: nothing is fetched, by no road" {
	mail anna@example.com Printer 'It is silent.' | arrives one
	for scheme in imap imaps pop3 pop3s; do
		after=
		[ "$scheme" = "${scheme#pop}" ] || after='after = "delete"'
		ca=$dove/other.pem fetching "$scheme" "$after"
		run -78 --separate-stderr tkt-fetch
		same "$stderr" 'tkt-fetch: main: cannot connect: SSL certificate problem: unable to get local issuer certificate'
		ca=/etc/ssl/certs/ca-certificates.crt fetching "$scheme" "$after"
		run -78 --separate-stderr tkt-fetch
		host=127.0.0.1 fetching "$scheme" "$after"
		run -78 --separate-stderr tkt-fetch
		same "$stderr" "tkt-fetch: main: cannot connect: SSL: no alternative certificate subject name matches target host name '127.0.0.1'"
	done
	same "$(there)$(tkt-log --mail)" one
}

@test "a wrong password, by every road" {
	mail anna@example.com Printer 'It is silent.' | arrives one
	for scheme in imap imaps pop3 pop3s; do
		after=
		[ "$scheme" = "${scheme#pop}" ] || after='after = "delete"'
		password=wrong fetching "$scheme" "$after"
		run -78 --separate-stderr tkt-fetch
		[[ $stderr = 'tkt-fetch: main: the server refuses the login: '*'Authentication failed.' ]]
		[[ $stderr != *wrong* ]]
	done
	same "$(there)$(tkt-log --mail)" one
}

@test "the database locked: the letter is unseen until it is safe" {
	for scheme in imaps pop3s; do
		mail anna@example.com "Printer $scheme" 'It is silent.' | arrives "$scheme"
		after=
		[ "$scheme" = imaps ] || after='after = "delete"'
		fetching "$scheme" "$after"
		sed -i '1i busy_timeout = "1s"' "$TKT_DESK/desk.conf"
		rm -f held release
		/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/tkt.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("held", "w").close()
sys.stdin.read()' "$TKT_DESK" < <(while [ ! -e release ]; do read -rt 0.05 <> <(:) || true; done) 3>&- &
		holder=$!
		until [ -e held ]; do read -rt 0.05 <> <(:) || true; done
		run -75 --separate-stderr tkt-fetch
		[[ $stderr = *locked* ]]
		same "$(there | sed -n "s/^$scheme *//p")" ''
		there | grep -q "^$scheme"
		touch release
		wait "$holder"
		tkt-fetch
	done
	same "$(there)" ''
	same "$(tkt-list -o subject)" $'Printer imaps\nPrinter pop3s'
}

# killed COUNT SCHEME [OPTION...]: so many letters, SIGKILL again and again, and all of them are tickets, each once
killed() {
	local count=$1 kills=0 process
	for ((i = 1; i <= count; i++)); do
		mail "writer$i@example.com" "Letter $i" "Text $i" "Message-ID: <$i@example.com>" >"$maildir/new/$i"
	done
	own
	fetching "${@:2}"
	while ((kills < 12)); do
		tkt-fetch --quiet 3>&- &
		process=$!
		read -rt "0.$((RANDOM % 80 + 10))" <> <(:) || true
		if kill -KILL "$process" 2>/dev/null; then kills=$((kills + 1)); fi
		wait "$process" 2>/dev/null || true
		[ "$(tkt-log --mail -o fate | wc -l)" -lt "$count" ] || break
	done
	run -0 --separate-stderr tkt-fetch --quiet
	same "$output$stderr" ''
	same "$(tkt-list --all -o subject | sort -V)" "$(seq -f 'Letter %g' "$count")"
	same "$(tkt-log --mail -o fate | grep -v duplicate | sort | uniq -c | xargs)" "$count opened"
	same "$(sqlite3 "$TKT_DESK/tkt.db" 'PRAGMA integrity_check; SELECT count(*) FROM message')" $'ok\n'"$count"
}

@test "500 letters, and SIGKILL at random: each is one ticket, and flagged" {
	killed 500 imaps
	same "$(there | grep -c ' S$')" 500
	# at most the letter that was under way at each kill came twice
	[ "$(tkt-log --mail -o fate | grep -c duplicate)" -le 12 ]
}

@test "POP3, SIGKILL at random: each is one ticket, and deleted" {
	killed 60 pop3s 'after = "delete"'
	same "$(there)" ''
}

@test "the line of cron does it, and says nothing" {
	mail anna@example.com Printer 'It is silent.' | arrives one
	fetching imaps
	line=$(sed -n 's/^#\* \* \* \* \*  desk  //p' "$TKT_DATADIR/examples/cron/tkt")
	run -0 sh -c "$line"
	same "$output" ''
	same "$(tkt-list -o subject)" Printer
	same "$(there)" 'one S'
}
