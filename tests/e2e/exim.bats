#!/usr/bin/env bats
# A real exim hands letters to tkt-deliver by the router and the transport of share/examples: what breaks
# on our side, the letter waits in exim's queue, and nobody gets a bounce.
load helper
load ways

setup_file() {
	export exim=$BATS_FILE_TMPDIR/exim port=$((30000 + RANDOM % 5000)) program=$TKT_BUILD/peers/exim/usr/sbin/exim4
	needs root "$program" || return 0
	desk_of_nobody <<<'acknowledge = false'
	mkdir "$exim" "$exim/spool" && chown mail "$exim/spool" && chmod 755 "$exim"
	# Debian's exim wants a user of its own to be there, whatever its configuration says
	{ cat /etc/passwd && echo 'Debian-exim:x:65000:65000::/nonexistent:/usr/sbin/nologin'; } >"$exim/passwd"
	{ cat /etc/group && echo 'Debian-exim:x:65000:'; } >"$exim/group"
	cat >"$exim/conf" <<-END
		spool_directory = $exim/spool
		log_file_path = $exim/spool/%slog
		pid_file_path = $exim/pid
		exim_user = mail
		exim_group = mail
		primary_hostname = mx.example.org
		tls_advertise_hosts =
		local_interfaces = 127.0.0.1
		daemon_smtp_ports = $port
		queue_only
		keep_environment = LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
		acl_smtp_rcpt = accept
		acl_smtp_data = accept
		begin routers
		$(example exim/router)
		begin transports
		$(example exim/transport)
		begin retry
		* * F,5d,15m
	END
	exim -bd 3>&-
}

teardown_file() {
	[ ! -f "${exim:-/nowhere}/pid" ] || kill "$(cat "$exim/pid")"
}

setup() {
	skip_if_lacking
	unset TKT_NOW
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || tail -n 30 "$exim"/spool/*log
}

exim() {
	LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=$exim/passwd NSS_WRAPPER_GROUP=$exim/group \
		"$program" -C "$exim/conf" "$@"
}

give() {
	smtp_give "$port" "$@"
}

nudge() {
	exim -qf
}

mark_log() {
	seen=$(wc -l <"$exim/spool/mainlog")
}

waiting() {
	[ "$(tail -n "+$((seen + 1))" "$exim/spool/mainlog" | sed -n 's/^[^ ]* [^ ]* \([^ ]*\) == .* defer .*/\1/p' | sort -u | wc -l)" -ge "$1" ]
}

settled() {
	[ "$(exim -bpc)" -eq 0 ]
}

# Nobody got a bounce, nothing was given up.
quiet() {
	run -1 grep -E '<= <> R=|\*\*|rozen' "$exim/spool/mainlog"
}

@test "a letter arrives as it was sent, with its envelope, a bounce's empty one too" {
	letters_arrive_whole
	quiet
}

@test "the part behind the + reaches the desk" {
	letter 'plus 1' | give anna@example.com support+r7-abc@example.org
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

@test "tkt-mailin, or tkt-deliver itself, gone or broken: letters wait and arrive afterwards" {
	letters_wait_for program
	letters_wait_for deliver
	letters_wait_for status
	quiet
}
