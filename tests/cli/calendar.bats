#!/usr/bin/env bats
# tkt-calendar: working time, from one instant to another; a month; years that no list knows.
load helper

setup() {
	desk
	conf <<-'END'
		timezone = "Asia/Tokyo"
		calendar "office" { timezone = "Europe/Moscow"   week = {"mon-fri 08:00-18:00"}   holidays = {"ru"} }
		calendar "ural" { timezone = "Asia/Yekaterinburg"   week = {"mon-fri 09:00-18:00"}   holidays = {"ru"} }
		calendar "omsk" { timezone = "+06:00"   week = {"mon-fri 09:00-18:00"}   holidays = {"ru"} }
		calendar "berlin" { timezone = "Europe/Berlin"   week = {"always"} }
		calendar "night" {
			timezone = "Europe/Berlin"
			week = {"mon-thu 08:00-12:00 13:00-17:00", "fri 08:00-12:00", "sat 22:00-04:00"}
			days = {"2026-03-04 10:00-11:00", "2026-03-05 closed", "2026-03-08 09:00-10:00"}
		}
		calendar "never" { timezone = "Europe/Moscow" }
	END
	cd "$BATS_TEST_TMPDIR" || return
}

# answer OPERAND...: only what was found, by itself.
answer() {
	tkt-calendar "$@" | jq -r '.result // .result_seconds'
}

# gives EXPECTED OPERAND...: adds to `failures`.
gives() {
	local found
	found=$(answer "${@:2}" 2>errors) || true
	[ "$found" = "$1" ] || failures+="${*:2}: $found instead of $1 $(cat errors)"$'\n'
}

# refused STATUS TEXT OPERAND...
refused() {
	local status=0
	tkt-calendar "${@:3}" >out 2>errors </dev/null || status=$?
	[ "$status" -eq "$1" ] && [ "$(cat errors)" = "tkt-calendar: $2" ] && [ ! -s out ] ||
		failures+="${*:3}: $status $(cat errors out)"$'\n'
}

@test "the vectors of working time" {
	failures=
	gives 2025-11-01T12:00:00Z add office '2025-10-31 15:00' 24dh                          # V1
	gives 2025-06-16T07:00:00Z add office '2025-06-11 10:00' 24dh                          # V2
	gives 2025-11-01T07:00:00Z add ural '2025-10-27 09:00' 48wh                            # V3
	gives 2025-10-29T04:00:00Z add ural '2025-10-27 09:00' 48dh                            # V3
	gives 2025-11-06T04:30:00Z add ural 2025-11-05T12:30Z 1wh                              # V4
	gives 2025-11-06T04:00:00Z add omsk 2025-11-05T12:30:00Z 1wh                           # V4
	gives 2025-10-26T10:00:00Z add berlin '2025-10-25 12:00' 24dh                          # V5
	gives 2025-12-29T21:00:00Z add office '2025-12-25 11:11' 3cd                           # V6
	gives 2026-01-12T21:00:00Z add office '2025-12-29 11:11' 3cd                           # V6
	gives 1800 between office '2025-11-06 16:30' '2025-11-06 17:00'                        # V7: before its pause
	gives 2025-11-07T10:30:00Z add office '2025-11-07 10:00' 12600ws                       # V7: and after
	gives 2025-03-10T05:45:00Z add office '2025-03-07 16:45' 1wh                           # V8
	same "$failures" ""
}

@test "opening hours: gaps, closing, nights, days of their own" {
	failures=
	gives 2026-03-02T16:00:00Z add night '2026-03-02 11:00' 5wh      # over the gap, to closing itself
	gives 2026-03-03T07:00:01Z add night '2026-03-02 16:00' 3601ws   # a second more is the next day's
	gives 2026-03-02T11:00:00Z add night '2026-03-02 11:00' 1wh      # the gap's start, not its end
	gives 2026-03-01T03:00:00Z add night '2026-02-28 23:00' 5wh      # Saturday's night ends on Sunday
	gives 2026-03-04T09:00:01Z add night '2026-03-03 16:59:59' 2ws   # shorter by an override
	gives 2026-03-06T07:30:00Z add night '2026-03-04 10:30' 60wm     # closed by one
	gives 18000 between night 2026-03-08 2026-03-09T00:00:00+01:00   # an open Sunday, behind Saturday's night
	gives -18000 between night '2026-03-09 00:00:00' 2026-03-08
	gives 61200 between night 2026-03-02 '2026-03-04T11:00' --measure open
	gives 262800 between night 2026-03-02 '2026-03-06T01:00' -m days # three days, and an hour of the fourth that counts
	gives 349200 between night 2026-03-02 '2026-03-06T01:00' -m elapsed
	gives 2026-03-02T09:00:00Z add night now 0wh
	gives 2026-03-02T08:30:00Z add never 2026-03-02T08:00:00Z 30m
	same "$failures" ""
}

