DROP TABLE message;

-- The texts of a message as values are looked for in them.
CREATE TABLE message (
  number INTEGER NOT NULL PRIMARY KEY,  -- of the message in the catalogue
  content BLOB NOT NULL,                -- content id
  rules INTEGER NOT NULL,               -- by which the text was made
  value BLOB NOT NULL
);
