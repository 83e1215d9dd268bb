-- The root keys of which somebody has shown a copy to be right.
create table root_keys (
  id         text primary key,
  confirmed  text not null
);
