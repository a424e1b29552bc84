#!/usr/bin/env bats
# What we write, read by a strict reader of another make: headers, names, texts and files come out as they went in.
load ../cli/helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
	long=$(printf 'x%.0s' {1..1000})
	cyrillic=$(printf 'ж%.0s' {1..1000})
}

# desk_with HTML
desk_with() {
	conf <<-END
		address = "support@example.org"
		name = 'Поддержка, "24"'
		recipient_delimiter = "+"
		html = $1
		transport "maildir" { path = "outbox" }
	END
	html=$1
}

# written SUBJECT NAME BODY [FILE...]: the mail of a new ticket's answer is what went in.
written() {
	local subject=$1 name=$2 body=$3 id file change
	shift 3
	id=$(jq -nc --arg subject "$subject" --arg name "$name" \
		'{subject: $subject, requester: {email: "anna@example.com", name: $name}, cc: ["bob@example.com"]} | with_entries(select(.value != ""))' |
		tkt-new -o id)
	for file; do
		printf 'contents of %s' "$file" >"$file"
	done
	if [ $# -gt 0 ]; then
		printf %s "$body" | tkt-reply --quiet "${@/#/--attach=}" "$id"
	else
		jq -nc --arg id "$id" --arg body "$body" '{type: "change", ticket: $id, message: {body: $body}}' | tkt-apply --quiet
	fi
	tkt-mailout --show "$(tkt-mailout --list --ticket "$id" -o number | head -n 1)" >letter
	subject=${subject//$'\n'/ }
	change=$(jq -nc --arg subject "Re: [$id]${subject:+ $subject}" --arg name "$name" --arg body "$body" --argjson html "$html" \
		'{subject: $subject, name: $name, cc: ["bob@example.com"], html: $html, message: {body: $body, attachments: [$ARGS.positional[] | {name: .}]}}' --args "$@")
	printf '%s\n' "$change" >expected
	/usr/bin/python3 "$root/tests/mail/written-check" letter expected || { cat letter; return 1; }
}

@test "subjects and names of every kind, with HTML and without" {
	for kind in false true; do
		desk_with "$kind"
		written 'Printer' 'Anna' 'It is silent.'
		written 'Не печатает принтер на втором этаже, в комнате двести один, и никто не знает, почему это так случилось' \
			'Иванова-Петрова, Анна "Мария" Сергеевна' 'Он молчит.'
		written '🖨🔥 prints 👩‍👩‍👧‍👦 nothing' '👩‍💻 Anna' '🖨🔥'
		written "${long:0:900}" "O\"Neill\\" 'Text'
		written "${cyrillic:0:400}" "${cyrillic:0:100}" 'Text'
		written 'a, b; c: <d> (e) "f" @g [h]' 'a, b; c: <d> (e) @g [h]' 'Text'
		written '=?utf-8?B?eA==?= x =?' '=?utf-8?Q?x?=' 'Text'
		written 'Printer' '' 'Text'
	done
}

@test "texts of every kind, with HTML and without" {
	for kind in false true; do
		desk_with "$kind"
		written Printer Anna ''
		written Printer Anna "$long"
		written Printer Anna "$cyrillic $long $cyrillic"
		written Printer Anna $'.\n..\n. a\n.'
		written Printer Anna $'From here\n>From there\n From\nFrom'
		written Printer Anna $'blanks  \n   \n  and  more  blanks   \n\n\n'
		written Printer Anna $'> quoted\n>> twice\n>not stuffed\n> > apart\n>\nAnswer.\n-- \nSupport'
		written Printer Anna "> $(printf 'слово %.0s' {1..60})"
		written Printer Anna "$(printf 'word %.0s' {1..400})"
		written Printer Anna $'<b>&amp; "quoted" \'single\'\nhttps://example.org/?a=1&b=<2> =?utf-8?q?x?=\n--=_x--'
		written Printer Anna $'tabs\tand\ttabs\n=3D =\n='
	done
}

@test "names of files of every kind" {
	desk_with true
	written Printer Anna 'See the files.' a.txt 'Счёт за март, 2026.pdf' 'a b;c="d".txt' "it's %41 100%.txt" '🖨.png' \
		"$(printf 'имя%.0s' {1..20}).docx" .hidden '=?utf-8?q?x?=.txt'
}
