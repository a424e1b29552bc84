#!/usr/bin/env bats
# What every tool keeps to, by existing: a new file cmd/tkt-x.c is in these tests.
load helper

setup_file() {
	tools=
	for tool in "$prefix"/bin/tkt*; do
		[ "$(head -c 2 "$tool")" = '#!' ] || tools+="${tool##*/} "
	done
	export tools
}

# A failure is a line in `failures`, so that one run shows all of them.
setup() {
	failures=
	cd "$BATS_TEST_TMPDIR" || return
}

fail() {
	failures+="$tool: $*"$'\n'
}

# described TOOL JQ...: what --describe says, through jq.
described() {
	"$1" --describe | jq -r "${@:2}"
}

# status_of TOOL STATUS: what a failure of that kind becomes; tools for mail servers know 75 alone.
status_of() {
	case $(described "$1" 'select(.type == "exit_status") | .status' | tr '\n' ' ') in
	'0 75 ') echo 75 ;;
	*) echo "$2" ;;
	esac
}

# expect STATUS OUT ERR ACTUAL_STATUS: compares with the files `out` and `errors`.
expect() {
	[ "$4" -eq "$1" ] || fail "status $4 instead of $1"
	[ "$(cat out)" = "$2" ] || fail "standard output: $(cat out)"
	[ "$(cat errors)" = "$3" ] || fail "standard error: $(cat errors)"
}

# a desk with two tickets, and what flows between tools
stocked_desk() {
	rm -rf desk
	desk "$PWD/desk"
	mail anna@example.com 'Printer' 'It is silent.' >letter.eml
	tkt-mailin <letter.eml
	mail bob@example.com 'Log in' 'My password is refused.' | tkt-mailin
	tkt-list --all >tickets
}

@test "--help and --version go to standard output" {
	for tool in $tools; do
		status=0
		"$tool" --help >out 2>errors || status=$?
		first=$(head -n 1 out)
		synopsis=$(described "$tool" 'select(.type == "program") | .synopsis')
		[ "$first" = "usage: $tool${synopsis:+ $synopsis}" ] || fail "--help starts with: $first"
		[ "$status" -eq 0 ] || fail "--help: status $status"
		[ ! -s errors ] || fail "--help: $(cat errors)"
		status=0
		"$tool" --version >out 2>errors || status=$?
		[[ $(cat out) =~ ^$tool\ [0-9]+\.[0-9]+$ ]] || fail "--version: $(cat out)"
		[ "$status" -eq 0 ] && [ ! -s errors ] || fail "--version: $status $(cat errors)"
	done
	same "$failures" ""
}

@test "an unknown option is named" {
	for tool in $tools; do
		status=0
		"$tool" --no-such-option >out 2>errors </dev/null || status=$?
		expect "$(status_of "$tool" 64)" '' "$tool: unknown option '--no-such-option'; see $tool --help" "$status"
	done
	same "$failures" ""
}

@test "a full disk behind standard output is said" {
	for tool in $tools; do
		for option in --help --version --describe; do
			status=0
			: >out
			"$tool" $option >/dev/full 2>errors </dev/null || status=$?
			expect "$(status_of "$tool" 74)" '' "$tool: cannot write standard output: No space left on device" "$status"
		done
	done
	same "$failures" ""
}

@test "--describe is objects of the schema" {
	for tool in $tools; do
		"$tool" --describe >out 2>errors || fail "status $?"
		[ ! -s errors ] || fail "$(cat errors)"
		wrong=$(valid - out) || fail "$wrong"
		[ "$(jq -r 'select(.type == "program") | .name' out)" = "$tool" ] || fail "it calls itself another name"
	done
	same "$failures" ""
}

@test "without standard input each ends with a status that it describes" {
	stocked_desk
	for tool in $tools; do
		status=0
		timeout 20 "$tool" <&- >out 2>errors || status=$?
		described "$tool" 'select(.type == "exit_status") | .status' | grep -qx "$status" || fail "status $status"
		[ "$status" -ne 70 ] || fail "$(cat errors)"
		! grep -v "^$tool: " errors || fail "$(cat errors)"
	done
	same "$failures" ""
}

# each_flow FUNCTION: for each tool, and each input that it takes without operands, with the output in `out`.
each_flow() {
	stocked_desk
	flows=0
	for tool in $tools; do
		[ "$tool" != tkt ] || continue
		for input in tickets letter.eml; do
			timeout 20 "$tool" <"$input" >out 2>errors || continue
			[ -s out ] || continue
			flows=$((flows + 1))
			stocked_desk # as it was: what is sent once is not sent again
			"$1"
		done
	done
	same "$failures" ""
	[ "$flows" -gt 3 ] # else nothing was looked at
}

