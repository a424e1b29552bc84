-- The rows and columns of `tkt-list --all`, in its order.
SELECT 'ticket' AS type, id, rev, subject, status, queue, priority, channel, lang, category, tier,
	customer, contract, identity, policy, requester_email, requester_name, cc, assignee, group_name,
	pending_reason, resolution, key, linked, tags, fields, sent_at, received_at, created_at,
	updated_at, closed_at, last_in_at, last_out_at, wake_at, undelivered, clocks, timers, next_at
FROM ticket ORDER BY ifnull(due_at, 9223372036854775807), number;
