-- The history of a placement that has one begins with what it was at capture.

-- The log is followed from its beginning again.
DELETE FROM history;
DELETE FROM unwrapped;
DELETE FROM own_id;
DELETE FROM placement;
DELETE FROM origin;
DELETE FROM message;
DELETE FROM mailbox;
DELETE FROM account;
DELETE FROM receipt;
DELETE FROM part;
UPDATE position SET entries = 0, mark = '', messages = 0, octets = 0;
