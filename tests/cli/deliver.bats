#!/usr/bin/env bats
# tkt-deliver: prints nothing, ends with 0 or 75.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
}

@test "a letter is taken in, with the options of tkt-mailin" {
	run -0 tkt-deliver --sender '<>' --print < <(mail anna@example.com One Text)
	[ -z "$output" ]
	same "$(tkt-list -o subject)" One
}

@test "every failure is 75 and silent: option, desk, a program that cannot start" {
	run -75 tkt-deliver --nonsense < <(mail anna@example.com One Text)
	[ -z "$output" ]
	run -75 tkt-deliver --desk=/nowhere < <(mail anna@example.com One Text)
	[ -z "$output" ]
	mkdir bin && cp "$(command -v tkt-deliver)" bin
	run -75 bin/tkt-deliver < <(mail anna@example.com One Text)
	[ -z "$output" ]
	printf '#!/nowhere/interpreter\n' >bin/tkt-mailin && chmod +x bin/tkt-mailin
	run -75 bin/tkt-deliver < <(mail anna@example.com One Text)
	[ -z "$output" ]
	printf '#!/bin/sh\nkill -9 $$\n' >bin/tkt-mailin
	run -75 bin/tkt-deliver < <(mail anna@example.com One Text)
	[ -z "$output" ]
}

@test "a person who asks is told: --help, --describe, and so tkt help and the completions" {
	same "$(tkt-deliver --help)" "$(tkt-mailin --help | sed s/tkt-mailin/tkt-deliver/g)"
	same "$(tkt-deliver --describe | jq -r 'select(.type == "program") | .name')" tkt-deliver
	same "$(tkt help deliver)" "$(tkt-deliver --help)"
}

@test "each letter is one line of syslog, as mail servers write them; a failure too" {
	[ "$(id -u)" -eq 0 ] && [ ! -e /dev/log ] || skip 'this host has a syslog of its own'
	/usr/bin/python3 - >lines <<-'END' &
		import os, socket
		log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		log.bind('/dev/log')
		log.settimeout(20)
		try:
		    lines = 0
		    while lines < 3: # other suites run at the same time
		        line = log.recv(65536).decode().rstrip('\0\n')
		        if 'of-syslog' in line:
		            print(line, flush=True)
		            lines += 1
		finally:
		    os.unlink('/dev/log')
	END
	while [ ! -S /dev/log ]; do kill -0 $! || return 1; done
	mail anna@example.com One Text 'Message-ID: <of-syslog@example.com>' >letter.eml
	tkt-mailin -s anna@example.com -r support@example.org <letter.eml
	run -75 tkt-deliver --desk=/of-syslog <letter.eml
	wait $!
	same "$(sed -E 's/^<([0-9]+)>.{15} ([a-z-]+)(\[[0-9]+\])?: /\1 \2: /' lines)" "22 tkt-mailin: TKT-1: from=<anna@example.com>, to=<support@example.org>, message-id=<of-syslog@example.com>, size=$(stat -c %s letter.eml), status=opened (taken in)
19 tkt-mailin: -: status=deferred (cannot read the desk '/of-syslog': No such file or directory)
19 tkt-deliver: status=deferred, tkt-mailin ended with 75: tkt-mailin: cannot read the desk '/of-syslog': No such file or directory"
}