@test "clocks that skip an hour or repeat one" {
	failures=
	gives 2026-03-29T01:00:00Z add berlin '2026-03-29 01:30' 30wm  # 02:00 is 03:00
	gives 2026-03-29T01:00:00Z add berlin '2026-03-29 02:30' 0wm   # in the gap: its end
	gives 2026-10-25T00:30:00Z add berlin '2026-10-25 02:30' 0wm   # the first of two
	gives 82800 between berlin 2026-03-29 2026-03-30
	gives 90000 between berlin 2026-10-25 2026-10-26
	same "$failures" ""
}

@test "working days and terms" {
	failures=
	gives 2025-11-05T13:00:00Z add office '2025-10-31 16:00' 2wd # the worked Saturday is the first
	gives 2025-11-05T15:00:00Z add office '2025-10-31 20:00' 2wd # after closing: at closing
	gives 2026-03-05T05:00:00Z add office '2026-03-02 03:00' 3wd # before opening: at opening
	gives 2026-03-02T21:00:00Z add office '2026-03-01 11:00' 1cd
	gives 2026-03-10T21:00:00Z add office '2026-03-06 11:00' 1cd # Saturday; then Sunday, and Monday is a holiday
	same "$failures" ""
}

@test "the next opening" {
	failures=
	gives 2026-03-02T09:00:00Z next office # now, and it is open
	gives 2026-03-03T05:00:00Z next office '2026-03-02 18:00'
	gives 2026-03-10T05:00:00Z next office 2026-03-07
	gives 2026-03-08T02:59:59Z next night '2026-03-08 03:59:59' # the night of Saturday
	gives 2026-03-08T08:00:00Z next night '2026-03-08 04:00'
	same "$failures" ""
}

# every case of calendar/cases.jsonl, by a desk.conf of that folder
cases() {
	cp "$root/tests/cli/calendar/$1" "$TKT_DESK/desk.conf"
	tkt-calendar <"$2" >answers
	[ "$(wc -l <answers)" -eq "$(wc -l <"$2")" ]
	same "$(jq -c 'select((.result // .result_seconds) != .expect)' answers)" ""
}

@test "the sample cases, with all days written out" {
	cases days.conf "$root/tests/cli/calendar/cases.jsonl"
}

# What is a whole day there is one of the units dh here, which no short day shortens.
@test "the sample cases, with a list of holidays and the kinds that count" {
	jq -c 'if .calendar != "day24" then . elif .op == "add" then .length |= sub("ws"; "ds") else . + {measure: "days"} end' \
		"$root/tests/cli/calendar/cases.jsonl" >cases
	cases kinds.conf cases
	[ "$(grep -c '"days"' cases)" -gt 3 ]
}

