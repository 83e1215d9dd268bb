create table publication (
  target     text primary key,
  size       integer,
  confirmed  text,
  trouble    text not null
);
