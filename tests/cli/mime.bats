#!/usr/bin/env bats
# tkt-mime itself; what it makes of mails is in tests/mail.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mail 'Anna <Anna@Example.COM>' 'Printer' 'It is dead.' >letter.eml
	object='{"type":"message","kind":"public","direction":"in","channel":"mail","author":{"email":"anna@example.com","name":"Anna"},"to":[{"email":"support@example.org"}],"subject":"Printer","body":"It is dead.","body_new":"It is dead.","message_id":"'$(sed -n 's/^Message-ID: <\(.*\)>/\1/p' letter.eml)'","sent_at":"2026-03-02T08:59:00Z","auto":false,"bounce":false}'
}

@test "a mail on standard input becomes one object, without a desk" {
	run -0 --separate-stderr env -u TKT_DESK tkt-mime <letter.eml
	same "$output" "$object"
	same "$stderr" ""
}

@test "of several operands the bad ones are named, the others done" {
	printf 'no field here\n' >text
	run -65 --separate-stderr tkt-mime letter.eml text missing letter.eml
	same "$output" "$object"$'\n'"$object"
	same "$stderr" "tkt-mime: text: no header field: this is no mail
tkt-mime: cannot open 'missing': No such file or directory"
}

@test "input without one header field is 65" {
	for input in '' 'hello' $'\n\nhello' ': x'; do
		run -65 --separate-stderr tkt-mime <<<"$input"
		same "$output" ""
		same "$stderr" "tkt-mime: stdin: no header field: this is no mail"
	done
	run -0 --separate-stderr tkt-mime <<<'hello: x'
	same "$output" '{"type":"message","kind":"public","direction":"in","channel":"mail","auto":false,"bounce":false}'
}

@test "fields are chosen, and tsv is one line a mail" {
	run -0 --separate-stderr tkt-mime -o author.email,subject letter.eml
	same "$output" $'anna@example.com\tPrinter'
	run -64 --separate-stderr tkt-mime -o sender letter.eml
	same "$output" ""
	same "$stderr" "tkt-mime: there is no field 'sender'"
}

@test "attachments are written under their SHA-256" {
	mkdir files
	run -0 --separate-stderr tkt-mime -x files "$root/tests/mail/png-attached.eml"
	same "$(cd files && sha256sum ./*)" "$(jq -r '.attachments[] | .sha256 + "  ./" + .sha256' <<<"$output")"
	run -66 --separate-stderr tkt-mime --extract nowhere "$root/tests/mail/png-attached.eml"
	same "$output" ""
}

@test "libxml2, uchardet and libmagic are no libraries of the program" {
	run -0 ldd "$(command -v tkt-mime)"
	same "$(grep -E 'xml2|uchardet|magic|curl|sqlite' <<<"$output")" ""
}