@test "on a pipe an object, on a terminal a line, and columns" {
	run -0 tkt-calendar add office '2026-03-02 16:00' 4wh
	same "$output" '{"type":"reckoning","calendar":"office","op":"add","start":"2026-03-02T13:00:00Z","length":"4wh","result":"2026-03-03T07:00:00Z"}'
	valid reckoning <<<"$output"
	run -0 tkt-calendar between office 2026-03-02 2026-03-03 -m days
	same "$output" '{"type":"reckoning","calendar":"office","op":"between","measure":"days","start":"2026-03-01T21:00:00Z","end":"2026-03-02T21:00:00Z","result_seconds":86400}'
	valid reckoning <<<"$output"
	run -0 tkt-calendar next office
	same "$output" '{"type":"reckoning","calendar":"office","op":"next","start":"2026-03-02T09:00:00Z","result":"2026-03-02T09:00:00Z"}'

	run -0 "$root/tests/terminal" tkt-calendar add office '2026-03-02 16:00' 4wh
	same "$output" "4wh from Mon 2026-03-02 16:00 +03:00: Tue 2026-03-03 10:00 +03:00"
	run -0 tkt-calendar --format table add office '2025-12-29 16:00:30' 3cd
	same "$output" "3cd from Mon 2025-12-29 16:00:30 +03:00: Mon 2026-01-12 24:00 +03:00"
	run -0 tkt-calendar --format table between office 2026-03-02 '2026-03-02 10:00:05'
	same "$output" "2:00:05 (7205 s) from Mon 2026-03-02 00:00 +03:00 to Mon 2026-03-02 10:00:05 +03:00"
	run -0 tkt-calendar --format table between office '2026-03-02 10:00:05' 2026-03-02
	same "$output" "-2:00:05 (-7205 s) from Mon 2026-03-02 10:00:05 +03:00 to Mon 2026-03-02 00:00 +03:00"
	run -0 tkt-calendar --format table next office
	same "$output" "open at Mon 2026-03-02 12:00 +03:00"
	run -0 tkt-calendar --format table next office 2026-03-07
	same "$output" "opens at Tue 2026-03-10 08:00 +03:00"
	run -0 env LANGUAGE=ru tkt-calendar --format table add office '2026-03-02 16:00' 4wh
	same "$output" "4wh от Пн 2026-03-02 16:00 +03:00: Вт 2026-03-03 10:00 +03:00"

	run -0 tkt-calendar --format tsv add office '2026-03-02 16:00' 4wh
	same "$output" $'office\tadd\t2026-03-02T13:00:00Z\t\t4wh\t2026-03-03T07:00:00Z\t'
	run -0 tkt-calendar -o length,result add office '2026-03-02 16:00' 4wh
	same "$output" $'4wh\t2026-03-03T07:00:00Z'
	run -0 tkt-calendar --quiet add office now 4wh
	same "$output" ""
}

@test "questions on standard input come back with their answers, in their order; others pass as bytes" {
	run -0 --separate-stderr tkt-calendar <<-'END'
		{"id":7,"calendar":"office","op":"add","start":"2026-03-02 16:00","length":"4wh","note":{"a":[1.5,null]}}
		{"type":"ticket",  "id":"SUP-1", "op":"add"}
		{"calendar":"office","op":"between","start":"2026-03-02","end":"2026-03-03T00:00:00+03:00"}
		{"calendar":"office","op":"between","start":"2026-03-02","end":"2026-03-03","measure":"days","type":null}
		{"op":"next","calendar":"office","start":"now","result":"old","result_seconds":5,"missing_years":[1],"explanation":[]}
	END
	same "$output" '{"id":7,"calendar":"office","op":"add","start":"2026-03-02 16:00","length":"4wh","note":{"a":[1.5,null]},"result":"2026-03-03T07:00:00Z"}
{"type":"ticket",  "id":"SUP-1", "op":"add"}
{"calendar":"office","op":"between","start":"2026-03-02","end":"2026-03-03T00:00:00+03:00","result_seconds":36000}
{"calendar":"office","op":"between","start":"2026-03-02","end":"2026-03-03","measure":"days","type":null,"result_seconds":86400}
{"op":"next","calendar":"office","start":"now","result":"2026-03-02T09:00:00Z"}'
	same "$stderr" ""
}

