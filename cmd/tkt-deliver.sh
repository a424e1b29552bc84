#!/bin/sh
# tkt-deliver: what a mail server runs instead of tkt-mailin. It prints nothing, since a mail server
# sends what a failed command prints to the sender, and turns every failure into 75 (try again):
# a library that is missing ends tkt-mailin with 127 before it runs, and mail servers bounce on that.
case $#:$1 in # asked by a person or a shell, never by a mail server
1:--help | 1:--describe | 1:--version)
	"${0%/*}/tkt-mailin" "$1" | sed s/tkt-mailin/tkt-deliver/g
	exit
	;;
esac
exec 2>/dev/null # a shell tells of a killed child
said=$("${0%/*}/tkt-mailin" "$@" 2>&1 >/dev/null)
status=$?
[ "$status" -eq 0 ] && exit 0
logger -t tkt-deliver -p mail.err -- "status=deferred, tkt-mailin ended with $status: $said" >/dev/null 2>&1
exit 75
