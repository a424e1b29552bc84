#!/usr/bin/env bats
# tkt-mailout and SMTP servers that refuse, defer, hang, break off and mumble, and such whose certificates
# and logins are wrong: what becomes of the mail, what its ticket says, and that no password is shown.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	: >servers
}

teardown() {
	xargs -r kill <servers
}

# server NAME [OPTION...] RULE...: starts smtp_server.py in the folder NAME, whose file `port` says where.
server() {
	local name=$1
	shift
	mkdir -p "$name"
	rm -f "$name/port"
	/usr/bin/python3 "$root/tests/e2e/smtp_server.py" "$name" "$@" >"$name/said" 2>&1 3>&- &
	echo $! >>servers
	while [ ! -e "$name/port" ]; do sleep 0.02; done
	: >>"$name/taken"
	: >>"$name/conversation"
}

# outbox NAME RECIPIENT...: a desk NAME/desk with a mail to each, for the server NAME
outbox() {
	local name=$1 recipient
	shift
	export TKT_DESK=$PWD/$name/desk
	tkt-init --quiet
	transport "$name" 'tls = false'
	for recipient; do
		tkt-new --quiet -r "$recipient" -s Help <<<'Help.'
		tkt-reply --quiet "$(tkt-list -o id "requester.email=$recipient")" <<<'Try again.'
	done
}

# transport NAME [LINE...]
transport() {
	local name=$1
	shift
	{
		printf '%s\n' 'address = "support@example.org"' 'acknowledge = false' 'transport "smtp" {' 'timeout = "1s"'
		printf 'url = "%s://%s:%s"\n' "${scheme:-smtp}" "${host:-127.0.0.1}" "$(cat "$name/port")"
		printf '%s\n' "$@" '}'
	} | conf
}

# attempt NAME [OPTION...]: one run; its status, then each mail's state, attempts and unknowns, then what was said
attempt() {
	local name=$1 said status=0
	shift
	export TKT_DESK=$PWD/$name/desk
	said=$(tkt-mailout --quiet "$@" 2>&1) || status=$?
	printf '%s %s\n' "$status" "$(tkt-mailout --list --all -o state,attempts,unknowns | tr '\t\n' ',;')"
	[ -z "$said" ] || printf '%s\n' "$said" | sed -E "s/127\.0\.0\.1:[0-9]+/SERVER/; s/until 2026-03-02T/until /; s/(mail [0-9]+) of ticket '[A-Z0-9-]+'/\1/; s/^tkt-mailout: //"
}

# once RULE...: a server, a mail to anna@example.com, one attempt; its ticket is `undelivered` when the mail has failed
once() {
	local name
	name=$(mktemp -d case.XXXXXX)
	server "$name" "$@"
	outbox "$name" anna@example.com
	attempt "$name"
	[ "$(tkt-list --count undelivered)" -eq "$(tkt-mailout --list --all -o state | grep -c failed)" ] || echo 'the ticket says otherwise'
}

# Each line: RULE, TAB, what once() prints, its lines joined by ' / '
cases() {
	local rule expected result=
	while IFS=$'\t' read -r rule expected; do
		result+="$rule	$(once "$rule" | paste -sd'~' | sed 's/~/ \/ /g')"$'\n'
		wanted+="$rule	$expected"$'\n'
	done
	same "$result" "$wanted"
}

@test "a refusal for good fails, and its ticket says so; one at the start of a session is for later" {
	cases <<-'END'
		greeting=554 5.3.2 not here	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 554 5.3.2 not here
		ehlo=550 no	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 550 no
		mail=550 5.7.1 not you	69 failed,1,0; / mail 1 has failed: the mail server refuses the mail: 550 5.7.1 not you
		rcpt=550 5.1.1 no such user	69 failed,1,0; / mail 1 has failed: the mail server refuses the recipient 'anna@example.com': 550 5.1.1 no such user
		data=554 5.6.0 no	69 failed,1,0; / mail 1 has failed: the mail server refuses the mail: 554 5.6.0 no
		end=552 5.3.4 too large	69 failed,1,0; / mail 1 has failed: the mail server refuses the mail: 552 5.3.4 too large
	END
}

