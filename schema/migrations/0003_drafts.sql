-- Half-typed text of the forms. It is no part of the record: the ledger knows nothing of it, and nothing that leaves
-- the house is made from it.
CREATE TABLE drafts (
  staff    TEXT    NOT NULL,
  form     TEXT    NOT NULL,
  body     TEXT    NOT NULL, -- canonical JSON: the text of each part of the form, by the part's name
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (staff, form)
) STRICT, WITHOUT ROWID;