@test "a bad line is named, the others are answered, the status is 65" {
	run -65 --separate-stderr tkt-calendar <<-'END'
		{"calendar":"office","op":"add","start":"now","length":"1wh"}
		{"calendar":"office","op":"add","start":"now","length":4}
		{"calendar":"office","op":"add","start":"now","length":"4"}
		{"calendar":"office","op":"add","start":"now"}
		{"calendar":"office","op":"add","start":"2026-02-30","length":"1wh"}
		{"calendar":"office","op":"subtract","start":"now"}
		{"calendar":"office","op":"betwen","start":"now"}
		{"calendar":"ofice","op":"next","start":"now"}
		{"calendar":"never","op":"add","start":"now","length":"1ws"}
		{"calendar":"office","op":"between","start":"now","end":"now","measure":"night"}
		{"calendar":"office","op":"next","start":"now","measure":"open"}
		{"calendar":["office"],"op":"next","start":"now"}
		{"op":"next","start":"now"}
		{"calendar":"office"}
		not an object
		{"calendar":"office","op":"next","start":"now"}
	END
	same "$output" '{"calendar":"office","op":"add","start":"now","length":"1wh","result":"2026-03-02T10:00:00Z"}
{"calendar":"office","op":"next","start":"now","result":"2026-03-02T09:00:00Z"}'
	same "$stderr" "tkt-calendar: stdin:2: 'length' must be a text with its unit: \"4wh\", not 4
tkt-calendar: stdin:3: '4' has no unit; write 4m, 4h, 4d, 4wh ...
tkt-calendar: stdin:4: 'length' is missing
tkt-calendar: stdin:5: '2026-02-30' is no time: write 2026-03-02, '2026-03-02 09:00', 2026-03-02T09:00:00Z, monday, 'monday 09:00', or a length from now: +2h, -2d
tkt-calendar: stdin:6: there is no operation 'subtract': add, between or next
tkt-calendar: stdin:7: there is no operation 'betwen'; did you mean 'between'?
tkt-calendar: stdin:8: there is no calendar 'ofice'; did you mean 'office'?
tkt-calendar: stdin:9: calendar 'never' is never open
tkt-calendar: stdin:10: there is no measure 'night': open, days or elapsed
tkt-calendar: stdin:11: 'measure' goes with the operation 'between' alone
tkt-calendar: stdin:12: 'calendar' must be a text
tkt-calendar: stdin:13: 'calendar' is missing
tkt-calendar: stdin:14: 'op' is missing
tkt-calendar: stdin:15: not a JSON object: '[' or '{' expected near 'not'"
}

@test "operands that cannot be" {
	failures=
	refused 64 "'4' has no unit; write 4m, 4h, 4d, 4wh ..." add office now 4
	refused 64 "there is no operation 'shwo'; did you mean 'show'?" shwo office
	for operands in 'add office now' 'add office now 4wh 5wh' next 'next office now now' 'between office now' show 'show office 2026-03 x' work; do
		# shellcheck disable=SC2086
		refused 64 "give: add CALENDAR START LENGTH, between CALENDAR START END, next CALENDAR [AT] or show CALENDAR [YYYY-MM]" $operands
	done
	refused 64 "'2026-3' is no month; write it as '2026-05'" show office 2026-3
	refused 64 "'2026-13' is no month; write it as '2026-05'" show office 2026-13
	refused 64 "'2026-03-02 24:00' is no time: write 2026-03-02, '2026-03-02 09:00', 2026-03-02T09:00:00Z, monday, 'monday 09:00', or a length from now: +2h, -2d" next office '2026-03-02 24:00'
	refused 64 "'--measure' goes with 'between' as an operand" -m days add office now 4wh
	refused 64 "'--measure' goes with 'between' as an operand" -m days
	refused 64 "'--output' goes with a question that is given as operands" -o result
	refused 64 "'--explain' goes with add, between and next" -e show office
	refused 64 "an operand is not UTF-8" add office $'\xff' 4wh
	refused 64 "there is no field 'reslt'; did you mean 'result'?" -o reslt next office
	refused 1 "there is no calendar 'ofice'; did you mean 'office'?" next ofice
	refused 65 "calendar 'never' is never open" add never now 1wh
	refused 65 "calendar 'never' is never open" next never
	refused 66 "cannot read the desk '/nowhere': No such file or directory" -D /nowhere next office
	same "$failures" ""
}

@test "a desk without calendars, one without a list that a calendar names" {
	failures=
	conf </dev/null
	refused 1 "there is no calendar 'office'" next office
	conf <<<'calendar "office" { week = {"always"} holidays = {"moon"} }'
	refused 78 "desk.conf:1: calendar 'office': there is neither 'calendars/moon.tsv' nor 'calendars/moon.ics'" next office
	mkdir -p "$TKT_DESK/calendars"
	printf '2026-05-01\tfestive\n' >"$TKT_DESK/calendars/moon.tsv"
	tkt-calendar next office 2>errors && false
	grep -q "moon.tsv:1: 'festive' is no kind of day: holiday, workday or short" errors
	same "$failures" ""
}

