#!/usr/bin/env bats
# Mails with one trouble each: NAME.eml must become NAME.json, compared whole. Then hostile ones, in
# bounds of memory and time.
load helper

mails=${BATS_TEST_FILENAME%/*}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "each mail becomes its object" {
	wrong=0
	for file in "$mails"/*.eml; do
		status=0
		tkt-mime "$file" >object 2>errors || status=$?
		if [ "$status" -ne 0 ] || [ -s errors ] || ! diff -u "${file%.eml}.json" object; then
			printf '%s: status %s: %s\n' "${file##*/}" "$status" "$(cat errors)"
			wrong=1
		fi
	done
	[ "$wrong" -eq 0 ]
}

@test "each expected object keeps to the schema" {
	cat "$mails"/*.json >objects
	run -0 valid message objects
	same "$output" ""
}

@test "with an expected language the charset of a short word is found" {
	printf "From: a@example.org\nSubject: \317\362\n\n" >mail # Пт of windows-1251
	run -0 tkt-mime -o subject --format json -l ru mail
	same "$output" '{"type":"message","subject":"Пт"}'
	# two characters of GB18030
	printf 'From: a@example.org\nSubject: x\n\n\304\343\272\303\n' >mail
	run -0 tkt-mime -o body --format json -l zh mail
	same "$output" '{"type":"message","body":"你好"}'
}

# repeat COUNT TEXT: the text so often.
repeat() {
	head -c "$(($1 * ${#2}))" < <(yes -- "$2" | tr -d '\n')
}

# lines COUNT TEXT: a line so often.
lines() {
	head -n "$1" < <(yes -- "$2")
}

# bounded FILE: reads the mail within the bounds of memory and time.
bounded() {
	run -0 --separate-stderr within sh -c 'tkt-mime "$1" >object' - "$1"
}

# cut FILE WHY: the mail is an object from its header, with the raw mail as its only attachment.
cut_short() {
	bounded "$1"
	same "$stderr" "tkt-mime: $1: $2"
	same "$(cat object)" '{"type":"message","kind":"public","direction":"in","channel":"mail","author":{"email":"a@example.org"},"subject":"x","auto":false,"bounce":false,"attachments":[{"name":"mail.eml","content_type":"message/rfc822","size":'"$(stat -c %s "$1"),\"sha256\":\"$(sha256sum "$1" | cut -d ' ' -f 1)\"}]}"
}

header=$'From: a@example.org\nSubject: x\n'

@test "50,000 header fields are cut" {
	{ printf %s "$header" && lines 50000 'X-Field: y' && printf '\nbody\n'; } >mail
	cut_short mail 'there are too many header fields'
}

@test "500,000 header fields of a part are cut" {
	{ printf '%sContent-Type: multipart/mixed; boundary=b\n\n--b\n' "$header" && lines 500000 'X-Field: y'; } >mail
	cut_short mail 'there are too many header fields'
}

@test "50,000 nested groups of addresses are cut" {
	{ printf '%sTo: ' "$header" && repeat 50000 'a:' && printf '\n\nbody\n'; } >mail
	cut_short mail 'there are too many groups of addresses'
}

@test "1,000 nested parts are cut" {
	{
		printf %s "$header"
		for ((i = 0; i < 1000; i++)); do
			printf 'Content-Type: multipart/mixed; boundary=b%s\n\n--b%s\n' $i $i
		done
		printf '\ntext\n'
	} >mail
	cut_short mail 'parts are nested too deep'
}

@test "1.4 million parts are cut, whatever way their boundary is written" {
	for boundary in '; boundary=b' '; boundary*0=b' '; (comment) boundary=b' '; boundary="\b"' ';boundary="=?utf-8?q?b?="'; do
		{ printf '%sContent-Type: multipart/mixed%s\n\n' "$header" "$boundary" && lines 1400000 --b; } >mail
		cut_short mail 'there are too many parts'
	done
}

@test "a line of 10 MB is text up to 8 MB, and whole in an attachment" {
	{ printf '%s\n' "$header" && repeat 10000000 a; } >mail
	bounded mail
	same "$stderr" 'tkt-mime: mail: the text is too long and was cut; the whole is attached'
	same "$(jq -c '[(.body | length), .attachments[0].size]' object)" '[8388608,10000000]'
}

@test "hostile HTML loses no text" {
	local html=$header$'Content-Type: text/html\n\n'
	{ printf %s "$html" && repeat 1000000 '<b>' && printf text; } >nested
	{ printf '%s<x' "$html" && repeat 500000 ' ab=c' && printf '>text'; } >attributes
	{ printf %s "$html" && repeat 200 '<div>' && repeat 1000000 '</i>' && printf text; } >unopened
	{ printf %s "$html" && repeat 100000 '<p><a href="http://example.org">' && printf text; } >links
	for name in nested attributes unopened links; do
		bounded $name
		same "$stderr" ""
		same "$name: $(jq -r .body object | tail -n 1)" "$name: text"
	done
}

@test "a letter of three bytes is whole wherever the parser of HTML has been given enough" {
	local start euros
	euros=$(printf '€%.0s' {1..10000})
	for start in x xx xxx; do
		{ printf '%sContent-Type: text/html; charset=utf-8\n\n' "$header" && repeat 300 '<b>' && printf %s "$start$euros"; } >deep
		bounded deep
		same "$start: $(jq -r .body object)" "$start: $start$euros"
	done
}
