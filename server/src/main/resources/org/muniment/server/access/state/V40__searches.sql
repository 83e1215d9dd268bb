-- Queries that a user keeps under a name.
create table saved_search (
  user_name  text not null,
  name       text not null,
  query      text not null,
  primary key (user_name, name)
) without rowid;