@test "a list of the desk's own goes before the installed one; .ics does as well" {
	failures=
	mkdir -p "$TKT_DESK/calendars"
	gives 0 between office 2026-03-09 2026-03-10
	printf '2026-03-03\tholiday\tours\n' >"$TKT_DESK/calendars/ru.tsv"
	gives 36000 between office 2026-03-09 2026-03-10
	gives 0 between office 2026-03-03 2026-03-04
	rm "$TKT_DESK/calendars/ru.tsv"
	printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 BEGIN:VEVENT 'DTSTART;VALUE=DATE:20200304' RRULE:FREQ=YEARLY \
		SUMMARY:ours END:VEVENT END:VCALENDAR >"$TKT_DESK/calendars/ru.ics"
	gives 0 between office 2026-03-04 2026-03-05
	gives 36000 between office 2026-03-09 2026-03-10
	same "$failures" ""
}

@test "a year that no list knows is said, once, and in the answer" {
	run -0 --separate-stderr tkt-calendar add office 2026-12-30 40wh
	same "$output" '{"type":"reckoning","calendar":"office","op":"add","start":"2026-12-29T21:00:00Z","length":"40wh","result":"2027-01-05T15:00:00Z","missing_years":[2027]}'
	same "$stderr" "tkt-calendar: calendar 'office': no holidays are known for 2027; see tkt-calendar(1)"
	valid reckoning <<<"$output"
	run -0 --separate-stderr tkt-calendar <<-'END'
		{"calendar":"office","op":"between","start":"2027-02-01","end":"2028-02-01"}
		{"calendar":"office","op":"add","start":"2027-02-01","length":"1wh"}
		{"calendar":"ural","op":"next","start":"2027-02-01"}
		{"calendar":"berlin","op":"next","start":"2027-02-01"}
		{"calendar":"office","op":"add","start":"2027-02-01","length":"90m"}
		{"calendar":"office","op":"between","start":"2027-02-01","end":"2027-02-02","measure":"elapsed"}
	END
	same "$(jq -c .missing_years <<<"$output" | paste -sd ' ')" "[2027,2028] [2027] [2027] null null null"
	same "$stderr" "tkt-calendar: calendar 'office': no holidays are known for 2027; see tkt-calendar(1)
tkt-calendar: calendar 'office': no holidays are known for 2028; see tkt-calendar(1)
tkt-calendar: calendar 'ural': no holidays are known for 2027; see tkt-calendar(1)"
	run -0 --separate-stderr tkt-calendar between office 2018-12-31 2031-01-01
	same "$(jq -c .missing_years <<<"$output")" "[2018,2027,2028,2029,2030]"
	same "$stderr" "tkt-calendar: calendar 'office': no holidays are known for 2018; see tkt-calendar(1)
tkt-calendar: calendar 'office': no holidays are known for 2027 to 2030; see tkt-calendar(1)"
	run -0 --separate-stderr tkt-calendar show office 2027-01
	same "$stderr" "tkt-calendar: calendar 'office': no holidays are known for 2027; see tkt-calendar(1)"
	same "$(jq -c .is_missing <<<"$output" | sort -u)" true
}

