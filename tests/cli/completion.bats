#!/usr/bin/env bats
# Completion in bash, over a tool of the test's own and over those that are there.
load helper

setup() {
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/tkt-mine" <<-'TOOL'
		#!/bin/sh
		cat <<'END'
		{"type":"program","name":"tkt-mine","synopsis":"x","summary":"A tool.","writes":false}
		{"type":"option","letter":"f","name":"file","argument":"FILE","kind":"text","help":"from \"name\":\"x\"","global":false}
		{"type":"option","name":"flag","kind":"flag","help":"a flag","global":false}
		{"type":"option","name":"format","argument":"FORMAT","kind":"text","help":"write json, table, tsv or csv","global":true}
		{"type":"operand","name":"FILE"}
		{"type":"exit_status","status":0,"help":"done"}
		END
	TOOL
	chmod +x "$BATS_TEST_TMPDIR/bin/tkt-mine"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	cd "$BATS_TEST_TMPDIR" || return
	source "$root/completions/tkt.bash"
}

# completed WORD...: what is proposed for the last word, in one line.
completed() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_tkt
	printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ' '
}

@test "options are those that the tool describes" {
	same "$(completed tkt-mine -)" '--file --flag --format'
	same "$(completed tkt-mine --fl)" '--flag'
	same "$(completed tkt mine --fo)" '--format'
	same "$(completed tkt -D /desk mine --fo)" '--format'
}

@test "an argument by its kind" {
	touch one two
	same "$(completed tkt-mine --format '')" 'csv json table tsv'
	same "$(completed tkt-mine -f o)" 'one'
	same "$(completed tkt-mine --file t)" 'two'
	same "$(completed tkt-mine --flag t)" 'two'
	same "$(completed tkt mine t)" 'two'
}

@test "agents who work here, and contacts whose place nobody has taken" {
	desk "$PWD/desk"
	tkt-agent --quiet <<<$'{"id":"ivanova"}\n{"id":"petrov","is_active":false}'
	tkt-contact --quiet <<<$'{"id":"anna","addresses":["a@x.example"]}\n{"id":"boss","addresses":["b@x.example"],"replaced_by":"anna"}'
	same "$(completed tkt-set --as '')" 'ivanova'
	same "$(completed tkt-contact --replace a)" 'anna'
}

@test "commands of tkt" {
	same "$(completed tkt min)" 'mine'
	same "$(completed tkt hel)" 'help'
}

@test "zsh and fish read their files" {
	for shell in zsh fish; do
		command -v $shell >/dev/null || continue
		case $shell in zsh) file=_tkt ;; fish) file=tkt.fish ;; esac
		run -0 $shell -n "$root/completions/$file"
		same "$output" ""
	done
}
