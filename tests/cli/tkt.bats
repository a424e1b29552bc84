#!/usr/bin/env bats
# tkt: the dispatcher.
load helper

# A folder with commands of a test's own, in front of the rest of PATH.
setup() {
	folder=$BATS_TEST_TMPDIR/bin
	mkdir -p "$folder"
	printf '#!/bin/sh\nprintf "%%s\\n" "$0" "$@" "$TKT_DESK" "$TKT_NOW" "$TKT_AGENT"\n' >"$folder/tkt-mine"
	chmod +x "$folder/tkt-mine"
	PATH=$folder:$PATH
	unset TKT_DESK
}

@test "a command is run with its arguments, and given the options that stood before it" {
	run -0 --separate-stderr tkt -D /desk --now 2026-03-02T10:00:00+01:00 --as anna --format tsv --quiet mine -x 'a b' --help
	same "$output" "$folder/tkt-mine
--format=tsv
--quiet
-x
a b
--help
/desk
2026-03-02T09:00:00Z
anna"
	[ -z "$stderr" ]
}

@test "its exit status is the command's" {
	printf '#!/bin/sh\nexit 37\n' >"$folder/tkt-mine"
	run -37 tkt mine
}

@test "help and --help list commands; those on PATH have no summary" {
	run -0 --separate-stderr tkt --help
	[ -z "$stderr" ]
	same "${lines[0]}" 'usage: tkt [-D DIR] COMMAND [ARGUMENT...]'
	same "${lines[1]}" 'A help desk for the shell: run one of its commands.'
	same "${lines[2]}" 'Commands:'
	grep -qx '  mine' <<<"$output"
	for tool in "$prefix"/bin/tkt-*; do
		name=${tool##*/tkt-}
		if [ "$(head -c 2 "$tool" 2>/dev/null)" = '#!' ]; then
			grep -qx "  $name" <<<"$output"
		else
			summary=$("$tool" --describe | jq -r 'select(.type == "program") | .summary')
			grep -qx "  $name  *$summary" <<<"$output"
		fi
	done
	listed=$output
	run -0 tkt help
	same "$output" "$listed"
	run -0 tkt
	same "$output" "$listed"
}

@test "help COMMAND is the command's own" {
	run -0 tkt help mine
	same "${lines[1]}" "--help"
}

@test "an unknown command is named, and the nearest one" {
	run -64 --separate-stderr tkt mien
	same "$stderr" "tkt: there is no command 'mien'; did you mean 'mine'?"
	[ -z "$output" ]
	run -64 --separate-stderr tkt help xyzzy
	same "$stderr" "tkt: there is no command 'xyzzy'; see tkt --help"
	run -64 --separate-stderr tkt ../bin/tkt-mine
	same "$stderr" "tkt: there is no command '../bin/tkt-mine'; see tkt --help"
}

@test "an option behind which no command stands is unknown" {
	run -64 --separate-stderr tkt --colour mine
	same "$stderr" "tkt: unknown option '--colour'; see tkt --help"
}
