-- Each distinct part of a segment once: where it was sealed last. A part is a long stretch of a
-- message that messages share, such as a decoded attachment.
CREATE TABLE part (
  id       ${octets} PRIMARY KEY,
  location TEXT      NOT NULL
);

-- The log is followed from its beginning again, for the parts of what was sealed before.
DELETE FROM placement;
DELETE FROM origin;
DELETE FROM message;
DELETE FROM mailbox;
DELETE FROM account;
DELETE FROM receipt;
UPDATE position SET entries = 0, mark = '', messages = 0, octets = 0;
