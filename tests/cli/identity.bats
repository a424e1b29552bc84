#!/usr/bin/env bats
# How sure it is who asks: what a letter proves, what it makes of its ticket, what nobody's word does.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	conf <<<'trusted_host = "mx.example.org"'
	export TKT_AGENT=ivanova
}

received='Received: from a by mx.example.org; Mon, 2 Mar 2026 08:59:00 +0000'

# letter SUBJECT [RESULTS...]: from anna, through the trusted server, which found that out.
letter() {
	local subject=$1
	shift
	[ $# -eq 0 ] || printf 'Authentication-Results: %s\n' "$@"
	printf '%s\n' "$received"
	mail 'Anna <anna@example.com>' "$subject" 'Text'
}

identities() {
	tkt-list -s id -o subject,identity
}

# messages ID: who wrote them, and how sure that is.
messages() {
	tkt-show "$1" --messages --format json | jq -r 'select(.direction == "in") | [.author.email, .identity] | join(" ")'
}

@test "a letter is authenticated by what the trusted server says above its Received line" {
	letter plain | tkt-mailin
	letter dmarc 'mx.example.org; dmarc=pass (p=none) header.from=example.com' | tkt-mailin
	letter aligned $'mx.example.org;\n\tdkim=pass (2048-bit key; comment) header.d=example.com header.s=a header.b="x/=";\n\tspf=none' | tkt-mailin
	letter below 'mx.example.org; spf=pass smtp.mailfrom=bounce@news.example.com' | tkt-mailin
	letter sibling 'mx.example.org; dkim=pass header.d=example.org' | tkt-mailin
	letter denied 'mx.example.org; dkim=pass header.d=example.com; dmarc=fail header.from=example.com' | tkt-mailin
	letter other 'mx.example.net; dmarc=pass header.from=example.com' | tkt-mailin
	{ printf '%s\nAuthentication-Results: mx.example.org; dmarc=pass header.from=example.com\n' "$received" && mail anna@example.com forged Text; } | tkt-mailin
	{ printf 'Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n' && mail anna@example.com direct Text; } | tkt-mailin
	same "$(identities)" "\
plain	claimed
dmarc	authenticated
aligned	authenticated
below	authenticated
sibling	claimed
denied	claimed
other	claimed
forged	claimed
direct	claimed"
	same "$(messages TKT-2)" 'anna@example.com authenticated'
}

@test "without trusted_host no server is believed" {
	conf </dev/null
	letter dmarc 'mx.example.org; dmarc=pass header.from=example.com' | tkt-mailin
	same "$(identities)" $'dmarc\tclaimed'
}

@test "a ticket has the identity of the strongest letter of its requester" {
	letter Printer | tkt-mailin
	letter 'Re: TKT-1' 'mx.example.org; dmarc=pass header.from=example.com' | tkt-mailin
	letter 'Re: [TKT-1]' | tkt-mailin
	same "$(tkt-show TKT-1 -o identity)" authenticated
	same "$(messages TKT-1)" $'anna@example.com claimed\nanna@example.com authenticated\nanna@example.com claimed'
	same "$(tkt-log ticket=TKT-1 | jq -c 'select(.actor | startswith("contact")) | [.actor, .was.identity, .set.identity]')" \
		'["contact:anna@example.com",null,"claimed"]
["contact:anna@example.com","claimed","authenticated"]
["contact:anna@example.com",null,null]'
}

@test "a letter of one who is copied, and one of a machine, prove nothing of the requester" {
	letter Printer | tkt-mailin
	tkt-set --quiet 1 cc=bob@example.com
	local id
	id=$(tkt-show 1 --messages | jq -r 'select(.direction == "out").message_id')
	{ printf 'Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n%s\n' "$received" && mail bob@example.com 'Re: TKT-1' Text; } | tkt-mailin
	{ printf 'Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n%s\n' "$received" && mail anna@example.com 'Re: TKT-1' Away 'Auto-Submitted: auto-replied' "In-Reply-To: <$id>"; } | tkt-mailin
	same "$(messages TKT-1)" \
		$'anna@example.com claimed\nbob@example.com authenticated\nanna@example.com authenticated'
	same "$(tkt-show TKT-1 -o identity)" claimed
}

@test "another requester proves himself anew; a name or the same address again changes nothing" {
	letter Printer 'mx.example.org; dmarc=pass header.from=example.com' | tkt-mailin
	tkt-set --quiet 1 cc=bob@example.com
	mail bob@example.com 'Re: TKT-1' Text | tkt-mailin
	same "$(tkt-set 1 requester.name=A requester.email=anna@example.com -o identity)" authenticated
	same "$(tkt-set 1 requester.email=carol@example.com -o identity)" none
	same "$(tkt-set 1 requester.email=bob@example.com -o identity)" claimed
	same "$(tkt-set 1 requester.email=anna@example.com -o identity)" authenticated
}

word="ticket 'TKT-1' is not 'verified' by a word: a letter, the panel or tkt-link --verify proves it"
new=${word/ticket \'TKT-1\'/a new ticket}

@test "nobody raises an identity by hand, by no tool; it may be lowered" {
	letter Printer 'mx.example.org; dmarc=pass header.from=example.com' | tkt-mailin
	run -77 --separate-stderr tkt-set TKT-1 identity=verified
	same "$output|$stderr" "|tkt-set: $word"
	run -77 --separate-stderr tkt-reply TKT-1 --set identity=verified -i <<<'I know her voice.'
	same "$output|${stderr%%$'\n'*}" "|tkt-reply: $word"
	run -77 --separate-stderr tkt-apply <<<'{"type":"change","ticket":"TKT-1","set":{"identity":"verified"}}'
	same "$output|$stderr" "|tkt-apply: stdin:1: $word"
	run -77 --separate-stderr tkt-apply <<<'{"type":"change","ticket":"TKT-1","message":{"direction":"in","author":{"email":"anna@example.com"},"body":"x","identity":"verified"}}'
	same "$output|$stderr" "|tkt-apply: stdin:1: $word"
	run -77 --separate-stderr tkt-apply <<<'{"type":"change","set":{"subject":"x","identity":"authenticated"}}'
	same "$output|$stderr" "|tkt-apply: stdin:1: ${new/verified/authenticated}"
	run -77 --separate-stderr tkt-new -s x identity=verified </dev/null
	same "$output|$stderr" "|tkt-new: $new"
	same "$(tkt-set TKT-1 identity=claimed -o identity)" claimed
	run -77 --separate-stderr tkt-set TKT-1 identity=authenticated
	same "$(tkt-set TKT-1 identity= -o identity)" ''
	same "$(tkt-set TKT-1 identity=claimed -o identity)" claimed
	same "$(tkt-list -o id)" TKT-1
}

@test "a ticket of another desk that is piped in keeps no more than a claim" {
	letter Printer 'mx.example.org; dmarc=pass header.from=example.com' | tkt-mailin
	tkt-list >tickets
	desk "$BATS_TEST_TMPDIR/copy"
	same "$(tkt-new -o id,subject,identity <tickets)" $'TKT-1\tPrinter\tclaimed'
}
