-- A desk of :tickets open tickets, as if they had been opened on Monday 2026-03-02 from 11:00:01 to 13:00,
-- with the clocks that tests/bench/sweep.conf promises them: each escalates on Tuesday from 09:00:01 to
-- 11:00, an even number a second, and is due two hours later. Ticket 1 is there: the others are made after it.
PRAGMA synchronous = OFF;
BEGIN;
DROP INDEX ticket_due;
DROP INDEX ticket_next;
CREATE TEMP TABLE made AS
WITH RECURSIVE counted(number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM counted WHERE number < :tickets)
SELECT number, 1772449201 + number * 7919 % 7199 AS start FROM counted;
INSERT INTO ticket(number, id, rev, subject, status, queue, priority, channel, lang, identity, policy,
	requester_email, received_at, created_at, updated_at, last_in_at, due_at, next_at, clocks)
SELECT made.number, 'TKT-' || made.number, 1, 'Printer ' || made.number, 'open', queue, priority, channel, lang,
	identity, policy, 'user' || (made.number % 1000) || '@example.org', start, start, start, start,
	start + 86400, start + 86400 - 7200,
	'[{"name":"first_response","cycle":1,"sla":"bench","calendar":"office","target":"8wh","state":"running",'
	|| '"started_at":"' || strftime('%Y-%m-%dT%H:%M:%SZ', start, 'unixepoch')
	|| '","due_at":"' || strftime('%Y-%m-%dT%H:%M:%SZ', start + 86400, 'unixepoch')
	|| '"},{"name":"resolution","cycle":1,"sla":"bench","calendar":"office","target":"2wd","state":"running",'
	|| '"started_at":"' || strftime('%Y-%m-%dT%H:%M:%SZ', start, 'unixepoch')
	|| '","due_at":"' || strftime('%Y-%m-%dT%H:%M:%SZ', start + 172800, 'unixepoch') || '"}]'
FROM made, ticket WHERE ticket.number = 1;
INSERT INTO clock(ticket, name, cycle, target, state, started_at, due_at)
SELECT number, 'first_response', 1, '8wh', 'running', start, start + 86400 FROM made
UNION ALL SELECT number, 'resolution', 1, '2wd', 'running', start, start + 172800 FROM made ORDER BY 1, 2;
CREATE INDEX ticket_due ON ticket(ifnull(due_at, 9223372036854775807)) WHERE status <> 'closed';
CREATE INDEX ticket_next ON ticket(next_at, number) WHERE next_at IS NOT NULL;
UPDATE counter SET value = :tickets WHERE name = 'ticket';
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
