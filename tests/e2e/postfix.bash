# A private postfix on loopback, $postfix, at $port. Letters for a domain without a transport of its own go
# into a maildir.
# shellcheck shell=bash

# start_postfix [MAIN.CF [MASTER.CF]]: with these lines added
start_postfix() {
	export postfix=$BATS_FILE_TMPDIR/postfix port=$((20000 + RANDOM % 10000))
	mkdir -p "$postfix"/{conf,queue,data,maildir} && chmod 755 "$postfix" "$postfix/queue"
	chown postfix "$postfix/data" && chown nobody "$postfix/maildir"
	cat >"$postfix/conf/main.cf" <<-END
		compatibility_level = 3.6
		queue_directory = $postfix/queue
		data_directory = $postfix/data
		command_directory = /usr/sbin
		daemon_directory = /usr/lib/postfix/sbin
		mail_owner = postfix
		setgid_group = postdrop
		myhostname = mx.example.org
		mydestination = mx.example.org
		mynetworks = 127.0.0.0/8
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		virtual_mailbox_domains = example.net
		virtual_mailbox_base = $postfix/maildir
		virtual_mailbox_maps = static:box/
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		maillog_file = $postfix/log
		maillog_file_prefixes = $BATS_FILE_TMPDIR
		alias_maps =
		local_recipient_maps =
	END
	tr -d '\t' <<<"${1-}" >>"$postfix/conf/main.cf"
	sed -E -e "s/^smtp +inet.*/127.0.0.1:$port inet n - n - - smtpd/" \
		-e 's/^([a-z]+)( +unix +[-ny] +[-ny] +)[-y]/\1\2n/' /etc/postfix/master.cf >"$postfix/conf/master.cf"
	printf '%s\n' "${2-}" >>"$postfix/conf/master.cf"
	postfix -c "$postfix/conf" start >/dev/null 2>&1 3>&-
}

stop_postfix() {
	[ ! -d "${postfix:-/nowhere}" ] || postfix -c "$postfix/conf" stop 2>/dev/null
}

mark_log() {
	seen=$(wc -l <"$postfix/log")
}

# After each test: what postfix says of a failure
show_log() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || { printf '%s\n' "${output-}"; tail -n 30 "$postfix/log"; }
}

give() {
	smtp_give "$port" "$@"
}

# Unlike the runs that postfix makes by itself: all letters are tried, at transports that failed too, and those
# that were locked by another run.
nudge() {
	postqueue -c "$postfix/conf" -f
}

waiting() {
	[ "$(tail -n "+$((seen + 1))" "$postfix/log" | sed -n 's/.*\]: \([0-9A-F]*\): .*status=deferred.*/\1/p' | sort -u | wc -l)" -ge "$1" ]
}

settled() {
	[ -z "$(postqueue -c "$postfix/conf" -j)" ]
}

# Nobody got a bounce, and no word about the desk is in what postfix might tell a sender.
quiet() {
	run -1 grep -E 'bounced|desk\.conf|tkt\.db|error while loading|locked|ticket' "$postfix/log"
	[ -z "$(find "$postfix/maildir" -type f -exec grep -l 'MAILER-DAEMON' {} + 2>/dev/null)" ]
}
