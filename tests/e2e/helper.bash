# The same for all suites.
# shellcheck shell=bash
source "${BASH_SOURCE[0]%/*}/../cli/helper.bash"
