-- What users were told of virtual mailboxes: all that a client has of them hangs on it.
create table virtual_mailbox (
  user_name     text    not null,
  mailbox       text    not null,
  uid_validity  integer not null,
  uid_next      integer not null,
  digest        text    not null,  -- of the UIDs below uid_next
  primary key (user_name, mailbox)
) without rowid;