@test "--explain: spans and days off, then the deadline, then the answer" {
	run -0 tkt-calendar -e add office '2025-03-07 16:45' 1wh
	same "$output" '{"type":"explanation","calendar":"office","kind":"span","date":"2025-03-07","start_at":"2025-03-07T13:45:00Z","end_at":"2025-03-07T14:00:00Z","seconds":900,"reason":"short","note":"pre-holiday day, one hour less"}
{"type":"explanation","calendar":"office","kind":"day_off","date":"2025-03-08","start_at":"2025-03-07T21:00:00Z","end_at":"2025-03-08T21:00:00Z","seconds":0,"reason":"holiday","note":"International Women'\''s Day"}
{"type":"explanation","calendar":"office","kind":"day_off","date":"2025-03-09","start_at":"2025-03-08T21:00:00Z","end_at":"2025-03-09T21:00:00Z","seconds":0,"reason":"week"}
{"type":"explanation","calendar":"office","kind":"span","date":"2025-03-10","start_at":"2025-03-10T05:00:00Z","end_at":"2025-03-10T05:45:00Z","seconds":2700,"reason":"week"}
{"type":"explanation","calendar":"office","kind":"deadline","date":"2025-03-10","end_at":"2025-03-10T05:45:00Z","seconds":3600}
{"type":"reckoning","calendar":"office","op":"add","start":"2025-03-07T13:45:00Z","length":"1wh","result":"2025-03-10T05:45:00Z"}'
	valid - <<<"$output"
	run -0 tkt-calendar -e -o kind,date,seconds next office 2026-03-07
	same "$output" $'day_off\t2026-03-07\t0\nday_off\t2026-03-08\t0\nday_off\t2026-03-09\t0'
	run -0 tkt-calendar -e --format table add office '2026-03-02 10:00' 1wh
	same "$output" "Kind      Date        Start             End               Seconds   Reason    Note
span      2026-03-02  2026-03-02 10:00  2026-03-02 11:00  3600      week
deadline  2026-03-02                    2026-03-02 11:00  3600
1wh from Mon 2026-03-02 10:00 +03:00: Mon 2026-03-02 11:00 +03:00"
	# a term: its time, and the days off that its end passed over
	run -0 tkt-calendar -e -o kind,date,seconds add office '2026-03-06 12:00' 1cd
	same "$output" $'span\t2026-03-06\t388800\nday_off\t2026-03-07\t0\nday_off\t2026-03-08\t0\nday_off\t2026-03-09\t0\ndeadline\t2026-03-10\t388800'
}