check_objects() {
	local wrong
	wrong=$(valid - out) || fail "$input: $wrong"
}
@test "on a pipe there are objects of the schemas and nothing else" {
	each_flow check_objects
}

check_full() {
	status=0
	timeout 20 "$tool" <"$input" >/dev/full 2>errors || status=$?
	: >out
	expect "$(status_of "$tool" 74)" '' "$tool: cannot write standard output: No space left on device" "$status"
}
@test "objects for a full disk are status 74" {
	each_flow check_full
}

check_closed() {
	local pipe
	exec {pipe}> >(:)
	wait $! || : # bash may have reaped it already
	status=0
	timeout 20 "$tool" <"$input" 1>&"$pipe" 2>errors || status=$?
	exec {pipe}>&-
	if [ "$(described "$tool" 'select(.type == "program") | .writes')" = true ]; then
		[ "$status" -eq 0 ] || fail "$input: a writer ends with $status"
	else
		[ "$status" -eq 141 ] || fail "$input: a reader ends with $status"
	fi
	[ ! -s errors ] || fail "$input: $(cat errors)"
}
@test "when the reader has left, readers die of SIGPIPE and writers finish, both quietly" {
	each_flow check_closed
}

# section PAGE NAME: the source lines of a section.
section() {
	awk -v name="$2" '/^\.Sh/ { on = $0 == ".Sh " name; next } on' "$1"
}

@test "each tool has a manual page and a test" {
	for tool in $tools; do
		[ -e "$root/man/$tool.1" ] || fail "no manual page"
		name=${tool#tkt-}
		compgen -G "$root/tests/*/$name.bats" >/dev/null || fail "no tests/*/$name.bats"
	done
	same "$failures" ""
}

# wanted_options GLOBAL: what --describe says, as lines of mdoc.
wanted_options() {
	described "$tool" 'select(.type == "option" and .global == '"$1"')
		| ".It " + (if .letter then "Fl \(.letter) , " else "" end) + "Fl -\(.name)"
		+ (if .argument then " Ar \(.argument)" else "" end)'
}

@test "tkt(7) tells the options of every tool" {
	tool=tkt
	wanted_options true >wanted
	same "$(grep '^\.It Fl' "$root/man/tkt.7")" "$(cat wanted)"
}

# The page has under OPTIONS one '.It Fl o , Fl -output Ar FIELDS' for each option of the tool's own, in
# any order; those of every tool stand in tkt(7). SYNOPSIS gives the words of the tool's synopsis.
@test "each manual page tells the options, operands and exit statuses that the tool has" {
	for tool in $tools; do
		page=$root/man/$tool.1
		[ -e "$page" ] || continue
		wanted_options false | sort >wanted
		grep '^\.It Fl' "$page" | sort >found
		differs=$(diff -u --label tool --label page wanted found) || fail "$differs"

		synopsis=$(described "$tool" 'select(.type == "program") | .synopsis')
		found=$(mandoc -T utf8 -O width=500 "$page" | col -b |
			awk '/^SYNOPSIS/ { on = 1; next } /^[A-Z]/ { on = 0 } on' | tr -s ' \n' ' ' | sed 's/ \.\.\./.../g')
		[ "$found" = " $tool${synopsis:+ $synopsis} " ] || fail "the page's SYNOPSIS:$found"

		for operand in $(described "$tool" 'select(.type == "operand") | .name'); do
			section "$page" DESCRIPTION | grep -qE "Ar ${operand%...}( |\$)" || fail "DESCRIPTION does not tell '$operand'"
		done
		described "$tool" 'select(.type == "exit_status") | ".It \(.status)"' >wanted
		section "$page" 'EXIT STATUS' | grep '^\.It' >found || true
		differs=$(diff -u --label tool --label page wanted found) || fail "$differs"
		section "$page" EXAMPLES | grep -q '^\$ .* | ' || fail "EXAMPLES shows no pipe"
	done
	same "$failures" ""
}

@test "each script has a manual page" {
	for tool in "$prefix"/bin/*; do
		[ -e "$root/man/${tool##*/}.1" ] || failures+="${tool##*/}: no manual page"$'\n'
	done
	same "$failures" ""
}
