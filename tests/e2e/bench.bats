# The bench runs, and its pairs do the same work; what it measures no test can say.
load helper

@test "the bench prints a table of ratios, and the bare programs write the same rows" {
	for peer in notmuch strace sqlite3 procmail; do
		command -v $peer >/dev/null || skip "no $peer: 'make bench' installs it"
	done
	# What measures is no work of ours to search for leaks, and strace stands in the way of that.
	export BENCH_QUICK=1 BENCH_WORK=$BATS_TEST_TMPDIR/bench ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	run -0 --separate-stderr "$root/tests/bench/run"
	same "$(sed -E 's/[0-9]+\.[0-9]+ \([0-9.]+-[0-9.]+\)/N/g; s/[0-9]+(\.[0-9]+)?/N/g; s/  +/, /g; s/reached|MISSED/./' <<<"$output")" \
		'median (least-most) of N rounds; a round is N lists, N mails or one export, in turn

ours, peer, ours, ms, peer, ms, ratio, goal 
tkt-list --limit N, the same query in bare C, N, N, N, N .
tkt-list --all, sqliteN -json, same rows, N, N, N, N .
tkt-calendar add, Nwh, an empty process, N, N, N, 
tkt-calendar add, Nwh, an empty process, N, N, N, 
tkt-mailin, nobody else, notmuch insert, N, N, N, N .
tkt-mailin, nobody else, GMime and rows in bare C, N, N, N, N .
tkt-mailin, database held open, notmuch insert, N, N, N, N .
tkt-mailin, database held open, GMime and rows in bare C, N, N, N, N .
tkt-mailin, an empty desk, notmuch insert, N, N, N, N .
tkt-mailin, an empty desk, procmail to a maildir, N, N, N, 
tkt-mailin, N messages, tkt-mailin, an empty desk, N, N, N, N .
tkt-mailin, N messages, notmuch insert, N, N, N, N .
tkt-mailin, N messages, procmail to a maildir, N, N, N, 
tkt-mailin, N rules, N contacts, tkt-mailin without, N, N, N, N .
tkt-route, N rules, N times grep -P, N, N, N, 
tkt-route, N rules, grep -P, alternatives, N, N, N, 
tkt-sla --sweep, N of N, the same writes in bare C, N, N, N, N .
tkt-sla --sweep, N of N, a row in bare C, N, N, N, N .
tkt-sla --sweep, N of N, the same writes in bare C, N, N, N, 
tkt-sla --sweep, N of N, a row in bare C, N, N, N, N .

tkt-new: N tickets as NDJSON in N s, N a second
tkt-mailin --maildir: N mails on one core in N s, N a second (goal N: .), N ms of CPU each, N MB at most
notmuch new: N mails on one core in N s, N a second, N ms of CPU each, N MB at most
syncs a mail, nobody else: tkt-mailin N, bare C N, notmuch insert N
syncs a mail, database held open: tkt-mailin N, bare C N, notmuch insert N
N rules match N of N tickets, for tkt-route as for grep -P
a queue of N mails by four pipes, tkt-deliver: N a second; a mail takes N ms, the longest N (goal N: .)
tkt-list --limit N meanwhile, N times: half within N ms, N of N within N
a queue of N mails by four pipes, bare C and the busy handler of SQLite: N a second; a mail takes N ms, the longest N (goal N: .)
tkt-list --limit N meanwhile, N times: half within N ms, N of N within N
tkt-backup, N MB synced and verified: N s; sqliteN .backup of the database N s, cp -a N s
an idle sweep takes no write lock and writes and syncs nothing
tkt-sla --recompute: N tickets, nothing changed, in N s (goal: N), N MB at most
tkt-sla --recompute: N tickets, every deadline moved, in N s (goal: N), N MB at most
add Nwh, million a second: ours N, bare table N; goal N: .
add Nwh, million a second: ours N, bare table N; goal N: .'
}
