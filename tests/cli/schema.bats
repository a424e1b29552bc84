#!/usr/bin/env bats
# The schemas follow the field tables, and say no to what is not in them.
load helper

setup() {
	cd "$root" || return
}

@test "the schemas agree with the field tables (make schema)" {
	cp -r "$root/share/schema" "$BATS_TEST_TMPDIR/schema"
	"$TKT_BUILD/tests/fields" | "$root/tests/schema-fields" "$BATS_TEST_TMPDIR/schema"
	run -0 diff -r "$root/share/schema" "$BATS_TEST_TMPDIR/schema"
	same "$output" ""
}

@test "a good object passes; an unknown member, a wrong type and a doubled member do not" {
	run -0 valid - <<<'{"type":"ticket","id":"SUP-1","rev":1,"status":"new","requester":{"email":"a@example.org"}}'
	same "$output" ""
	run -1 valid - <<-'END'
		{"type":"ticket","id":"SUP-1","rev":1,"status":"new","colour":"red"}
		{"type":"ticket","id":"SUP-1","rev":"1","status":"new"}
		{"type":"question","ticket":"SUP-1","key":"a","key":"b","text":"?","asked_at":"2026-03-02T09:00:00Z"}
	END
	same "$output" "line 1: : Additional properties are not allowed ('colour' was unexpected)
line 2: rev: '1' is not of type 'integer'
line 3: ValueError('a member stands twice'): b'{\"type\":\"question\",\"ticket\":\"SUP-1\",\"key\":\"a\",\"key\":\"b\",\"text\":\"?\",\"asked_at\":\"2026-03-02T09:00:00Z\"}\\n'"
}

@test "tkt-json(5) tells every member, tkt(7) every name that expressions have besides" {
	missing=
	while IFS=$'\t' read -r type name _ flags _; do
		case $flags in
		*derived*)
			grep -qE "^\.(It )?Cm .*\\<$name\\>" "$root/man/tkt.7" || missing+="tkt.7: $name"$'\n'
			;;
		*)
			awk -v type="$type" '/^\.S[sh]/ { on = $0 == ".Ss " type; next } on' "$root/man/tkt-json.5" |
				grep -qE "\\<(${name%%.*})\\>" || missing+="tkt-json.5: $type: $name"$'\n'
			;;
		esac
	done < <("$TKT_BUILD/tests/fields")
	same "$missing" ""
}
