#!/usr/bin/env bats
# Two desks that answer each other by themselves, through postfix: the exchange ends by itself, at once or within
# the brake's bound, whatever stands between them (RFC 3834, 2).
load helper
load ways
load postfix

setup_file() {
	local name
	needs root postfix || return 0
	desk_of_nobody <<<''
	export desks=$BATS_FILE_TMPDIR/desks
	make_gateway
	start_postfix "relay_domains = example.org, example.com
		transport_maps = inline:{office@example.org=office:, shop@example.com=shop:}
		office_destination_recipient_limit = 1
		shop_destination_recipient_limit = 1" "$(for name in office shop; do
		printf '%s unix - n n - 4 pipe flags=OqRX user=nobody null_sender= argv=%s %s ${sender} ${original_recipient}\n' \
			"$name" "$tools/gateway" "$desks/$name"
	done)"
}

teardown_file() {
	stop_postfix
}

# gateway DESK SENDER RECIPIENT: what stands between postfix and the desks. It takes away what tells of machines as
# the file `strip` says: fields to leave out, as a pattern; a Message-ID that is left out is another one then.
make_gateway() {
	cat >"$tools/gateway" <<-'END2'
		#!/bin/sh
		export TKT_NOW=2026-03-02T09:00:00Z
		tools=${0%/*} desk=$1 sender=$2 recipient=$3
		pattern=$(cat "${desk%/*}/strip" 2>/dev/null) || exec "$tools/tkt-deliver" --desk="$desk" --sender="$sender" --recipient="$recipient"
		awk -v pattern="^($pattern):" '
			in_body { print; next }
			/^$/ { in_body = 1 }
			/^[^ \t]/ { left_out = tolower($0) ~ pattern }
			!left_out' | "$tools/tkt-deliver" --desk="$desk" --sender="gateway@example.net" --recipient="$recipient"
	END2
	chmod 755 "$tools/gateway"
}

setup() {
	skip_if_lacking
	cd "$BATS_TEST_TMPDIR" || return
	rm -rf "$desks"
	mkdir "$desks"
	mark_log
}

teardown() {
	show_log
}

# two_desks LINE...: with these lines in both
two_desks() {
	local name
	for name in 'office org SUP' 'shop com HELP'; do
		# shellcheck disable=SC2086
		set_up_desk $name "$@"
	done
}

set_up_desk() {
	local name=$1 domain=$2 prefix=$3
	shift 3
	TKT_DESK=$desks/$name
	tkt-init --quiet
	printf '%s\n' "name = \"The $name\"" "address = \"$name@example.$domain\"" "ticket_prefix = \"$prefix\"" 'acknowledge = all' \
		"$@" 'transport "smtp" {' "url = \"smtp://127.0.0.1:$port\"" 'tls = false' '}' | conf
	chown -R nobody "$TKT_DESK"
}

# A letter of the office's address as a person would write it, and all that follows from it.
exchange() {
	local round
	mail office@example.org 'Paper' 'Do you have some?' | sed 's/^To: .*/To: shop@example.com/' | give office@example.org shop@example.com
	for ((round = 0; round < 50; round++)); do
		await settled
		tkt-mailout --quiet -D "$desks/office"
		tkt-mailout --quiet -D "$desks/shop"
		if settled && [ -z "$(tkt-mailout --list -o number -D "$desks/office")$(tkt-mailout --list -o number -D "$desks/shop")" ]; then
			return
		fi
	done
	echo 'the exchange does not end'
	return 1
}

# fates DESK: how many letters of each fate, answered or not
fates() {
	tkt-log --mail -D "$desks/$1" | jq -r '[.fate, .unanswered // .reason // "answered"] | join(": ")' | sort | uniq -c | sed 's/^ *//'
}

# sent DESK: how many mails have left it
sent() {
	tkt-mailout --list --all -o state -D "$desks/$1" | grep -c '^sent$' || true
}

machines='auto-submitted|x-auto-response-suppress|precedence|x-tkt-desk|return-path'

@test "S4-3: an acknowledgement is a machine's mail to the other desk: the exchange is one mail" {
	two_desks
	exchange
	same "$(fates shop)" '1 opened: answered'
	same "$(fates office)" '1 automatic: an automatic reply'
	same "$(sent shop) $(sent office)" '1 0'
}

@test "a gateway takes the marks of machines away: brake_answers ends it, five mails each way" {
	two_desks 'brake_answers = "5/1h"'
	echo "$machines" >"$desks/strip"
	exchange
	# the shop answers the letter and four of the office's five answers
	same "$(sent shop) $(sent office)" '5 5'
	same "$(fates office)" $'4 appended: answered\n1 opened: answered'
	same "$(fates shop)" $'4 appended: answered\n1 appended: the brake: more than 5 answers in 3600 s: shop@example.com office@example.org\n1 opened: answered'
	same "$(tkt-log --mail -D "$desks/shop" -o number,fate 'unanswered ~ brake')" $'6\tappended'
}

@test "it gives them Message-IDs of its own as well, and answers answer nothing: the same" {
	two_desks 'brake_answers = "5/1h"'
	echo "$machines|message-id|references|in-reply-to" >"$desks/strip"
	exchange
	same "$(sent shop) $(sent office)" '5 5'
	same "$(fates office)" '5 opened: answered'
	same "$(fates shop)" $'5 opened: answered\n1 opened: the brake: more than 5 answers in 3600 s: shop@example.com office@example.org'
}

@test "brake_letters ends it too: what it stopped is kept aside and listed" {
	two_desks 'brake_answers = none' 'brake_letters = "4/1h"'
	echo "$machines|message-id|references|in-reply-to" >"$desks/strip"
	exchange
	same "$(sent shop) $(sent office)" '4 4'
	same "$(fates office)" '4 opened: answered'
	same "$(fates shop)" '4 opened: answered
1 quarantined: the brake: more than 4 letters in 3600 s: office@example.org'
	same "$(tkt-log --mail -D "$desks/shop" -o sender,reason fate=quarantined)" \
		$'gateway@example.net\tthe brake: more than 4 letters in 3600 s: office@example.org'
}
