#!/usr/bin/env bats
# A real sendmail hands letters to tkt-deliver by the mailer of share/examples: what breaks on our side,
# the letter waits in its queue, and nobody gets a bounce.
load helper
load ways

setup_file() {
	export sendmail=$BATS_FILE_TMPDIR/sendmail port=$((35000 + RANDOM % 5000)) peer=$TKT_BUILD/peers/sendmail/usr
	needs root "$peer/libexec/sendmail/sendmail" m4 cc || return 0
	desk_of_nobody <<<'acknowledge = false'
	mkdir "$sendmail" && mkdir -m 700 "$sendmail/queue"
	# it waits for a minute when the host has no domain
	cc -shared -fPIC -o "$sendmail/hostname.so" -x c - <<-'END'
		#include <string.h>
		int gethostname(char *name, size_t size)
		{
			strncpy(name, "mx.example.org", size);
			return 0;
		}
	END
	printf 'hosts files\naliases files\n' >"$sendmail/service.switch"
	echo '127.0.0.1 mx.example.org localhost' >"$sendmail/hosts"
	: >"$sendmail/aliases"
	example sendmail/mailertable |
		"$peer/libexec/sendmail/makemap" -C /dev/null hash "$sendmail/mailertable"
	configuration | (cd "$peer/share/sendmail/cf" && m4 "-D_CF_DIR_=$PWD/" m4/cf.m4 -) >"$sendmail/cf"
	sendmail -bd 3>&-
}

configuration() {
	cat <<-END
		OSTYPE(\`linux')dnl
		define(\`confDONT_BLAME_SENDMAIL', \`MapInUnsafeDirPath,GroupWritableDirPathSafe')dnl
		DAEMON_OPTIONS(\`Port=$port, Addr=127.0.0.1, Name=MTA')dnl
		FEATURE(\`no_default_msa')dnl
		define(\`confDOMAIN_NAME', \`mx.example.org')dnl
		define(\`confSERVICE_SWITCH_FILE', \`$sendmail/service.switch')dnl
		define(\`confHOSTS_FILE', \`$sendmail/hosts')dnl
		define(\`QUEUE_DIR', \`$sendmail/queue')dnl
		define(\`ALIAS_FILE', \`$sendmail/aliases')dnl
		define(\`STATUS_FILE', \`$sendmail/statistics')dnl
		define(\`confPID_FILE', \`$sendmail/pid')dnl
		define(\`confDELIVERY_MODE', \`queueonly')dnl
		define(\`confQUEUE_LA', \`10000')dnl
		define(\`confREFUSE_LA', \`10000')dnl
		FEATURE(\`nocanonify')dnl
		FEATURE(\`accept_unresolvable_domains')dnl
		FEATURE(\`mailertable', \`hash $sendmail/mailertable')dnl
		RELAY_DOMAIN(\`example.org')dnl
		MAILER(\`local')dnl
		MAILER(\`smtp')dnl
	END
	example sendmail/tkt.mc
}

teardown_file() {
	[ ! -f "${sendmail:-/nowhere}/pid" ] || kill "$(head -n 1 "$sendmail/pid")"
}

setup() {
	skip_if_lacking
	unset TKT_NOW
	cd "$BATS_TEST_TMPDIR" || return

}

teardown() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || { tail -n 30 "$sendmail/runs" && sendmail -bp; }
}

sendmail() {
	LD_PRELOAD=$sendmail/hostname.so "$peer/libexec/sendmail/sendmail" -C "$sendmail/cf" "$@"
}

give() {
	smtp_give "$port" "$@"
}

nudge() {
	sendmail -v -q >>"$sendmail/runs" 2>&1 || true # 71 when a program is gone
}

mark_log() { # the queue itself tells
	:
}

# How many letters of the queue have been tried without success.
waiting() {
	[ "$(grep -l '^N[1-9]' "$sendmail"/queue/qf* 2>/dev/null | wc -l)" -ge "$1" ]
}

settled() {
	[ -z "$(ls "$sendmail/queue")" ]
}

# Nobody got a bounce: that would be a letter of its own.
quiet() {
	run -1 grep -E 'postmaster|MAILER-DAEMON|unknown|eturn' "$sendmail/runs"
}

@test "a letter arrives as it was sent, with its envelope, a bounce's empty one too" {
	letters_arrive_whole
	quiet
}

@test "the part behind the + reaches the desk" {
	letter 'plus 1' | give anna@example.com support+R7-Abc@example.org
	await taken plus 1
	same "$(tkt-log --mail | jq -r 'select(.message_id == "plus.1@example.com").recipient')" support+r7-abc@example.org
}

@test "desk.conf broken: letters wait and arrive after the repair" {
	letters_wait_for conf
	quiet
}

@test "the database locked: letters wait and arrive afterwards" {
	letters_wait_for lock
	quiet
}

@test "tkt-mailin, or tkt-deliver itself, gone: letters wait and arrive afterwards" {
	letters_wait_for program
	letters_wait_for deliver
	quiet
}
