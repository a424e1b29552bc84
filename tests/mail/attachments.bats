#!/usr/bin/env bats
# Which attachments of a letter are set aside, what becomes of them, and who is told (S0-6).
load helper
load files

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	settings 'attachment "image" { allow = {"image/jpeg", "image/gif", "image/png"} }'
}

# settings LINE...: a desk with these lines
settings() {
	printf '%s\n' 'name = "Support"' 'address = "support@example.org"' 'ticket_prefix = "SUP"' \
		'languages = {"en", "ru"}' 'transport "maildir" { path = "outbox" }' "$@" | conf
}

# attachments [ID]: of the letters of a ticket: name, stated type, true type where it is another, why it is set aside.
attachments() {
	tkt-show --messages --format json "${1:-SUP-1}" | jq -r 'select(.direction == "in") | .attachments[]? |
		[.name, .content_type, .true_type // "-", .set_aside // "-"] | join(" | ")'
}

# told [ID]: the automatic mails of a ticket.
told() {
	tkt-show --messages --format json "${1:-SUP-1}" | jq -r 'select(.direction == "out") | "\(.subject)\n\(.body)"'
}

# numbers: what the last automatic mail says of which attachments.
numbers() {
	told "$@" | grep -E ': ([0-9].*|-)$'
}

@test "true types: what is no JPEG, GIF or PNG by its contents is set aside as a picture" {
	letter anna@example.com pictures jpeg:image/jpeg:a.jpg gif:image/gif:b.gif png:image/png:c.png bmp:image/bmp:d.bmp \
		tiff:image/tiff:e.tif webp:image/webp:f.webp heic:image/heic:g.heic svg:image/svg+xml:h.svg \
		svg-with-prologue:image/svg+xml:i.svg | tkt-mailin
	same "$(attachments)" 'a.jpg | image/jpeg | - | -
b.gif | image/gif | - | -
c.png | image/png | - | -
d.bmp | image/bmp | - | image/bmp is not allowed
e.tif | image/tiff | - | image/tiff is not allowed
f.webp | image/webp | - | image/webp is not allowed
g.heic | image/heic | - | image/heic is not allowed
h.svg | image/svg+xml | - | image/svg+xml is not allowed
i.svg | image/svg+xml | - | image/svg+xml is not allowed'
	tkt-show --messages --format json SUP-1 | valid message
}

@test "true types: names and stated types change nothing" {
	letter anna@example.com disguised png:text/plain:a.txt bmp:image/png:b.png bmp:application/octet-stream:c.dat \
		jpeg:image/jpg:d.jpg png-truncated:image/png:e.png png-stub:image/png:f.png empty:image/png:g.png \
		program:image/png:h.png html:image/jpeg:i.jpg | tkt-mailin
	same "$(attachments)" 'a.txt | text/plain | image/png | -
b.png | image/png | image/bmp | image/bmp is not allowed
c.dat | image/bmp | - | image/bmp is not allowed
d.jpg | image/jpg | - | -
e.png | image/png | - | -
f.png | image/png | application/octet-stream | application/octet-stream called image/png is not allowed
g.png | image/png | - | -
h.png | image/png | application/vnd.microsoft.portable-executable | application/vnd.microsoft.portable-executable called image/png is not allowed
i.jpg | image/jpeg | text/html | text/html called image/jpeg is not allowed'
	same "$(numbers)" 'of a kind that is not accepted: 2 (image/bmp), 3 (image/bmp), 6 (application/octet-stream), 8 (application/vnd.microsoft.portable-executable), 9 (text/html)
by their names: -
too large: -
more than one letter may have: -'
}

@test "other files are untouched by a rule of pictures, and forms of the text are no attachments" {
	letter anna@example.com others alternative program:application/octet-stream:a.exe pdf:application/pdf:b.pdf \
		text:text/plain:c.log csv:text/csv:d.csv | tkt-mailin
	same "$(attachments | cut -d '|' -f 4 | sort -u)" ' -'
	settings 'attachment "any" { allow = {"image/*"}   count = 1 }'
	letter anna@example.com others-again alternative png:image/png:a.png gif:image/gif:b.gif | tkt-mailin
	same "$(attachments SUP-2 | cut -d '|' -f 1,4)" 'part-3.html | -
a.png | -
b.gif | more than 1 of the kind any'
	same "$(numbers SUP-2 | tail -n 1)" 'more than one letter may have: 2'
}

@test "a desk without sections sets nothing aside and does not look" {
	settings
	letter anna@example.com all bmp:image/png:a.png program:image/jpeg:b.jpg | tkt-mailin
	same "$(attachments)" 'a.png | image/png | - | -
b.jpg | image/jpeg | - | -'
	same "$(told | head -n 1)" '[SUP-1] We have received your request'
}

@test "libmagic is opened where a section needs it; where it fails the stated type counts" {
	letter anna@example.com one bmp:image/png:a.png text:text/plain:b.txt >mail
	loads() {
		LD_DEBUG=files LD_DEBUG_OUTPUT=$PWD/loaded tkt-mailin <mail
		cat loaded.* | grep -c 'calling init: .*/libmagic' || true
		rm loaded.*
	}
	settings
	same "$(loads)" 0
	settings 'attachment "image" { allow = {"image/png"} }'
	sed -i 's/^Subject: .*/Subject: two/; s/^Message-ID: </&2/' mail
	same "$(loads)" 1
	letter anna@example.com three bmp:image/png:a.png bmp:image/bmp:b.bmp >mail
	MAGIC=/nowhere tkt-mailin <mail
	same "$(attachments SUP-1)" $'a.png | image/png | - | -\nb.txt | text/plain | - | -'
	same "$(attachments SUP-2)" $'a.png | image/png | image/bmp | image/bmp is not allowed\nb.txt | text/plain | - | -'
	same "$(attachments SUP-3)" $'a.png | image/png | - | -\nb.bmp | image/bmp | - | image/bmp is not allowed'
	same "$(numbers SUP-3 | head -n 1)" 'of a kind that is not accepted: 2'
}

@test "the whole of a text that was cut is the letter itself; a file within its text is an attachment" {
	settings 'attachment "any" { size = "1M" }   attachment "image" { allow = {"image/png"} }'
	{ mail anna@example.com long '' && head -c 9000000 </dev/zero | tr '\0' x && echo; } | tkt-mailin
	same "$(attachments | cut -d '|' -f 2-)" ' text/plain | - | -'
	{ mail anna@example.com within 'See:' && echo && uu picture.png; } | tkt-mailin
	same "$(attachments SUP-2)" 'picture.png | image/bmp | - | image/bmp is not allowed'
}

# uu NAME: a BMP in uuencode
uu() {
	file bmp | /usr/bin/python3 -c 'import binascii, sys
data = sys.stdin.buffer.read()
print("begin 644", sys.argv[1])
for i in range(0, len(data), 45): print(binascii.b2a_uu(data[i:i + 45]).decode(), end="")
print("`\nend")' "$1"
}

@test "deny, patterns, names, sizes and counts" {
	settings 'attachment "image" { allow = {"image/*"}   deny = {"image/svg+xml"}   count = 2 }' \
		'attachment "application" { deny = {"application/x-dosexec"} }' \
		'attachment "any" { names = {"*.exe", "*.js"}   size = "1k" }'
	letter anna@example.com kinds svg:image/svg+xml:a.svg png:image/png:b.png gif:image/gif:c.gif jpeg:image/jpeg:d.jpg \
		program:application/octet-stream:e.bin text:text/plain:F.EXE text:text/plain:g.exe. text:text/plain:h.txt | tkt-mailin
	same "$(attachments | cut -d '|' -f 1,4)" 'a.svg | image/svg+xml is denied
b.png | -
c.gif | -
d.jpg | more than 2 of the kind image
e.bin | application/vnd.microsoft.portable-executable is denied
F.EXE | its name is like *.exe
g.exe | its name is like *.exe
h.txt | -'
	same "$(numbers)" 'of a kind that is not accepted: 1 (image/svg+xml), 5 (application/vnd.microsoft.portable-executable)
by their names: 6, 7
too large: -
more than one letter may have: 4'
	{
		letter anna@example.com large text:text/plain:a.txt | sed '$d'
		printf -- '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=b.txt\n\n%s\n--b--\n' \
			"$(head -c 1500 </dev/zero | tr '\0' x)"
	} | tkt-mailin
	same "$(attachments SUP-2 | cut -d '|' -f 1,4)" 'a.txt | -
b.txt | it has more than 1024 bytes'
	same "$(numbers SUP-2 | sed -n 3p)" 'too large: 2'
}

@test "a kind's section that allows a type by name is not overruled by 'any' in that" {
	settings 'attachment "image" { allow = {"image/png"} }' 'attachment "any" { allow = {"application/pdf"}   count = 2 }'
	letter anna@example.com both png:image/png:a.png pdf:application/pdf:b.pdf text:text/plain:c.txt png:image/png:d.png | tkt-mailin
	same "$(attachments | cut -d '|' -f 1,4)" 'a.png | -
b.pdf | -
c.txt | text/plain is not allowed
d.png | more than 2 of the kind any'
}

@test "what is set aside is kept, and comes out with --aside alone" {
	letter anna@example.com pictures bmp:image/bmp:a.bmp png:image/png:b.png | tkt-mailin
	run -77 --separate-stderr tkt-show --attachment 1 SUP-1
	same "$output" ""
	same "$stderr" "tkt-show: attachment 1 is set aside: image/bmp is not allowed; --aside writes it all the same"
	cmp <(file bmp) <(tkt-show --attachment 1 --aside SUP-1)
	cmp <(file png) <(tkt-show --attachment 2 SUP-1)
	run -0 --separate-stderr tkt-show --save out SUP-1
	same "$output" "out/b.png"
	same "$stderr" "tkt-show: attachment 1 is set aside: image/bmp is not allowed; --aside saves it too"
	run -0 --separate-stderr tkt-show --save all --aside SUP-1
	same "$output" $'all/a.bmp\nall/b.png'
	same "$stderr" ""
	cmp <(file bmp) all/a.bmp
	run -64 --separate-stderr tkt-show --aside SUP-1
	same "$stderr" "tkt-show: '--aside' goes with --attachment or --save"
	same "$(tkt-show --format table SUP-1 | grep '^\[')" '[1] a.bmp, image/bmp, 58 bytes, set aside: image/bmp is not allowed
[2] b.png, image/png, 69 bytes'
	same "$(LANGUAGE=ru tkt-show --format table SUP-1 | grep '^\[1')" '[1] a.bmp, image/bmp, 58 байт, отложено: image/bmp is not allowed'
}

@test "what is set aside does not leave with a reply" {
	letter anna@example.com pictures bmp:image/bmp:a.bmp png:image/png:b.png | tkt-mailin
	tkt-show --messages --format json SUP-1 | jq -c 'select(.direction == "in") |
		{type: "change", ticket: "SUP-1", message: {kind: "public", direction: "out", channel: "mail", body: "See.", attachments: .attachments}}' >change
	run -65 --separate-stderr tkt-apply <change
	same "$stderr" "tkt-apply: stdin:1: attachment 'a.bmp' was set aside and does not leave: image/bmp is not allowed"
	jq -c '.message.attachments |= [.[] | select(.set_aside | not)]' change >good
	run -0 tkt-apply --quiet <good
}

@test "the sender is told once, in the language of the ticket, and gets no acknowledgement beside it" {
	letter anna@example.com pictures bmp:image/bmp:'Ann secret'.bmp png:image/png:b.png tiff:image/tiff:c.tif | tkt-mailin
	same "$(told)" '[SUP-1] Some attachments were set aside
Hello,

your letter has reached Support. Its number is SUP-1.

Some of its attachments were not taken in. By their place in the letter:

of a kind that is not accepted: 1 (image/bmp), 3 (image/tiff)
by their names: -
too large: -
more than one letter may have: -

All the rest has been received. If we need what was set aside, please send
it again in another form: answer this letter and leave the number in the
subject.

This is an automatic answer.

-- 
Support
support@example.org'
	same "$(tkt-mailout --list --format json | jq -c '[.recipients, .sender]')" '[["anna@example.com"],null]'
	letter anna@example.com 'Re: [SUP-1] more' heic:image/heic:d.heic | tkt-mailin # a follow-up: not confirmed, but told
	same "$(told | grep -c '^\[SUP-1\] Some')" 2
	letter anna@example.com 'Re: [SUP-1] and more' png:image/png:d.png | tkt-mailin
	same "$(told | grep -c '^\[SUP-1\]')" 2
	letter boris@example.com 'Снимок экрана' bmp:image/bmp:a.bmp | tkt-mailin
	same "$(told SUP-2 | head -n 1)" '[SUP-2] Часть вложений отложена'
	same "$(numbers SUP-2 | head -n 1)" 'вид, который не принимается: 1 (image/bmp)'
}

@test "the sender is told where nothing else is confirmed, and what he states is not said again" {
	settings 'acknowledge = "none"' 'attachment "application" { allow = {"application/pdf"} }'
	letter anna@example.com invented empty:application/x-buy-now:'buy now' pdf:application/pdf:a.pdf | tkt-mailin
	same "$(attachments)" 'buy now | application/x-buy-now | - | application/x-buy-now is not allowed
a.pdf | application/pdf | - | -'
	same "$(numbers | head -n 1)" 'of a kind that is not accepted: 1'
	letter anna@example.com fine pdf:application/pdf:a.pdf | tkt-mailin
	same "$(told SUP-2)" ""
}

@test "machines, the null sender and those beyond the brake are told nothing; the ledger says why" {
	settings 'brake_answers = "1/1h"' 'attachment "image" { allow = {"image/png"} }'
	{ echo 'Auto-Submitted: auto-generated' && letter robot@example.com alert bmp:image/bmp:a.bmp; } | tkt-mailin
	letter anna@example.com null bmp:image/bmp:a.bmp | tkt-mailin --sender ''
	letter anna@example.com first bmp:image/bmp:a.bmp | tkt-mailin
	letter anna@example.com second bmp:image/bmp:a.bmp | tkt-mailin
	same "$(tkt-log --mail -o ticket,unanswered --format tsv)" $'SUP-1\ta machine\'s mail
SUP-2	a machine\'s mail
SUP-3\t
SUP-4\tthe brake: more than 1 answers in 3600 s: support@example.org anna@example.com'
	same "$(tkt-mailout --list -o ticket --format tsv)" SUP-3
	same "$(attachments SUP-1 | cut -d '|' -f 4)" ' image/bmp is not allowed'
}

@test "a stranger's note and an automatic reply on a ticket: set aside and not told" {
	settings 'stranger = "note"' 'attachment "image" { allow = {"image/png"} }'
	letter anna@example.com first png:image/png:a.png | tkt-mailin
	letter eve@example.net 'Re: [SUP-1] first' bmp:image/bmp:b.bmp | tkt-mailin
	{
		printf 'Auto-Submitted: auto-replied\nIn-Reply-To: <%s>\n' \
			"$(tkt-show --messages --format json SUP-1 | jq -r 'select(.direction == "out").message_id')"
		letter anna@example.com 'Away' gif:image/gif:c.gif
	} | tkt-mailin
	same "$(attachments | cut -d '|' -f 1,4)" 'a.png | -
b.bmp | image/bmp is not allowed
c.gif | image/gif is not allowed'
	same "$(tkt-log --mail -o unanswered --format tsv)" $'\na stranger\na machine\'s mail'
	same "$(told | grep -c Subject:)" 0
}

@test "a letter that could not be read whole keeps its original, whatever the rules" {
	settings 'attachment "any" { deny = {"message/*", "text/*"}   size = "0" }'
	{ mail anna@example.com cut text | sed '/^$/,$d' && yes 'X-Field: y' | head -n 2000 && printf '\ntext\n'; } | tkt-mailin
	same "$(attachments)" 'mail.eml | message/rfc822 | - | -'
}

@test "10,000 attachments, and 900 of them in bounds, are stored in bounded time" {
	many() {
		letter anna@example.com "$1 files" | sed '$d'
		local i
		for ((i = 1; i <= $1; i++)); do
			printf -- '--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=%s.png\n\nGIF89a %s\n' $i $i
		done
		printf -- '--b--\n'
	}
	settings 'attachment "image" { allow = {"image/png"}   count = 20 }'
	many 900 >some
	many 10000 >all
	run -0 timeout 60 tkt-mailin <some
	same "$(attachments | wc -l) $(attachments | cut -d '|' -f 4 | sort -u)" '900  image/gif is not allowed'
	same "$(numbers | head -n 1 | wc -c)" 346
	run -0 timeout 60 tkt-mailin <all
	same "$(attachments SUP-2)" 'mail.eml | message/rfc822 | - | -'
}

# found LINE: what tkt-lint says of a desk with that line.
found() {
	printf '%s\n' "$1" | conf
	tkt-lint --format=table || true
}

@test "tkt-lint: sections that cannot be meant so" {
	same "$(found 'attachment "pictures" { }')" \
		"desk.conf:1: error: 'attachment' cannot be 'pictures': one of any, application, audio, font, image, message, model, multipart, text, video"
	same "$(found 'attachment "image" { allow = {"png"} }')" \
		"desk.conf:1: error: 'png' is no media type: 'image/png', or 'image/*' for all of them"
	same "$(found 'attachment "image" { deny = {"*/*"} }')" \
		"desk.conf:1: error: '*/*' is no media type: 'image/png', or 'image/*' for all of them"
	same "$(found 'attachment "image" { allow = {"image/png", "application/pdf"} }')" \
		"desk.conf:1: error: 'application/pdf' is never of the kind 'image'"
	same "$(found 'attachment "any" { size = "much" }')" "desk.conf:1: error: 'much' is no size: write 500k, 16M, 1G"
	same "$(found 'attachment "any" { count = -1 }')" "desk.conf:1: error: 'count' cannot be '-1': a number up to 1000000"
	same "$(found 'attachment "any" { names = {""} }')" "desk.conf:1: error: 'names' is empty"
	same "$(found 'attachment "image" { allow = {"image/png", "image/jpg"}   deny = {"image/jpeg"} }')" \
		"desk.conf:1: warning: 'image/jpg' is allowed and denied: it is set aside"
	same "$(found 'attachment "image" { allow = {"image/png"}   deny = {"image/*"} }')" \
		"desk.conf:1: warning: 'image/png' is allowed and denied: it is set aside"
	same "$(found 'attachment "image" { allow = {"image/*"}   deny = {"image/svg+xml"} }')" ""
	same "$(found 'attachment "image" { count = 0 }')" \
		"desk.conf:1: warning: with a 'count' of 0 no attachment of the kind 'image' is taken"
	same "$(found 'attachment "image" { size = 0 }')" \
		"desk.conf:1: warning: with a 'size' of 0 no attachment of the kind 'image' is taken that has a byte"
	same "$(found $'languages = {"en", "de"}   acknowledge = "none"\nattachment "image" { }')" \
		"desk.conf:2: warning: there is no template 'set_aside' in 'de'"
	mkdir -p "$TKT_DESK/templates"
	printf 'Subject: {{id}}\n\n{{by_type}} {{by_name}} {{by_size}} {{by_count}} {{subject}}\n' >"$TKT_DESK/templates/set_aside.en"
	same "$(found 'attachment "image" { }')" "templates/set_aside.en:3: error: there is no variable 'subject'"
}
