-- Who may do what, and who was let in or refused.

ALTER TABLE staff ADD COLUMN access TEXT NOT NULL DEFAULT 'case manager';

CREATE TABLE accesses (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  login TEXT NOT NULL, detail TEXT NOT NULL, times INTEGER NOT NULL,
  first_at INTEGER NOT NULL, last_at INTEGER NOT NULL
) STRICT;
