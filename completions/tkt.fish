# Completion of tkt and its tools for fish: each tool is asked what it takes (--describe).

function __tkt_tool
	set -l words (commandline -opc)
	if test (basename $words[1]) = tkt
		for word in $words[2..-1]
			string match -q -- '-*' $word; or begin
				echo tkt-$word
				return
			end
		end
	end
	basename $words[1]
end

function __tkt_options
	for line in ((__tkt_tool) --describe 2>/dev/null </dev/null)
		string match -q '{"type":"option"*' -- $line; or continue
		set -l name (string replace -rf '.*"name":"([^"]*)".*' '$1' -- $line)
		set -l help (string replace -rf '.*"help":"(([^"\\\\]|\\\\.)*)".*' '$1' -- $line)
		printf -- '--%s\t%s\n' $name $help
	end
end

function __tkt_commands
	for name in (complete -C tkt-)
		string replace -r '^tkt-([^\t]*).*' '$1' -- $name
	end
end

set -l tools (complete -C tkt- | string replace -r '\t.*' '')
for tool in tkt $tools
	complete -c $tool -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__tkt_options)'
end
complete -c tkt -n 'test (count (commandline -opc)) -eq 1' -f -a '(__tkt_commands)'
