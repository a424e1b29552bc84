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
