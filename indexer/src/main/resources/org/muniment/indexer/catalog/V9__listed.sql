-- Header fields that mail clients ask for to list a mailbox; see ListedFields. Null where they are
-- too long, and of messages that were catalogued before: those are read from the archive.
ALTER TABLE message ADD COLUMN listed ${octets};
