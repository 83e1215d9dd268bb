-- What this program deleted at the sources, or meant to.

ALTER TABLE placement ADD COLUMN deletion      TEXT;    -- last outcome; see Deletions.Column
ALTER TABLE placement ADD COLUMN deletion_time BIGINT;  -- of that outcome
CREATE INDEX placement_intended ON placement (mailbox, uid) WHERE deletion = 'intended';
CREATE INDEX placement_deleted ON placement (mailbox) WHERE deletion = 'deleted';
