-- What an IMAP server knows the messages of an account by in all its mailboxes (EMAILID of RFC 8474,
-- X-GM-MSGID), as far as they were fetched. No event before this version has one.
CREATE TABLE own_id (
  account       INTEGER NOT NULL REFERENCES account,
  own_id        TEXT    NOT NULL,        -- kind, space, value
  message       INTEGER REFERENCES message,  -- null when the server gave it to different octets
  internal_date BIGINT  NOT NULL,        -- INTERNALDATE where it was seen first
  PRIMARY KEY (account, own_id)
);
