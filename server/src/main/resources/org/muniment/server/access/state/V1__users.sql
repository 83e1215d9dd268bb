create table users (
  name      text primary key,
  role      text not null check (role in ('USER', 'AUDITOR', 'ADMIN')),
  password  text not null,
  created   text not null
);

create table grants (
  user_name  text not null references users (name),
  account    text not null,
  created    text not null,
  primary key (user_name, account)
);

create table tokens (
  id         text primary key,
  user_name  text not null references users (name),
  sha256     text not null unique,
  created    text not null,
  revoked    text
);

create index tokens_of_user on tokens (user_name);