@test "4xx at any stage puts a mail off" {
	cases <<-'END'
		greeting=421 4.3.2 busy	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 421 4.3.2 busy
		ehlo=421 4.3.2 busy	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 421 4.3.2 busy
		mail=451 4.3.0 later	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 451 4.3.0 later
		rcpt=450 4.2.0 greylisted	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the recipient 'anna@example.com': 450 4.2.0 greylisted
		data=451 4.3.0 later	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 451 4.3.0 later
		end=452 4.3.1 full	75 queued,1,0; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 452 4.3.1 full
	END
}

@test "a connection that breaks puts a mail off; behind the data nobody knows" {
	cases <<-'END'
		greeting=drop	75 queued,1,0; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		ehlo=drop	75 queued,1,0; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		mail=drop	75 queued,1,0; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		rcpt=drop	75 queued,1,0; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		data=drop	75 queued,1,0; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		end=drop	75 queued,1,1; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		end=reset	75 queued,1,1; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		end=raw:250-2.0.0 ta|drop	75 queued,1,1; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		end=raw:250-2.0.0 taken\r\n|drop	75 queued,1,1; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		end=raw:554-5.6.0 no\r\n|drop	75 queued,1,1; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
		rcpt=raw:550-5.1.1 no\r\n|drop	75 queued,1,0; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off
	END
}

@test "what happens behind the 250 changes nothing" {
	cases <<-'END'
		end=250 2.0.0 taken|reset	0 sent,1,0;
		end=250 2.0.0 taken|drop	0 sent,1,0;
		quit=drop	0 sent,1,0;
		quit=hang	0 sent,1,0;
	END
}

@test "a server that hangs is left after the timeout, at every stage" {
	local stage pids=
	mkdir out
	for stage in greeting ehlo mail rcpt data end; do
		once "$stage=hang" >"out/$stage" &
		pids+=" $!"
	done
	# shellcheck disable=SC2086
	wait $pids
	same "$(cd out && grep . -- *)" "data:75 queued,1,0;
data:mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: no answer within the timeout
ehlo:75 queued,1,0;
ehlo:mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: no answer within the timeout
end:75 queued,1,1;
end:mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: no answer within the timeout
greeting:75 queued,1,0;
greeting:mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: no answer within the timeout
mail:75 queued,1,0;
mail:mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: no answer within the timeout
rcpt:75 queued,1,0;
rcpt:mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: no answer within the timeout"
}

