import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "./database.ts";
import { StoreError, storeAdvice } from "./errors.ts";

const summaryColumns = `count integer not null, ok integer not null,
  min real, mean real, p95 real, max real, jitter real`;

/**
 * One entry a version of the file, applied in order; never change one that was released. Raw samples lie by time (appended
 * at the end: few pages written, old ones deleted from the start), the figures of 5 and 60 minutes by check (read as a series).
 */
const migrations: readonly string[] = [
  `create table checks (id integer primary key, name text not null unique) strict;
   create table sample (at integer not null, chk integer not null, ok integer not null, rtt real,
     primary key (at, chk)) without rowid, strict;
   create table rollup5 (chk integer not null, at integer not null, ${summaryColumns}, primary key (chk, at)) without rowid, strict;
   create table rollup60 (chk integer not null, at integer not null, ${summaryColumns}, primary key (chk, at)) without rowid, strict;
   create table outage (started integer primary key, ended integer, verdict text not null, severity text not null,
     blame text not null, place text not null, confidence real not null, advice text not null, evidence text not null) strict;
   create table event (id integer primary key, at integer not null, type text not null, text text not null, fields text not null,
     unique (at, type, text)) strict;
   create table kv (key text primary key, value text not null) without rowid, strict;
   create table mark (key text primary key, at integer not null) without rowid, strict;`,
  `create table device (id text primary key, state text not null) strict;
   create table activity (id text not null, day text not null, cells text not null, primary key (id, day)) without rowid, strict;
   create index activity_day on activity (day);
   alter table event add column mac text;
   create index event_mac on event (mac, at) where mac is not null;`,
];

/** The version of a file that this program writes. */
export const newestVersion = migrations.length;

/** Brings the file to this version. Throws `StoreError` "newer", and leaves the file as it is, when it is ahead of us. */
export function migrate(db: DatabaseSync, file: string): void {
  const version = Number(db.prepare("pragma user_version").get()?.["user_version"]);
  if (version > migrations.length) throw new StoreError("newer", storeAdvice("newer", file));
  migrations.forEach((sql, index) => {
    if (index < version) return;
    inTransaction(db, () => {
      db.exec(sql);
      db.exec(`pragma user_version = ${index + 1}`);
    });
  });
}
