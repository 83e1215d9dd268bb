-- What was found in journal mailboxes.

CREATE TABLE unwrapped (
  leaf    ${key}    PRIMARY KEY,
  mailbox INTEGER   NOT NULL REFERENCES mailbox,  -- the journal mailbox
  uid     BIGINT    NOT NULL,                     -- there, in the view
  result  TEXT      NOT NULL,                     -- report, ordinary or broken
  message INTEGER   NOT NULL REFERENCES message,  -- what a report holds, else the message itself
  event   ${octets} NOT NULL,                     -- JSON
  UNIQUE (mailbox, uid)
);
CREATE INDEX unwrapped_message ON unwrapped (message);
CREATE INDEX unwrapped_result ON unwrapped (mailbox, result);
