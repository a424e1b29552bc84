# What every suite loads: the staged tools, one language, one clock, a desk of its own.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
: "${TKT_BUILD:=$root/build}" "${TKT_STAGE:=$TKT_BUILD/stage}" "${PREFIX:=/usr/local}"
prefix=$TKT_STAGE$PREFIX
PATH=$prefix/bin:$PATH
unset -v LANG LANGUAGE "${!LC_@}" TKT_AGENT VISUAL EDITOR COLUMNS SENDER RECIPIENT ORIGINAL_RECIPIENT
export PATH TKT_BUILD LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
export TKT_DATADIR=$prefix/share/tkt TKT_NOW=2026-03-02T09:00:00Z
umask 022

setup() {
	desk
}

# desk [DIR]: makes a desk; TKT_DESK names it from then on.
desk() {
	export TKT_DESK=${1:-$BATS_TEST_TMPDIR/desk}
	tkt-init --quiet
}

# conf: standard input becomes desk.conf.
conf() {
	cat >"$TKT_DESK/desk.conf"
}

# mail FROM SUBJECT BODY [HEADER...]: a mail on standard output; each HEADER is a whole line.
mail() {
	local from=$1 subject=$2 body=$3
	shift 3
	printf 'From: %s\nTo: support@example.org\nSubject: %s\nDate: Mon, 02 Mar 2026 08:59:00 +0000\n' "$from" "$subject"
	case $* in *[Mm]essage-[Ii][Dd]:*) ;; *) printf 'Message-ID: <%s@example.com>\n' "$(printf %s "$from$subject$body" | cksum | tr ' ' .)" ;; esac
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n'
	[ $# -eq 0 ] || printf '%s\n' "$@"
	printf '\n%s\n' "$body"
}

# valid TYPE [FILE]: each line is an object of share/schema/TYPE.json; TYPE - takes each line's own `type`.
valid() {
	/usr/bin/python3 "$root/tests/schema-check" "$TKT_DATADIR/schema" "$@"
}

# same ACTUAL EXPECTED: whole texts; shows the difference.
same() {
	[ "$1" = "$2" ] || { diff -u --label expected --label actual <(printf '%s\n' "$2") <(printf '%s\n' "$1"); false; }
}
