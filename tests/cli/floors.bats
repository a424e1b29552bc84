#!/usr/bin/env bats
# The table of floors: who may include whom, and which library belongs to which floor.
load helper

setup() {
	cd "$root" || return
}

# floor, then the floors it may use; each may use itself
floors='
base
json base
calendar base
expression base json
desk base json calendar expression
policy base json calendar expression desk
store base json expression desk
mail base json expression desk
flow base json calendar expression desk policy store mail
'

# library header, then the only floor that may include it
homes='
sqlite3.h store
gmime/ mail
curl/ mail
uchardet mail
libxml/ mail
magic.h mail
confuse.h desk
pcre2.h expression
'

# includes TREE: prints each #include that breaks the tables above.
includes() {
	(cd "$1" && grep -n '^#include "' -r lib --include='*.[ch]') |
		awk -F'[/:"]' -v table="$floors" '
			BEGIN {
				rows = split(table, row, "\n")
				for (r = 1; r <= rows; r++) {
					words = split(row[r], word, " ")
					for (w = 1; w <= words; w++)
						allowed[word[1], word[w]] = 1
				}
			}
			{ split($0, parts, "\""); split(parts[2], used, "/") }
			!(($2, used[1]) in allowed) { print }
		'
	(cd "$1" && grep -n '^#include <' -r lib cmd --include='*.[ch]') |
		awk -v table="$homes" '
			BEGIN {
				rows = split(table, row, "\n")
				for (r = 1; r <= rows; r++)
					if (split(row[r], word, " "))
						home[word[1]] = word[2]
			}
			{
				split($0, parts, "[<>]")
				for (prefix in home)
					if (index(parts[2], prefix) == 1 && index($0, "lib/" home[prefix] "/") != 1)
						print
			}
		'
}

# words TREE: prints lines that do what their floor leaves to another.
words() {
	cd "$1" || return
	grep -nE -r lib cmd --include='*.[ch]' \
		-e '"[^"]*\<(SELECT|INSERT INTO|UPDATE [a-z]|DELETE FROM|CREATE TABLE|PRAGMA|BEGIN IMMEDIATE|SAVEPOINT|ORDER BY|WHERE [a-z])' |
		grep -v -e '^lib/store/' -e '^lib/mail/imap.c:' # IMAP has a SELECT of its own
	grep -nE -r lib --include='*.c' -e '(^|[^_a-z>.])(printf|puts|putchar|perror|exit)\(' -e '\<(stdout|stderr)\>' |
		grep -vE '^lib/base/(program|command)\.c'
	grep -nE -r lib cmd --include='*.c' -e '\<(time\(NULL\)|gettimeofday|CLOCK_REALTIME)' | grep -v '^lib/base/' |
		grep -v '^lib/mail/maildir.c:' # a file in a maildir is named by the true time
	true
}

@test "floors include only what stands below them" {
	run -0 includes .
	same "$output" ""
}

@test "SQL stands in lib/store; the library prints nothing and reads no clock" {
	run -0 words .
	same "$output" ""
}

@test "the two checks above see a breach" {
	mkdir -p "$BATS_TEST_TMPDIR"/{lib/{json,calendar,mail,store},cmd}
	cd "$BATS_TEST_TMPDIR"
	printf '#include <sqlite3.h>\n#include "base/text.h"\n#include "store/db.h"\n' >lib/json/a.c
	printf '#include "json/field.h"\nvoid f(void)\n{\n\tputs("SELECT 1");\n}\n' >lib/calendar/b.c
	printf '#include <gmime/gmime.h>\n#include "store/ticket.h"\n' >lib/mail/c.c
	printf '#include <curl/curl.h>\n#include "flow/open.h"\n' >cmd/tkt-d.c
	run -0 includes .
	same "$(sort <<<"$output")" 'cmd/tkt-d.c:1:#include <curl/curl.h>
lib/calendar/b.c:1:#include "json/field.h"
lib/json/a.c:1:#include <sqlite3.h>
lib/json/a.c:3:#include "store/db.h"
lib/mail/c.c:2:#include "store/ticket.h"'
	run -0 words .
	same "$output" 'lib/calendar/b.c:4:	puts("SELECT 1");
lib/calendar/b.c:4:	puts("SELECT 1");'
}

# needed TOOL: the libraries that its file names, without versions.
needed() {
	readelf -d "$prefix/bin/$1" | sed -n 's/.*(NEEDED).*\[\(lib[^.]*\).*/\1/p'
}

@test "a tool links only what it uses" {
	breaches=
	for tool in "$prefix"/bin/tkt*; do
		name=${tool##*/}
		[ "$(head -c 4 "$tool")" = $'\x7fELF' ] || continue
		case $name in
		tkt-mailin | tkt-mailout | tkt-mime | tkt-fetch) banned='libxml2|libmagic|libuchardet|libexttextcat' ;;
		tkt-show) banned='libxml2|libmagic|libuchardet|libexttextcat|libcurl' ;; # --mbox composes
		*) banned='libxml2|libmagic|libuchardet|libexttextcat|libgmime-3|libgobject-2|libcurl' ;;
		esac
		found=$(needed "$name" | grep -xE "$banned") || continue
		breaches+="$name: ${found//$'\n'/ }"$'\n'
	done
	same "$breaches" ""
}

@test "a tool has up to 300 lines, a library file up to 500" {
	run -0 bash -c "wc -l cmd/*.c lib/*/*.[ch] | awk '\$2 ~ /^cmd/ && \$1 > 300 || \$2 ~ /^lib/ && \$1 > 500'"
	same "$output" ""
}
