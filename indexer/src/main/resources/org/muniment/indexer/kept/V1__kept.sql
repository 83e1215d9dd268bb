-- What was read of documents and messages, kept so that it need not be read again. What tells of
-- their content is in the octets of "value", packed and sealed.

-- A document, whatever messages it came with.
CREATE TABLE document (
  content BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of its octets
  extractor TEXT NOT NULL,            -- version of what read it
  status TEXT NOT NULL,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- The documents of a message: its parts, and files inside its parts.
CREATE TABLE part (
  message BLOB NOT NULL,              -- content id
  path TEXT NOT NULL,                 -- number of the part
  file INTEGER NOT NULL,              -- number of the file inside the part, 0 for the part itself
  document BLOB NOT NULL,
  PRIMARY KEY (message, path, file)
) WITHOUT ROWID;

-- Headers and texts of a message.
CREATE TABLE message (
  content BLOB NOT NULL PRIMARY KEY,  -- content id
  value BLOB NOT NULL
);
