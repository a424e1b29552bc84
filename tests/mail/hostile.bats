#!/usr/bin/env bats
# Mails that mean harm (tests/mail/hostile writes them), through the installed tools: each within 256 MB and 5 s of a
# processor, each with a fate in the ledger; then what becomes of their words elsewhere.
load helper

hostile=${BATS_TEST_FILENAME%.bats}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<-'END'
		name = "Support"   address = "support@example.org"   ticket_prefix = "SUP"
		acknowledge = true
		transport "maildir" { path = "out" }
	END
}

# take NAME...: takes the mails in; what became of each, a line a mail: its name, the ledger's fate and reason.
take() {
	local name
	for name; do
		"$hostile" "$name" | within tkt-mailin || echo "$name: status $?"
	done
	tkt-log --mail --format tsv -o fate,reason | paste -d ' ' <(printf '%s\n' "$@") - | sed 's/\t/ /g; s/ *$//'
}

# expect: standard input is a table, a line a mail: its name, fate and reason. The mails are taken in and compared.
expect() {
	local names
	cat >table
	mapfile -t names < <(cut -d ' ' -f 1 table)
	run -0 take "${names[@]}"
	same "$output" "$(cat table)"
}

# visible COMMAND...: on a terminal it shows nothing that the terminal would obey, but for colours of its own.
visible() {
	within "$root/tests/terminal" env TERM=xterm PAGER=cat "$@" >raw
	sed 's/\x1b\[[0-9;]*m//g' raw >shown
	! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]' shown
}

@test "headers beyond all bounds" {
	expect <<-'END'
		header-fields opened there are too many header fields
		header-fields-of-a-part opened there are too many header fields
		header-fields-of-parts-within-bounds opened there are too many header fields
		header-fields-within-bounds opened the header is too long
		header-field-of-10-mb opened a header field is too long
		header-subject-of-10-mb opened a header field is too long
		header-from-of-10-mb opened a header field is too long
		header-folded-of-10-mb opened a header field is too long
		header-without-end refused not one header field: no letter
		groups-nested opened there are too many groups of addresses
		groups-nested-in-from opened there are too many groups of addresses
		groups-nested-within-bounds opened there are too many groups of addresses
		groups-encoded opened
		recipients opened a header field is too long
		recipients-within-bounds opened the header is too long
		references opened a header field is too long
		references-within-bounds opened
		references-open opened
		received opened there are too many header fields
		received-comments opened the header is too long
		thread-index opened
		subject-prefixes opened
		subject-ids appended
	END
}

@test "encoded words, comments, quotes, domains and dates" {
	expect <<-'END'
		words-of-10-mb opened a header field is too long
		words-of-one-byte opened
		words-of-unknown-charsets opened
		words-of-all-charsets opened
		words-without-end opened there are too many encoded words without an end
		words-without-end-in-addresses opened there are too many encoded words without an end
		words-within-words opened
		words-in-the-name opened
		comments-in-from opened
		comments-in-from-closed opened
		comments-in-content-type opened
		comments-in-date opened
		quote-without-end-in-from opened a header field is too long
		quote-without-end-in-content-type opened a header field is too long
		quote-without-end-within-bounds opened the header is too long
		domains-and-routes opened
		domains-international opened
		dates opened
	END
}

@test "parts, boundaries, attachments" {
	expect <<-'END'
		parts-nested opened parts are nested too deep
		parts-nested-within-bounds opened
		parts-empty opened there are too many parts
		parts-nested-mails opened
		parts-nested-mails-and-multiparts opened parts are nested too deep
		boundary-of-100-kb opened a header field is too long
		boundaries-alike opened
		parameters opened
		attachments opened there are too many parts
		attachments-within-bounds opened
		attachments-like-text opened
		name-of-100-kb opened a header field is too long
		names-within-bounds opened
	END
}

@test "texts: long, of no charset, of NUL bytes" {
	expect <<-'END'
		null-bytes opened
		null-bytes-alone opened the text is too long and was cut; the whole is attached
		text-in-a-line opened the text is too long and was cut; the whole is attached
		text-of-50-mb opened the text is too long and was cut; the whole is attached
		text-of-50-mb-in-base64 opened the text is too long and was cut; the whole is attached
		text-of-50-mb-quoted opened the text is too long and was cut; the whole is attached
		text-of-blank-lines opened the text is too long and was cut; the whole is attached
		text-of-carriage-returns opened the text is too long and was cut; the whole is attached
		text-of-high-bytes opened the text is too long and was cut; the whole is attached
		charset-utf-7 opened the text is too long and was cut; the whole is attached
		charset-utf-16 opened the text is too long and was cut; the whole is attached
		charset-iso-2022 opened
		charset-stated-in-10-kb opened
	END
}

@test "texts: quoted, flowed, uuencoded" {
	expect <<-'END'
		text-quoted-deep opened
		text-quoted-lines opened
		text-of-introductions opened
		text-of-flowed-lines opened
		text-uuencoded opened
		text-uuencoded-without-end opened the text is too long and was cut; the whole is attached
		text-uuencoded-often opened
	END
}

