-- What each user has seen, and has not, other than the mailbox says itself: ranges of UIDs of the
-- IMAP view that neither overlap nor touch unless they differ.
create table seen (
  user_name  text not null,
  mailbox    text not null,
  first      integer not null,
  last       integer not null,
  seen       integer not null,
  primary key (user_name, mailbox, first)
) without rowid;

-- Names that a user does not want to see listed; all others are subscribed.
create table unsubscribed (
  user_name  text not null,
  name       text not null,
  primary key (user_name, name)
) without rowid;
