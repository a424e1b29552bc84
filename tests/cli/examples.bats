#!/usr/bin/env bats
# Runs the examples of the manual pages: each page's EXAMPLES, in order, in a fresh demo desk.
#
# For writers of pages: in a block .Bd -literal ... .Ed of EXAMPLES a line that starts with '$ ' is
# a command (bash; '> ' continues it; it must exit 0; put '|| true' behind one that does not).
# Lines below it, if there are any, are all that it writes to standard output. A line '...' stands
# for any lines from there on, '...' at the end of a line for the rest of that line. A block
# without '$ ' is not run. mdoc's \e is a backslash.
#
# The demo desk (prefix SUP, languages en and ru, mail leaves to the maildir desk/outbox) has two tickets from letters, SUP-1 (Russian: 'ПЕЧАТЬ не работает', from
# anna@example.com) and SUP-2 ('Cannot log in', from bob@example.com), both new; the outbox holds
# their acknowledgements. TKT_NOW is 2026-03-02T09:00:00Z, an hour's change is made by --now. The
# folder holds letter.eml (a third letter, from carol@example.com), box.mbox (the first two as an
# mbox) and answer.txt (a text).
load helper

demo_desk() {
	desk "$1/desk"
	cd "$1" || return
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'languages = {"en", "ru"}' \
		'transport "maildir" { path = "outbox" }' | conf
	mail 'Anna <anna@example.com>' '=?UTF-8?B?0J/QldCn0JDQotCsINC90LUg0YDQsNCx0L7RgtCw0LXRgg==?=' 'Принтер молчит.' >first.eml
	mail 'Bob <bob@example.com>' 'Cannot log in' 'My password is refused.' >second.eml
	mail 'Carol <carol@example.com>' 'Invoice for March' 'Please send it again.' >letter.eml
	printf 'Please try again now.\n' >answer.txt
	for letter in first second; do
		printf 'From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n' && cat $letter.eml && printf '\n'
	done >box.mbox
	tkt-mailin <first.eml && tkt-mailin <second.eml
	rm first.eml second.eml
}

# commands PAGE: for each command a line '$ COMMAND', then its expected lines behind '| '.
commands() {
	awk '
		/^\.Sh/ { examples = /EXAMPLES/ }
		!examples { next }
		/^\.Bd -literal/ { block = 1; started = 0; next }
		/^\.Ed/ { block = 0 }
		!block { next }
		{ gsub(/\\&/, ""); gsub(/\\-/, "-"); gsub(/\\\(dq/, "\""); gsub(/\\e/, "\\") }
		/^\$ / { print; started = 1; next }
		/^> / { print; next }
		started { print "| " $0 }
	' "$1"
}

# agrees ACTUAL EXPECTED, with the two uses of '...'
agrees() {
	local -a given wanted
	local at
	mapfile -t given <<<"$1"
	mapfile -t wanted <<<"$2"
	for at in "${!wanted[@]}"; do
		case ${wanted[at]} in
		...) return 0 ;;
		*...) [[ ${given[at]-} = "${wanted[at]%...}"* ]] || return 1 ;;
		*) [ "${given[at]-}" = "${wanted[at]}" ] || return 1 ;;
		esac
	done
	[ "${#given[@]}" -eq "${#wanted[@]}" ]
}

# try COMMAND EXPECTED: adds to `failures`.
try() {
	local output status=0
	[ -n "$1" ] || return 0
	output=$(bash -c "$1" 2>errors </dev/null) || status=$?
	if [ "$status" -ne 0 ]; then
		failures+="${page##*/}: status $status of: $1"$'\n'"$(cat errors)"$'\n'
	elif [ "$2" != $'\n' ] && ! agrees "$output" "$2"; then
		failures+="${page##*/}: $1"$'\n'"$(diff -u --label page --label actual <(printf '%s\n' "$2") <(printf '%s\n' "$output") || true)"$'\n'
	fi
}

setup() {
	cd "$root" || return
}

# bats test_tags=examples
@test "the examples of the manual pages give what the pages say" {
	failures=
	for page in "$root"/man/*.[157]; do
		command='' expected=$'\n'
		name=${page##*/}
		mkdir -p "$BATS_TEST_TMPDIR/$name"
		commands "$page" >"$BATS_TEST_TMPDIR/$name/commands"
		[ -s "$BATS_TEST_TMPDIR/$name/commands" ] || continue
		demo_desk "$BATS_TEST_TMPDIR/$name"
		while IFS= read -r line <&3; do
			case $line in
			'$ '*)
				try "$command" "$expected"
				command=${line#??} expected=$'\n'
				;;
			'> '*) command+=$'\n'${line#??} ;;
			*)
				[ "$expected" = $'\n' ] && expected= || expected+=$'\n'
				expected+=${line#??}
				;;
			esac
		done 3<commands
		try "$command" "$expected"
	done
	same "$failures" ""
}

@test "an example that lies is seen" {
	demo_desk "$BATS_TEST_TMPDIR"
	page=x failures=
	try 'printf "a\nbc\n"' $'a\nb...'
	try 'printf "a\nbc\n"' $'a\n...'
	same "$failures" ""
	try 'printf "a\nbc\n"' a
	try 'exit 3' $'\n'
	[ "$(grep -c '^x: ' <<<"$failures")" -eq 2 ]
}