@test "HTML" {
	expect <<-'END'
		html-nested opened
		html-tables opened
		html-quotes opened the text is too long and was cut; the whole is attached
		html-lists opened
		html-attributes opened
		html-attribute-of-10-mb opened
		html-entities opened
		html-comment-without-end opened the text is too long and was cut; the whole is attached
		html-comments opened
		html-less-than opened the text is too long and was cut; the whole is attached
		html-open-tags opened the text is too long and was cut; the whole is attached
		html-scripts opened
		html-declarations opened
		html-links opened
		null-bytes-in-html opened
	END
}

@test "delivery reports" {
	expect <<-'END'
		bounce-of-many bounce a delivery report
		bounce-in-words bounce a delivery report
	END
}

@test "no mail is left out here" {
	local name
	for name in $("$hostile"); do
		grep -qE "[[:blank:]]$name( |\$|;)" "$BATS_TEST_FILENAME" || echo "$name"
	done >missing
	same "$(cat missing)" ""
}

@test "what cannot be read is a ticket from its cut header, with the mail as it came attached" {
	"$hostile" received >mail
	run -0 tkt-mailin --print <mail
	same "$(jq -r 'select(.type == "ticket") | .requester.email, .subject' <<<"$output")" $'a@example.org\nx'
	same "$(jq -c 'select(.type == "message") | .attachments' <<<"$output")" \
		"$(printf '[{"name":"mail.eml","content_type":"message/rfc822","size":%s,"sha256":"%s"}]' "$(stat -c %s mail)" "$(sha256sum mail | cut -d ' ' -f 1)")"
}

@test "line breaks in any field reach no header of the mail that we send" {
	"$hostile" line-breaks-in-fields | tkt-mailin
	echo Answer | tkt-reply SUP-1 >/dev/null
	tkt-mailout >/dev/null
	awk -F : 'FNR == 1 { header = 1 } /^$/ { header = 0 } header && /^[^ \t]/ { print $1 }' "$TKT_DESK"/out/new/* >fields
	run -0 sort -u fields
	same "$output" "$(printf '%s\n' Auto-Submitted Cc Content-Transfer-Encoding Content-Type Date Delivered-To From In-Reply-To \
		MIME-Version Message-ID References Return-Path Subject To X-Auto-Response-Suppress X-Tkt-Desk)"
	run -0 sort -u <(grep -h '^Subject: Re' "$TKT_DESK"/out/new/*)
	same "$output" 'Subject: Re: [SUP-1] Helpx  Bcc: victim@example.com    body'
}

@test "names of attachments are no paths and hold nothing that a terminal obeys" {
	"$hostile" names | tkt-mailin
	"$hostile" name-star | tkt-mailin
	run -0 jq -r '.attachments // [] | .[].name | gsub("b{100,}"; "b...")' <(tkt-show --format json SUP-1 SUP-2)
	same "$output" "$(cat <<-'END'
		x
		passwd
		boot.ini
		x.exe
		part-5.bin
		part-6.bin
		rf
		root
		]0;x[2Ja.txt
		a
		ab....txt
		*=utf-8''..%2F..%2Fx%0D%0Ay
		a  Bcc: x@example.org
		gpj.exe
		part-15.bin
		CON
		a b
		xy[2J
	END
	)"
}

@test "on a terminal, escape sequences and bidi controls can be seen and do nothing" {
	local name
	for name in escape-sequences text-of-invisible-marks words-within-words null-bytes names; do
		"$hostile" $name | tkt-mailin
	done
	for name in 1 2 3 4 5; do
		visible tkt-show SUP-$name
	done
	visible tkt-list
	visible tkt-log --mail
	visible tkt-log
	visible sh -c "$(printf '%q ' "$hostile" escape-sequences) | tkt-mime --format table"
}

@test "who forges an id, a reference, a token or the desk's mark gets a ticket of his own" {
	mail anna@example.com Printer 'It jams.' 'Message-ID: <anna@example.com>' | tkt-mailin
	mail m1@example.net 'Re: [SUP-1] Printer' Text | tkt-mailin
	mail m2@example.net Printer Text 'In-Reply-To: <anna@example.com>' 'References: <anna@example.com>' | tkt-mailin
	mail m3@example.net Printer Text | tkt-mailin --recipient support+r1-aaaaaaaaaaaaaaaa@example.org
	mail m4@example.net Printer Text 'Delivered-To: support+r1-aaaaaaaaaaaaaaaa@example.org' 'X-Tkt-Desk: 0123456789abcdef0123456789abcdef' | tkt-mailin
	run -0 tkt-log --mail --format tsv -o fate,ticket
	same "$output" $'opened\tSUP-1\nopened\tSUP-2\nopened\tSUP-3\nopened\tSUP-4\nopened\tSUP-5'
	same "$(tkt-show --format json SUP-1 | jq -r 'select(.type == "message") | .direction + " " + .author.email')" $'in anna@example.com\nout support@example.org'
}
