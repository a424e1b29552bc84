-- A desk of :tickets tickets of four messages each: a letter, its acknowledgement, an agent's answer, a letter.
-- tkt-mailin has taken in one letter: ticket 1, messages 1 and 2, events 1 and 2, letter, outgoing mail and
-- contents 1. What is made here is like them and comes after them; one ticket of ten is open.
PRAGMA synchronous = OFF;
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -500000;
BEGIN;
DROP INDEX ticket_due;
DROP INDEX message_ticket;
DROP INDEX message_message_id;
DROP INDEX event_ticket;
DROP INDEX letter_key;
DROP INDEX outgoing_message_id;
CREATE TEMP TABLE made AS
WITH RECURSIVE counted(ticket) AS (SELECT 2 UNION ALL SELECT ticket + 1 FROM counted WHERE ticket < :tickets)
SELECT ticket, 'TKT-' || ticket AS id, 1767225600 + ticket * 100 AS start,
	'user' || (ticket % 5000) || '@example.org' AS email, ticket % 10 = 0 AS is_open FROM counted;
-- A message is like message 1 or 2, and is letter or outgoing mail 1 or 2 of its ticket.
CREATE TEMP TABLE turn(part, pattern, place, delay);
INSERT INTO turn VALUES (1, 1, 1, 0), (2, 2, 1, 1), (3, 2, 2, 3600), (4, 1, 2, 7200);
CREATE TEMP VIEW written AS
SELECT made.*, turn.*, (ticket - 1) * 4 + part AS message, (ticket - 1) * 2 + place AS row, start + delay AS at,
	printf('%d.%08x@example.org', part, ticket * 2654435761 % 4294967296) AS message_id
FROM made CROSS JOIN turn;

INSERT INTO ticket(number, id, rev, subject, status, queue, priority, channel, lang, identity, policy,
	requester_email, requester_name, received_at, created_at, updated_at, last_in_at, last_out_at)
SELECT ticket, made.id, 4, subject, iif(is_open, 'open', 'closed'), queue, priority, channel, lang, identity, policy,
	email, requester_name, start, start, start + 7200, start + 7200, start + 3600
FROM made, ticket AS old WHERE old.number = 1;
INSERT INTO message(number, ticket, kind, direction, channel, author_email, author_name, to_list, subject,
	message_id, sent_at, received_at, auto, bounce, identity, raw_sha256, body_sha256, body)
SELECT message, written.ticket, kind, direction, channel, iif(pattern = 1, email, author_email), author_name,
	to_list, subject, written.message_id, at, at, auto, bounce, identity, raw_sha256, body_sha256, substr(body, 1, 600)
FROM written, message AS old WHERE old.number = pattern;
INSERT INTO event(seq, at, actor, uid, tool, ticket, json)
SELECT message, written.at, iif(pattern = 1, 'contact:' || email, actor), uid, tool, written.id, json
FROM written, event AS old WHERE old.seq = pattern;
INSERT INTO letter(number, key, fingerprint, received_at, fate, kind, sender, message_id, ticket, message,
	raw_sha256, size)
SELECT row, written.message_id, fingerprint, at, iif(place = 1, 'opened', 'appended'), old.kind, email,
	written.message_id, written.id, written.message, raw_sha256, size
FROM written, letter AS old WHERE pattern = 1 AND old.number = 1;
INSERT INTO outgoing(number, ticket, message, state, recipients, sender, subject, message_id, attempts, unknowns,
	due_at, created_at, sent_at)
SELECT row, written.id, written.message, 'sent', json_array(email), old.sender, subject, written.message_id, 1, 0,
	at, at, at + 5
FROM written, outgoing AS old WHERE pattern = 2 AND old.number = 1;
INSERT INTO blob(sha256, size, codec, bytes)
SELECT randomblob(32), size, codec, substr(bytes, 1, 600)
FROM written, blob AS old WHERE pattern = 1 AND old.rowid = 1;

CREATE INDEX ticket_due ON ticket(ifnull(due_at, 9223372036854775807)) WHERE status <> 'closed';
CREATE INDEX message_ticket ON message(ticket);
CREATE INDEX message_message_id ON message(message_id) WHERE message_id IS NOT NULL;
CREATE INDEX event_ticket ON event(ticket) WHERE ticket IS NOT NULL;
CREATE INDEX letter_key ON letter(key) WHERE fate <> 'duplicate';
CREATE INDEX outgoing_message_id ON outgoing(message_id);
UPDATE counter SET value = :tickets * CASE name WHEN 'ticket' THEN 1 WHEN 'letter' THEN 2 WHEN 'outgoing' THEN 2 ELSE 4 END;
COMMIT;
PRAGMA journal_mode = WAL;