@test "replies of several lines, in pieces, with escape sequences, and such as are none" {
	cases <<-'END'
		end=250-2.0.0 one\n250-2.0.0 two\n250 2.0.0 three	0 sent,1,0;
		end=bytes:250-2.0.0 one\n250 2.0.0 two	0 sent,1,0;
		end=bytes:554-5.0.0 one\n554 5.0.0 two	69 failed,1,0; / mail 1 has failed: the mail server refuses the mail: 554-5.0.0 one 554 5.0.0 two
		rcpt=550-5.1.1 one\n550 5.1.1 two	69 failed,1,0; / mail 1 has failed: the mail server refuses the recipient 'anna@example.com': 550-5.1.1 one 550 5.1.1 two
		rcpt=raw:550 \x1b[2Jno\x07 \xff\r\n	69 failed,1,0; / mail 1 has failed: the mail server refuses the recipient 'anna@example.com': 550 [2Jno �
		end=999 what	75 queued,1,1; / mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 999 what
		end=354 what	75 queued,1,1; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: Weird server reply
		end=raw:garbage\xff\x00\r\n	75 queued,1,1; / mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: no answer within the timeout
	END
	long=$(printf 'x%.0s' {1..3000})
	run -0 once "rcpt=550-$long\\n550-$long\\n550 end"
	[ "${#output}" -lt 1000 ]
	same "${output:0:12}" '69 failed,1,'
	run -0 once "end=250-$long\\n250 end"
	same "$output" '0 sent,1,0;'
}

@test "greylisted: accepted at the second try" {
	server grey 'rcpt*1=450 4.2.0 greylisted'
	outbox grey anna@example.com
	same "$(attempt grey)" "75 queued,1,0;
mail 1 is put off until 09:01:00Z: the mail server refuses the recipient 'anna@example.com': 450 4.2.0 greylisted"
	same "$(attempt grey --now 2026-03-02T09:00:59Z)" '0 queued,1,0;'
	same "$(attempt grey --now 2026-03-02T09:01:00Z)" '0 sent,2,0;'
	same "$(cat grey/taken)" 'support@example.org anna@example.com'
	same "$(tkt-list -o id undelivered)" ''
}

@test "the outcome is unknown three times: a person must look, and it is sent no more" {
	server lost end=drop
	outbox lost anna@example.com
	same "$(attempt lost)" '75 queued,1,1;
mail 1 is put off until 09:01:00Z: cannot send by smtp://SERVER/: the server broke the connection off'
	same "$(attempt lost --now 2026-03-02T09:01:00Z | head -n 1)" '75 queued,2,2;'
	same "$(attempt lost --now 2026-03-02T09:06:00Z)" '69 failed,3,3;
mail 1 has failed: cannot send by smtp://SERVER/: the server broke the connection off'
	same "$(attempt lost --now 2026-03-09T09:00:00Z)" '0 failed,3,3;'
	same "$(grep -c '^DATA' lost/conversation)" 3
	same "$(tkt-list -o id,undelivered undelivered | sed -E 's/[0-9.]+:[0-9]+/SERVER/')" \
		$'TKT-1\tanna@example.com: cannot send by smtp://SERVER/: the server broke the connection off'
}

@test "one bad mail blocks no other, on one connection or on the next" {
	server mixed 'rcpt/bob@=550 5.1.1 no such user' 'rcpt/carol@=451 4.3.0 later' 'rcpt/dave@=drop'
	outbox mixed anna@example.com bob@example.com carol@example.com dave@example.com eve@example.com
	same "$(attempt mixed | head -n 1)" '75 sent,1,0;failed,1,0;queued,1,0;queued,1,0;sent,1,0;'
	same "$(cat mixed/taken)" 'support@example.org anna@example.com
support@example.org eve@example.com'
	same "$(tkt-list -o requester.email undelivered)" bob@example.com
}

@test "a mail to two of whom one is refused: the other has it" {
	server two 'rcpt/bob@=550 5.1.1 no such user'
	outbox two
	tkt-new --quiet -r anna@example.com -s Help cc+=bob@example.com <<<'Help.'
	tkt-reply --quiet 1 <<<'Try again.'
	same "$(attempt two)" "69 sent,1,0;failed,1,0;
mail 2 has failed: the mail server refuses the recipient 'bob@example.com': 550 5.1.1 no such user"
	same "$(cat two/taken)" 'support@example.org anna@example.com'
	same "$(tkt-list -o id,undelivered undelivered)" \
		$'TKT-1\tbob@example.com: the mail server refuses the recipient \'bob@example.com\': 550 5.1.1 no such user'
}

# certificates: ca.pem, and for the name localhost good.pem, expired.pem, self-signed.pem; other.pem is another host's
certificates() {
	local curve='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
	certificate() { # NAME HOST DAYS
		# shellcheck disable=SC2086
		openssl req $curve -keyout "$1.key" -out request -subj "/CN=$2" -addext "subjectAltName=DNS:$2"
		openssl x509 -req -in request -CA ca.pem -CAkey ca.key -days "$3" -copy_extensions copy | cat - "$1.key" >"$1.pem"
	}
	{
		# shellcheck disable=SC2086
		openssl req -x509 $curve -keyout ca.key -out ca.pem -subj '/CN=CA of this test' -days 30
		certificate good localhost 30
		certificate expired localhost -1
		certificate other mx.example.org 30
		# shellcheck disable=SC2086
		openssl req -x509 $curve -keyout self.key -out self.crt -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 30
		cat self.crt self.key >self-signed.pem
	} 2>/dev/null
}

# by_tls SCHEME [OPTION...]: one attempt with the certificates of ca.pem; prints what attempt() does, `localhost` as the host
by_tls() {
	local scheme=$1 host=localhost name
	shift
	name=$(mktemp -d case.XXXXXX)
	server "$name" "$@"
	outbox "$name" anna@example.com
	transport "$name" "ca_file = \"$PWD/ca.pem\"" "${login-}"
	[ -z "${login-}" ] || (umask 077 && echo "${password-se-cret}" >"$TKT_DESK/keys/smtp")
	attempt "$name" | sed -E 's/localhost:[0-9]+/SERVER/'
	cat "$name/taken"
	! grep -arqE 'se-cret|c2UtY3JldA|AHVzZXIAc2UtY3JldA' "$name/said" "$TKT_DESK/tkt.db" || echo SHOWN
	sed -n 's/^AUTH.*/& was heard/p' "$name/conversation"
}

@test "TLS: a certificate of a CA that counts is good, every other one ends the run with 78" {
	certificates
	for offer in smtp:tls smtps:smtps; do
		same "$(by_tls "${offer%:*}" "${offer#*:}=good.pem")" '0 sent,1,0;
support@example.org anna@example.com'
		for bad in expired self-signed other; do
			run -0 by_tls "${offer%:*}" "${offer#*:}=$bad.pem"
			same "${lines[0]}" '78 queued,1,0;'
			same "${lines[1]:0:14}" 'cannot send by'
			case $bad in
			expired) [[ ${lines[1]} == *'certificate has expired'* ]] ;;
			self-signed) [[ ${lines[1]} == *'self-signed certificate'* ]] ;;
			other) [[ ${lines[1]} == *'localhost'* ]] ;;
			esac
			same "${#lines[@]}" 2
		done
	done
	}

