-- When each user changed \Seen last, as MODSEQ (RFC 7162): ranges of UIDs that do not overlap.
create table seen_change (
  user_name  text not null,
  mailbox    text not null,
  first      integer not null,
  last       integer not null,
  modseq     integer not null,
  primary key (user_name, mailbox, first)
) without rowid;
create index seen_change_modseq on seen_change (user_name, mailbox, modseq);