# The sums of a second program: they must be what was asked for.
@test "what is explained adds up" {
	cp "$root/tests/cli/calendar/kinds.conf" "$TKT_DESK/desk.conf"
	tkt-calendar -e <"$root/tests/cli/calendar/cases.jsonl" >answers
	[ "$(wc -l <answers)" -gt 60 ]
	run -0 jq -c '
		([.explanation[] | select(.kind != "deadline") | .seconds] | add // 0) as $sum |
		([.explanation[] | select(.kind == "span") | (.end_at | fromdate) - (.start_at | fromdate)] | add // 0) as $again |
		select($sum != $again or any(.explanation[]; .kind == "deadline" and .seconds != $sum) or $sum != (.result_seconds // (.length | rtrimstr("ws") | tonumber)))' answers
	same "$output" ""
	run -0 jq -c 'select(.op == "add" and .explanation[-1].end_at != .result)' answers
	same "$output" ""
}

@test "a month on a terminal" {
	run -0 "$root/tests/terminal" tkt-calendar show office 2025-11
	same "$output" "  November 2025  office
 Mon  Tue  Wed  Thu  Fri  Sat  Sun
                            1+   2*
   3*   4*   5    6    7    8*   9*
  10   11   12   13   14   15*  16*
  17   18   19   20   21   22*  23*
  24   25   26   27   28   29*  30*

  * day off  + worked weekend
  Mon-Fri  08:00-18:00
  Sat-Sun  closed

   1 Sat  08:00-17:00  working Saturday, one hour less, day off moved to 2025-11-03
   3 Mon  closed  day off moved from 2025-11-01
   4 Tue  closed  Unity Day"
	run -0 env LANGUAGE=ru "$root/tests/terminal" tkt-calendar show night
	same "$output" "  Март 2026  night
  Пн   Вт   Ср   Чт   Пт   Сб   Вс
                                 1*
   2    3    4-   5*   6    7    8+
   9   10   11   12   13   14   15*
  16   17   18   19   20   21   22*
  23   24   25   26   27   28   29*
  30   31

  * выходной  - короткий день  + рабочий выходной
  Пн-Чт  08:00-12:00 13:00-17:00
  Пт  08:00-12:00
  Сб  22:00-04:00
  Вс  закрыто

   4 Ср  10:00-11:00
   5 Чт  закрыто
   8 Вс  09:00-10:00"
	run -0 tkt-calendar --format table show berlin 2026-02
	same "$output" "  February 2026  berlin
 Mon  Tue  Wed  Thu  Fri  Sat  Sun
                                 1
   2    3    4    5    6    7    8
   9   10   11   12   13   14   15
  16   17   18   19   20   21   22
  23   24   25   26   27   28

  Mon-Sun  00:00-24:00"
}

@test "colours where they are allowed" {
	run -0 env TERM=xterm "$root/tests/terminal" tkt-calendar show office 2025-11
	same "${lines[2]}" $'                         \e[32m   1+\e[0m\e[31m   2*\e[0m'
	run -0 env TERM=xterm NO_COLOR=1 "$root/tests/terminal" tkt-calendar show office 2025-11
	same "${lines[2]}" '                            1+   2*'
}

@test "a month on a pipe is an object a day" {
	run -0 tkt-calendar show night 2026-03
	valid calendar_day <<<"$output"
	same "${#lines[@]}" 31
	same "${lines[0]}" '{"type":"calendar_day","calendar":"night","date":"2026-03-01","weekday":"sun","is_working":false,"seconds":0,"reason":"week","is_missing":false}'
	same "${lines[3]}" '{"type":"calendar_day","calendar":"night","date":"2026-03-04","weekday":"wed","is_working":true,"hours":"10:00-11:00","seconds":3600,"reason":"days","is_missing":false}'
	same "${lines[6]}" '{"type":"calendar_day","calendar":"night","date":"2026-03-07","weekday":"sat","is_working":true,"hours":"22:00-04:00","seconds":21600,"reason":"week","is_missing":false}'
	run -0 tkt-calendar show berlin 2026-03
	same "$(jq -r 'select(.seconds != 86400) | "\(.date) \(.seconds)"' <<<"$output")" '2026-03-29 82800'
	run -0 tkt-calendar -o date,hours,note show office 2025-11
	same "${lines[0]}" $'2025-11-01\t08:00-17:00\tworking Saturday, one hour less, day off moved to 2025-11-03'
}

@test "an answer comes as soon as its question, without more input" {
	mkfifo questions answers
	tkt-calendar <questions >answers &
	exec {to}>questions {from}<answers
	echo '{"calendar":"office","op":"next","start":"now"}' >&"$to"
	read -r -t 20 -u "$from" line
	same "$line" '{"calendar":"office","op":"next","start":"now","result":"2026-03-02T09:00:00Z"}'
	exec {to}>&- {from}<&-
	wait $!
}

@test "a hundred thousand questions take no more memory than ten" {
	yes '{"calendar":"office","op":"add","start":"2026-03-02 16:00","length":"400wh"}' | head -n 100000 >questions
	# the sanitizer reserves terabytes of addresses
	([ -n "${ASAN_OPTIONS-}" ] || ulimit -v 200000; tkt-calendar <questions) | uniq -c >answers
	same "$(sed 's/^ *//' answers)" '100000 {"calendar":"office","op":"add","start":"2026-03-02 16:00","length":"400wh","result":"2026-04-28T13:00:00Z"}'
}

@test "without libical an .ics file says what is missing" {
	mkdir -p "$TKT_DESK/calendars" none
	printf '%s\r\n' BEGIN:VCALENDAR BEGIN:VEVENT 'DTSTART;VALUE=DATE:20260304' END:VEVENT END:VCALENDAR >"$TKT_DESK/calendars/ru.ics"
	echo none >none/libical.so.3
	run -78 --separate-stderr env LD_LIBRARY_PATH="$PWD/none" tkt-calendar next office
	same "$output" ""
	same "${stderr%%: cannot open*}" "tkt-calendar: desk.conf:2: calendar 'office': an .ics file is read by libical 3: install it (libical3), or write the list as .tsv"
}

@test "a relative TKT_DATADIR is where the caller stands, not the desk" {
	ln -s "$TKT_DATADIR" data
	run -0 --separate-stderr env TKT_DATADIR=data tkt-calendar add office '2026-03-06 17:00' 2wh
	same "$(jq -r .result <<<"$output")" 2026-03-10T06:00:00Z
}
