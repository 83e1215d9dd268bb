-- Times of the archive are milliseconds, INTERNALDATE and Date are seconds, since 1970 in UTC.
-- ${key} is the integer type that makes a primary key the row itself, ${octets} that of raw octets.

-- How far the log was followed. One row, changed in the transaction that applies the entries.
CREATE TABLE position (
  id       ${key}  PRIMARY KEY CHECK (id = 1),
  entries  BIGINT  NOT NULL,  -- entries applied, so the index of the next one
  mark     TEXT    NOT NULL,  -- digest of the last entry applied, '' for none
  messages BIGINT  NOT NULL,  -- rows in message
  octets   BIGINT  NOT NULL   -- sum of their lengths
);
INSERT INTO position VALUES (1, 0, '', 0, 0);

CREATE TABLE account (
  number ${key} PRIMARY KEY,
  name   TEXT   NOT NULL UNIQUE
);

CREATE TABLE mailbox (
  number       ${key}    PRIMARY KEY,
  id           TEXT      NOT NULL UNIQUE,
  account      INTEGER   NOT NULL REFERENCES account,
  name         ${octets} NOT NULL,  -- as the source sent it
  display      TEXT      NOT NULL,
  delimiter    TEXT      NOT NULL,
  attributes   TEXT      NOT NULL,  -- separated by spaces
  uid_validity BIGINT    NOT NULL,  -- of the view
  uid_next     BIGINT    NOT NULL,
  messages     BIGINT    NOT NULL,
  unseen       BIGINT    NOT NULL,
  octets       BIGINT    NOT NULL
);
CREATE INDEX mailbox_name ON mailbox (account, name);

-- Each distinct content once, numbered from 0 without gaps in the order of first capture.
CREATE TABLE message (
  number        ${key}    PRIMARY KEY,
  content       ${octets} NOT NULL UNIQUE,
  length        BIGINT    NOT NULL,
  location      TEXT      NOT NULL,
  leaf          BIGINT    NOT NULL UNIQUE,  -- of the first capture
  internal_date BIGINT    NOT NULL,         -- of the first capture
  sent_date     BIGINT,                     -- null when missing or not understood
  sent_offset   INTEGER,                    -- seconds east of UTC
  attachment    INTEGER   NOT NULL,         -- 1 when there is at least one
  subject       TEXT      NOT NULL,
  sender        TEXT      NOT NULL,
  recipients    TEXT      NOT NULL,
  structure     ${octets} NOT NULL          -- JSON
);

CREATE TABLE origin (
  number    ${key} PRIMARY KEY,
  protocol  TEXT   NOT NULL,
  host      TEXT   NOT NULL,
  user_name TEXT   NOT NULL,
  UNIQUE (protocol, host, user_name)
);

CREATE TABLE placement (
  leaf            ${key}  PRIMARY KEY,
  mailbox         INTEGER NOT NULL REFERENCES mailbox,
  uid             BIGINT  NOT NULL,  -- of the view
  message         INTEGER NOT NULL REFERENCES message,
  source_validity BIGINT  NOT NULL,
  source_uid      BIGINT  NOT NULL,
  internal_date   BIGINT  NOT NULL,
  captured        BIGINT  NOT NULL,
  origin          INTEGER NOT NULL REFERENCES origin,
  flags           TEXT    NOT NULL,  -- see FlagText
  seen            INTEGER NOT NULL,  -- 1 when \Seen is among the flags
  UNIQUE (mailbox, uid),
  UNIQUE (mailbox, source_validity, source_uid)
);
CREATE INDEX placement_message ON placement (message);
CREATE INDEX placement_unseen ON placement (mailbox, uid) WHERE seen = 0;

CREATE TABLE receipt (
  leaf     ${key}    PRIMARY KEY,
  account  TEXT      NOT NULL,
  ended    BIGINT    NOT NULL,
  complete INTEGER   NOT NULL,
  poll     ${octets} NOT NULL  -- the event, JSON
);
CREATE INDEX receipt_account ON receipt (account, leaf);
