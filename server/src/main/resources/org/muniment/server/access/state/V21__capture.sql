-- How the last capture run of each account ended, and what its source said of the runs to come.
create table capture (
  account         text primary key,
  started         text not null,
  ended           text not null,
  complete        integer not null,
  words           text not null,
  pause_kind      text,
  pause_until     text,
  pause_reason    text,
  pause_attempts  integer
);

-- Octets that came from the source of each account, by hours since 1970.
create table capture_traffic (
  account  text not null,
  hour     integer not null,
  octets   integer not null,
  primary key (account, hour)
);
