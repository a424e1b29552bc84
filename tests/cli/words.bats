#!/usr/bin/env bats
# What people read is in their language; what programs read is not.
load helper

setup() {
	desk
	cd "$BATS_TEST_TMPDIR" || return
}

# in_russian COMMAND...: any command with the messages in Russian.
in_russian() {
	LANGUAGE=ru "$@"
}

# two tickets, by mail and by hand
stocked() {
	mail anna@example.com 'Принтер молчит' 'Не печатает.' >letter.eml
	tkt-mailin <letter.eml
	tkt-new --quiet --as ivanova -c phone -r bob@example.com -s 'Log in' priority=critical <<<'My password is refused.'
}

# names: what stays as it is in a help text, one a line: members and words of the wire, formats, examples.
names() {
	jq -r '.. | objects | (.properties? // {} | keys[]), (.enum? // [] | .[] | strings)' "$TKT_DATADIR"/schema/*.json
	printf '%s\n' JSON CSV SHA Prometheus IMAP POP json table tsv csv desk conf keys maildir mbox due man default share desks ru zh phone chat monitoring
}

# latin: the words of standard input in Latin letters that are no option, no variable, no tool and no name.
latin() {
	names | sort -u >kept
	sed -E 's/(^|[^[:alnum:]])--?[a-z][a-z-]*/\1 /g; s/TKT_[A-Z]+//g; s/\btkt(-[a-zA-Z]+)?\b//g' |
		grep -oE '[A-Za-z_]{2,}' | sort -u | grep -vxFf kept || true
}

@test "a help text in English does not pass for Russian" {
	same "$(printf '  -l, --limit NUMBER  print at most so many (TKT_DESK)\nusage: tkt-list [-s FIELDS]\n' | latin | tr '\n' ' ')" \
		"FIELDS NUMBER many most print so usage "
	same "$(tkt-list --help | latin | grep -xE 'usage|the' | tr '\n' ' ')" "the usage "
}

