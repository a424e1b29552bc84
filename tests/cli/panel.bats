#!/usr/bin/env bats
# tkt-new --channel panel: a site's signed word for the one who is logged in there.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	desk
	export TKT_AGENT=site
}

# token ADDRESS EXPIRES NONCE: as the page of tkt-new says that a site makes it.
token() {
	printf '%s-%s-%s\n' "$2" "$3" "$(printf %s "$2-$3-$1" |
		openssl dgst -sha256 -mac HMAC -macopt hexkey:"$(<"$TKT_DESK/keys/panel")" -binary |
		head -c 20 | base32 | tr '[:upper:]' '[:lower:]')"
}

now=1772442000 # 2026-03-02T09:00:00Z

# key: the secret that desk and site share.
key() {
	printf '%064d\n' 7 >"$TKT_DESK/keys/panel"
}

@test "a request with a token is verified; the token is the site's own work" {
	key
	run -0 --separate-stderr tkt-new -s Printer -r Anna@Example.com -c panel --token "$(token anna@example.com $((now + 600)) k3f9)" <<<'It is silent.'
	same "$(jq -c '[.type, .channel, .identity]' <<<"$output")" $'["ticket","panel","verified"]\n["message","panel","verified"]'
	same "$stderr" ''
	valid - <<<"$output"
	same "$(tkt-log | jq -c '[.tool, .why, .set.identity, .message.identity]')" '["tkt-new","a panel request with a token","verified","verified"]'
	run -0 tkt-new --make-token 10m -r anna@example.com
	same "$output" "$(token anna@example.com $((now + 600)) "$(cut -d- -f2 <<<"$output")")"
	[[ $output =~ ^1772442600-[a-z2-7]{16}-[a-z2-7]{32}$ ]]
}

@test "the token comes by a file, the first line of standard input, the environment or an object" {
	tkt-new --make-token 10m -r anna@example.com >token
	same "$(tkt-new -s File -r anna@example.com --token ./token -o channel,identity </dev/null)" $'panel\tverified'
	{ tkt-new --make-token 10m -r anna@example.com && echo 'It is silent.'; } >in
	tkt-new --quiet -s Input -r anna@example.com -c panel --token - <in
	same "$(tkt-show TKT-2 --messages | jq -c '[.body, .identity]')" '["It is silent.\n","verified"]'
	TKT_TOKEN=$(tkt-new --make-token 10m -r anna@example.com)
	export TKT_TOKEN
	same "$(tkt-new -s Environment -r anna@example.com -c panel -o identity </dev/null)" verified
	same "$(tkt-new -s 'Not the panel' -r anna@example.com -c phone -o identity </dev/null)" none
	unset TKT_TOKEN
	run -0 --separate-stderr tkt-new <<<'{"subject":"Object","requester":{"email":"anna@example.com"},"token":"'"$(tkt-new --make-token 10m -r anna@example.com)"'","mine":1}'
	same "$(jq -c '[.type, .channel, .identity, .mine, .token]' <<<"$output")" $'["ticket","panel","verified",1,null]\n["message","panel","verified",null,null]'
}

# claim TOKEN WARNING WHY: the request is taken and no more than a claim.
claim() {
	run -0 --separate-stderr tkt-new -s Printer -r anna@example.com -c panel --token "$1" -o identity <<<Text
	same "$output|$stderr" "claimed|tkt-new: $2: the request is taken as a claim"
	same "$(tkt-log | tail -n 1 | jq -r .why)" "$3"
}

@test "without a token that counts the request is taken, as a claim, and the log says why" {
	key
	same "$(tkt-new -s Printer -r anna@example.com -c panel -o identity <<<Text)" claimed
	same "$(tkt-new -s Printer -c panel -o identity <<<Text)" none
	same "$(tkt-log | jq -r .why)" $'a panel request without a token\na panel request without a token'
	foreign='the token is none of this desk'\''s for that requester'
	local good
	good=$(token anna@example.com $((now + 600)) k3f9)
	claim "$(token bob@example.com $((now + 600)) k3f9)" "$foreign" 'a panel request with a token that is not ours'
	claim "$((now + 6000))${good#"$((now + 600))"}" "$foreign" 'a panel request with a token that is not ours'
	claim "${good%?}" "$foreign" 'a panel request with a token that is not ours'
	claim 'no token' "$foreign" 'a panel request with a token that is not ours'
	claim "$(token anna@example.com $((now - 1)) k3f9)" 'the token has expired' 'a panel request with a token that has expired'
	same "$(tkt-new -s Printer -r anna@example.com -c panel --token "${good^^}" -o identity </dev/null)" verified
	claim "$good" 'the token was used before' 'a panel request with a token that was used before'
	same "$(tkt-new -s Last -r anna@example.com --token "$(token anna@example.com $now last)" -o identity </dev/null)" verified
}

@test "one that is tried with -n is not used up; another desk's key counts for nothing" {
	local token
	token=$(tkt-new --make-token 10m -r anna@example.com)
	same "$(tkt-new -n -s Printer -r anna@example.com --token "$token" -o identity </dev/null)" verified
	same "$(tkt-new -s Printer -r anna@example.com --token "$token" -o identity </dev/null)" verified
	desk "$BATS_TEST_TMPDIR/other"
	run -0 --separate-stderr tkt-new -s Printer -r anna@example.com --token "$token" -o identity </dev/null
	same "$output" claimed
	same "$(stat -c %a "$TKT_DESK/keys/panel")" 640
}

@test "a request under a key joins its ticket, and proves who asks only if he is its requester" {
	tkt-new --quiet -s Printer -r anna@example.com -c phone -k p </dev/null
	same "$(tkt-new -s Printer -r bob@example.com -k p --token "$(tkt-new --make-token 1m -r bob@example.com)" -o id,identity </dev/null)" $'TKT-1\tnone'
	same "$(tkt-new -s Printer -r anna@example.com -k p --token "$(tkt-new --make-token 1m -r anna@example.com)" -o id,identity </dev/null)" $'TKT-1\tverified'
	same "$(tkt-show 1 --messages -o author.email,channel,identity)" $'bob@example.com\tpanel\tverified\nanna@example.com\tpanel\tverified'
}

@test "what stands for the token in the store does not go into the mail that answers" {
	echo 'transport "maildir" { path = "outbox" }' | conf
	tkt-new --quiet -s Printer -r anna@example.com --token "$(tkt-new --make-token 1m -r anna@example.com)" <<<Text
	tkt-reply --quiet 1 <<<'Try again.'
	tkt-mailout --quiet
	run -1 grep -rhi 'panel\|^in-reply-to\|^references' "$TKT_DESK/outbox"
}

@test "what is wrong is said: nobody to make a token for, no file, a key that is none" {
	run -64 --separate-stderr tkt-new --make-token 10m
	same "$output|$stderr" '|tkt-new: a token is for somebody: give --requester'
	run -65 --separate-stderr tkt-new --make-token 10m -r nobody
	same "$output|$stderr" "|tkt-new: 'nobody' is not a mail address"
	run -66 --separate-stderr tkt-new -s x -r anna@example.com --token ./none </dev/null
	echo short >"$TKT_DESK/keys/panel"
	run -78 --separate-stderr tkt-new -s x -r anna@example.com --token x </dev/null
	same "$output|$stderr" "|tkt-new: '$TKT_DESK/keys/panel' is no key: 64 digits of it are wanted; remove it and a new one is made"
}
