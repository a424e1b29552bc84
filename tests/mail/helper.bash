# The same for all suites.
# shellcheck shell=bash
source "${BASH_SOURCE[0]%/*}/../cli/helper.bash"

# within COMMAND...: in 256 MB of memory and 5 s of a processor; sanitizers need more of both.
within() {
	local memory=262144 seconds=5
	! grep -q __asan_init "$(command -v tkt-mime)" || memory=unlimited seconds=60
	# shellcheck disable=SC2016 # the inner shell expands them
	timeout 120 bash -c 'ulimit -v "$1" && ulimit -t "$2" && shift 2 && exec "$@"' - $memory $seconds "$@"
}
