-- What was observed of mailboxes and placements after they were captured.

ALTER TABLE message ADD COLUMN header ${octets};  -- SHA-256 of its header with the empty line
CREATE INDEX message_header ON message (header);

ALTER TABLE mailbox ADD COLUMN subscribed INTEGER NOT NULL DEFAULT 1;  -- 1 when it is at the source
ALTER TABLE mailbox ADD COLUMN object_id  TEXT    NOT NULL DEFAULT ''; -- MAILBOXID, RFC 8474
ALTER TABLE mailbox ADD COLUMN listed     INTEGER NOT NULL DEFAULT 0;  -- 1 while the source lists it

DROP TABLE placement;
CREATE TABLE placement (
  leaf            ${key}  PRIMARY KEY,
  mailbox         INTEGER NOT NULL REFERENCES mailbox,
  uid             BIGINT  NOT NULL,  -- of the view
  message         INTEGER NOT NULL REFERENCES message,
  source_kind     TEXT    NOT NULL,  -- at capture; see SourceColumns
  source_validity BIGINT,
  source_uid      BIGINT,
  source_text     ${octets},
  synthetic       INTEGER NOT NULL,
  now_validity    BIGINT,            -- the generation at the source that last had it
  now_uid         BIGINT,            -- and the UID there
  provisional     INTEGER NOT NULL,  -- 1 when its octets there have still to be compared
  internal_date   BIGINT  NOT NULL,
  captured        BIGINT  NOT NULL,
  origin          INTEGER NOT NULL REFERENCES origin,
  flags           TEXT    NOT NULL,  -- as last observed; see FlagText
  seen            INTEGER NOT NULL,  -- 1 when \Seen is among the flags
  gone            BIGINT,            -- when it was first missed at the source, null while it is there
  moved           INTEGER NOT NULL,  -- 1 when its octets were elsewhere in the account then
  UNIQUE (mailbox, uid),
  UNIQUE (mailbox, now_validity, now_uid)
);
CREATE INDEX placement_provisional ON placement (mailbox, now_uid) WHERE provisional = 1;
CREATE INDEX placement_message ON placement (message);
CREATE INDEX placement_unseen ON placement (mailbox, uid) WHERE seen = 0;
CREATE INDEX placement_unique_id ON placement (mailbox, source_text) WHERE source_kind = 'uidl';

-- What a placement was from an entry of the log on; before the first row, what it was at capture.
CREATE TABLE history (
  leaf    BIGINT  NOT NULL,
  mailbox INTEGER NOT NULL REFERENCES mailbox,
  uid     BIGINT  NOT NULL,
  flags   TEXT    NOT NULL,
  there   INTEGER NOT NULL,  -- 1 when it was at the source
  PRIMARY KEY (mailbox, uid, leaf)
);

-- The log is followed from its beginning again.
DELETE FROM origin;
DELETE FROM message;
DELETE FROM mailbox;
DELETE FROM account;
DELETE FROM receipt;
DELETE FROM part;
UPDATE position SET entries = 0, mark = '', messages = 0, octets = 0;
