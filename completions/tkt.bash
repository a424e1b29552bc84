# Completion of tkt and its tools for bash: each tool is asked what it takes (--describe).
# shellcheck shell=bash

declare -gA _tkt_descriptions

# _tkt_describe TOOL: its description, asked once a session.
_tkt_describe() {
	[[ -v _tkt_descriptions[$1] ]] || _tkt_descriptions[$1]=$("$1" --describe 2>/dev/null </dev/null)
	printf '%s\n' "${_tkt_descriptions[$1]}"
}

# _tkt_options TOOL: one line an option: -letter (or -), --name, ARGUMENT (or -).
_tkt_options() {
	_tkt_describe "$1" | sed -nE '/^\{"type":"option"/{
		/"letter":/!s/^\{/{"letter":"",/
		/"argument":/!s/\}$/,"argument":"-"}/
		s/.*"letter":"([^"]*)".*"name":"([^"]*)".*"argument":"([^"]*)".*/-\1 --\2 \3/p
	}'
}

_tkt_argument() { # TOOL ARGUMENT: words for an option's argument or an operand
	case $2 in
	FILE | FILE...) compgen -f -- "$word" ;;
	DIR) compgen -d -- "$word" ;;
	FORMAT) compgen -W 'json table tsv csv' -- "$word" ;;
	TICKET) compgen -W "$(tkt-list --limit 200 -o id 2>/dev/null </dev/null)" -- "$word" ;;
	AGENT) compgen -W "$(tkt-agent is_active -o id 2>/dev/null </dev/null)" -- "$word" ;;
	CONTACT) compgen -W "$(tkt-contact 'not replaced_by' -o id 2>/dev/null </dev/null)" -- "$word" ;;
	COMMAND) compgen -W "help $(compgen -c tkt- | sed 's/^tkt-//' | sort -u)" -- "$word" ;;
	esac
}

_tkt() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} tool=${COMP_WORDS[0]##*/}
	local letter name argument at

	if [[ $tool = tkt ]]; then
		for ((at = 1; at < COMP_CWORD; at++)); do
			case ${COMP_WORDS[at]} in
			-D | --desk | --now | --as | --format) ((at++)) ;;
			-* | help) ;;
			*) tool=tkt-${COMP_WORDS[at]} && break ;;
			esac
		done
	fi
	while read -r letter name argument; do
		if [[ $argument != - && ($before = "$name" || $letter != - && $before = "$letter") ]]; then
			mapfile -t COMPREPLY < <(_tkt_argument "$tool" "$argument")
			return
		fi
	done < <(_tkt_options "$tool")
	if [[ $word = -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_tkt_options "$tool" | cut -d' ' -f2)" -- "$word")
		return
	fi
	argument=$(_tkt_describe "$tool" | sed -n 's/^{"type":"operand","name":"\([^"]*\)".*/\1/p')
	mapfile -t COMPREPLY < <(_tkt_argument "$tool" "$argument")
}

complete -o default -F _tkt tkt
# shellcheck disable=SC2046
complete -o default -F _tkt $(compgen -c tkt- | sort -u)
