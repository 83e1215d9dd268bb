-- When each placement was touched last, and how much of a mailbox is not at its source any more.

ALTER TABLE placement ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;  -- leaf of that event
ALTER TABLE placement ADD COLUMN absence INTEGER                     -- 0 there, 1 gone, 2 moved
  GENERATED ALWAYS AS (CASE WHEN gone IS NULL THEN 0 ELSE 1 + moved END) VIRTUAL;

UPDATE placement SET changed = COALESCE(
  (SELECT MAX(h.leaf) FROM history h WHERE h.mailbox = placement.mailbox AND h.uid = placement.uid),
  leaf);

CREATE INDEX placement_changed ON placement (mailbox, changed);
CREATE INDEX placement_absent ON placement (mailbox, absence, uid) WHERE gone IS NOT NULL;
DROP INDEX placement_unseen;
CREATE INDEX placement_unseen ON placement (mailbox, absence, uid) WHERE seen = 0;

-- Of the placements of a mailbox, those with absence 1, and those with absence 2.
ALTER TABLE mailbox ADD COLUMN gone         BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN gone_unseen  BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN gone_octets  BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN moved        BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN moved_unseen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN moved_octets BIGINT NOT NULL DEFAULT 0;

UPDATE mailbox SET (gone, gone_unseen, gone_octets) = (
  SELECT COUNT(*), COALESCE(SUM(1 - p.seen), 0), COALESCE(SUM(m.length), 0)
  FROM placement p JOIN message m ON m.number = p.message
  WHERE p.mailbox = mailbox.number AND p.gone IS NOT NULL AND p.absence = 1);
UPDATE mailbox SET (moved, moved_unseen, moved_octets) = (
  SELECT COUNT(*), COALESCE(SUM(1 - p.seen), 0), COALESCE(SUM(m.length), 0)
  FROM placement p JOIN message m ON m.number = p.message
  WHERE p.mailbox = mailbox.number AND p.gone IS NOT NULL AND p.absence = 2);
