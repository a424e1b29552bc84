# What the suites of written support regulations share.
# shellcheck shell=bash
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	export TKT_AGENT=ivanova
}

# settings: a desk with the sections on standard input
settings() {
	{ printf '%s\n' 'name = "Service"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' 'languages = {"en", "ru"}' \
		'transport "maildir" { path = "outbox" }' && cat; } | conf
}

# template NAME SUBJECT TEXT [LANGUAGE]
template() {
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: [{{id}}] %s\n\n%s\n' "$2" "$3" >"$TKT_DESK/templates/$1.${4-en}"
}

# letter FROM SUBJECT TEXT [HEADER...]: comes in.
letter() {
	mail "$@" | tkt-mailin
}

at() {
	export TKT_NOW=$1
}

# answers ID: what the desk has written by itself, the subject of each letter and its numbered questions.
answers() {
	tkt-show --messages --format json "$1" |
		jq -r 'select(.direction == "out" and .auto) | (.subject | sub("^\\[[^]]*\\] "; "")), (.body | scan("(?m)^[0-9]+\\. .*"))'
}
