-- What tells this file from another that takes its place.
CREATE TABLE own (
  id TEXT NOT NULL PRIMARY KEY
);

INSERT INTO own (id) VALUES (lower(hex(randomblob(16))));