@test "the help of every tool is in Russian throughout" {
	failures=
	for tool in "$prefix"/bin/tkt*; do
		[ "$(head -c 2 "$tool")" != '#!' ] || continue
		name=${tool##*/}
		in_russian "$tool" --help >help
		[ "$name" != tkt ] || sed -i -E 's/^  [a-z-]+(  |$)//' help # the commands that it lists
		words=$(latin <help)
		[ -z "$words" ] || failures+="$name: "${words//$'\n'/ }$'\n'
		plain=$(in_russian "$tool" --describe | jq -r 'select(.help // .summary) | .help // .summary | select(test("[а-яё]") | not)')
		[ -z "$plain" ] || failures+="$name: $plain"$'\n'
	done
	same "$failures" ""
}

@test "the help stands in columns, whatever the alphabet" {
	run -0 in_russian tkt-list --help
	same "$output" "использование: tkt-list [-ace] [-l ЧИСЛО] [-o ПОЛЯ] [-s ПОЛЯ] [-w СРОК] [ВЫРАЖЕНИЕ...]

Перечислить заявки, отобранные выражениями.

Параметры:
  -a, --all            без выражения: вместе с закрытыми
  -c, --count          вывести только количество
  -e, --exists         ничего не выводить: есть ли такие, скажет код завершения
  -l, --limit ЧИСЛО    вывести не больше стольких
  -o, --output ПОЛЯ    столбцы: id,due,subject
  -s, --sort ПОЛЯ      порядок: due,-priority; «-» меняет его на обратный
  -w, --wait СРОК      ждать столько (30s, 2h), пока не найдётся заявка

Общие параметры:
  -D, --desk ПАПКА     папка службы (TKT_DESK)
      --now ВРЕМЯ      считать это время текущим (TKT_NOW)
      --as СОТРУДНИК   действовать от имени сотрудника (TKT_AGENT)
      --format ФОРМАТ  выводить json, table, tsv или csv
      --quiet          не выводить объекты
      --describe       описать программу в JSON
      --version        показать версию
      --help           показать эту справку"
}

@test "--describe keeps the names of a synopsis" {
	same "$(in_russian tkt-list --describe | jq -r 'select(.synopsis) | .synopsis, .summary')" \
		"[-ace] [-l NUMBER] [-o FIELDS] [-s FIELDS] [-w LENGTH] [EXPRESSION...]
Перечислить заявки, отобранные выражениями."
	same "$(in_russian tkt-list --describe | jq -r 'select(.type == "operand") | .name')" EXPRESSION
}

# says STATUS TEXT COMMAND...: the command fails so, with that on standard error and nothing else.
says() {
	run -"$1" --separate-stderr in_russian "${@:3}"
	same "$stderr" "$2"
	[ -z "$output" ]
}

@test "errors are whole sentences in Russian" {
	says 64 "tkt: нет команды «lst»; возможно, «list»?" tkt lst
	says 64 "tkt-log: неизвестный параметр «--colour»; см. tkt-log --help" tkt-log --colour
	says 64 "tkt-show: параметру «--save» нужен аргумент" tkt-show --save
	says 64 "tkt-list: выражение «status=opne»: «opne» — недопустимое значение для «status»; возможно, «open»?" \
		tkt-list status=opne
	says 64 "tkt-list: выражение «(queue=l1 ru»: не хватает «and», «or» или «)» (символ 11)" tkt-list '(queue=l1 ru'
	says 1 "tkt-set: нет заявки «77»" tkt-set 77 status=open
	says 64 "tkt-reply: укажите только один из параметров --body и --template" tkt-reply --body a --template b TKT-1
	says 64 "tkt-mailout: укажите номер письма; номера покажет --list" tkt-mailout --show
	says 75 "tkt-mailin: укажите что-то одно: --maildir, --mbox, --release или --expire" tkt-mailin --maildir a --mbox b
	says 65 "tkt-apply: stdin:1: в изменении нет поля «colour»" tkt-apply <<<'{"type":"change","ticket":"TKT-1","colour":1}'
	says 64 "tkt-lint: укажите одну службу" tkt-lint one two
	says 64 "tkt-list: нет поля «deu»; возможно, «due»?" tkt-list --sort deu
}

@test "counts have the three forms of Russian" {
	for count in 1 2 5 11 21; do
		printf 'name = "a"\n' >"$TKT_DESK/desk.conf"
		for number in $(seq "$count"); do
			printf 'sla "s%s" { calendar = "c%s" first_response = "4h" }\n' "$number" "$number"
		done >>"$TKT_DESK/desk.conf"
		in_russian tkt-lint --quiet 2>&1 || true
	done >found
	same "$(cat found)" "tkt-lint: 1 ошибка в «$TKT_DESK»
tkt-lint: 2 ошибки в «$TKT_DESK»
tkt-lint: 5 ошибок в «$TKT_DESK»
tkt-lint: 11 ошибок в «$TKT_DESK»
tkt-lint: 21 ошибка в «$TKT_DESK»"
}

@test "a table has its head in Russian, its columns under it" {
	stocked
	COLUMNS=64 run -0 in_russian tkt-list --format table -o id,priority,overdue,subject,status --sort id
	same "$output" "Заявка      Приоритет  Просрочена  Тема                 Статус
TKT-1       normal     нет         Принтер молчит       new
TKT-2       critical   нет         Log in               new"
	COLUMNS=53 run -0 in_russian tkt-list --format table -o id,priority,overdue,subject,status --sort id
	same "$output" "Заявка      Приоритет  Просрочена  Тема      Статус
TKT-1       normal     нет         Принтер…  new
TKT-2       critical   нет         Log in    new"
}

@test "a ticket is shown in Russian, but for what its people wrote" {
	stocked
	run -0 in_russian tkt-show --format table TKT-2
	same "$output" "TKT-2  Log in
Статус:           new
Очередь:          support
Приоритет:        critical
Канал:            phone
Язык:             en
Подлинность:      none
Заявитель:        bob@example.com
Создано:          2026-03-02 09:00
Изменено:         2026-03-02 09:00

← 2026-03-02 09:00  bob@example.com  входящее, phone
My password is refused."
}

@test "what programs read has no language" {
	stocked
	for command in 'tkt-list --all' 'tkt-list -o id,overdue,age,subject' 'tkt-show TKT-1 TKT-2' 'tkt-show TKT-1 --format tsv' \
		'tkt-log' 'tkt-log --mail' 'tkt-log --format tsv' 'tkt-mime letter.eml' 'tkt-set -n --as ivanova TKT-1 status=open'; do
		# shellcheck disable=SC2086
		same "$(in_russian $command)" "$($command)"
	done
}

@test "the log has no language either: a letter that is read in part says why in English" {
	{
		printf 'From: anna@example.com\nSubject: many\nMessage-ID: <many@example.com>\n'
		seq -f 'X-%.0f: a' 20000
		printf '\nText\n'
	} >many.eml
	run -0 --separate-stderr in_russian tkt-mime many.eml
	same "$stderr" "tkt-mime: many.eml: слишком много заголовков"
	in_russian tkt-mailin <many.eml
	same "$(in_russian tkt-log --mail | jq -r .reason)" "there are too many header fields"
}