@test "STARTTLS that someone hides, refuses or answers with garbage: 78 or later, and no word of the login" {
	certificates
	login='user = "user"'
	same "$(by_tls smtp login=user:se-cret)" "78 queued,1,0;
cannot send by smtp://SERVER/: the server offers no TLS; 'tls = false' sends without"
	same "$(by_tls smtp tls=good.pem login=user:se-cret 'starttls=502 5.5.1 what')" "78 queued,1,0;
cannot send by smtp://SERVER/: the server offers no TLS; 'tls = false' sends without"
	same "$(by_tls smtp tls=good.pem login=user:se-cret 'starttls=454 4.7.0 not now')" '75 queued,1,0;
mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 454 4.7.0 not now'
	run -0 by_tls smtp tls=good.pem login=user:se-cret 'starttls=220 go on|raw:garbage\r\n'
	[[ ${lines[0]} =~ ^7[58]\ queued,1,0 ]]
	[[ $output != *AUTH* ]]
	# the bytes behind the reply to STARTTLS came in clear: they are no reply within TLS (CVE-2021-22947)
	run -0 by_tls smtp tls=good.pem login=user:se-cret 'starttls=220 go on\n250 injected'
	[[ ${lines[0]} =~ ^7[58]\ queued,1,0 ]]
	[[ $output != *AUTH* ]]
}

@test "the login: PLAIN and LOGIN, within TLS; a wrong password ends the run with 78 and is not shown" {
	certificates
	login='user = "user"'
	for mechanisms in PLAIN LOGIN; do
		run -0 by_tls smtp tls=good.pem login=user:se-cret "mechanisms=$mechanisms"
		same "${lines[0]} ${lines[1]}" '0 sent,1,0; support@example.org anna@example.com'
		[[ ${lines[2]} == "AUTH $mechanisms"*' was heard' ]]
	done
	password=wr-ong
	run -0 by_tls smtp tls=good.pem login=user:se-cret
	same "${lines[0]}
${lines[1]}" '78 queued,1,0;
the mail server refuses the mail: 535 5.7.8 wrong login'
	same "${#lines[@]}" 3
	same "$(grep -arl wr-ong . | grep -v '/keys/smtp$')" ''
	run -1 grep -E 'wr-ong|se-cret' <(for desk in case.*/desk; do tkt-mailout --desk "$desk" --show 1 && tkt-log --desk "$desk"; done)
	for code in 530 534 538; do
		password=se-cret
		run -0 by_tls smtp tls=good.pem login=user:se-cret "auth=$code 5.7.0 no"
		same "${lines[0]}
${lines[1]}" "78 queued,1,0;
the mail server refuses the mail: $code 5.7.0 no"
	done
	same "$(by_tls smtp tls=good.pem login=user:se-cret 'auth=454 4.7.0 later' | head -n 2)" '75 queued,1,0;
mail 1 is put off until 09:01:00Z: the mail server refuses the mail: 454 4.7.0 later'
}

@test "the password stands in no argument and no variable of a process" {
	server slow login=user:se-cret auth=hang
	outbox slow anna@example.com
	transport slow 'tls = false' 'user = "user"'
	(umask 077 && echo se-cret >"$TKT_DESK/keys/smtp")
	tkt-mailout --quiet 2>said &
	pid=$!
	until grep -q '^AUTH' slow/conversation; do kill -0 "$pid"; sleep 0.02; done
	run -1 grep -aE 'se-cret|c2UtY3JldA' "/proc/$pid/cmdline" "/proc/$pid/environ"
	status=0
	wait "$pid" || status=$?
	same "$status" 75
	run -1 grep -E 'se-cret|c2UtY3JldA' said
}
