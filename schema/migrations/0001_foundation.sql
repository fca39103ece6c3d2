-- The ledger is the record; every other table is a projection of it and can be rebuilt from it.

CREATE TABLE ledger (
  device    TEXT    NOT NULL,
  seq       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  staff     TEXT    NOT NULL,
  action    TEXT    NOT NULL,
  entity    TEXT    NOT NULL,
  entity_id TEXT    NOT NULL,
  reason    TEXT    NOT NULL,
  command   TEXT    NOT NULL,
  body      TEXT    NOT NULL,
  prev      TEXT    NOT NULL,
  hash      TEXT    NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT;
CREATE INDEX ledger_by_entity ON ledger (entity_id, entity);
CREATE INDEX ledger_by_time ON ledger (at);

-- A guard against mistakes, not against somebody with the key: `verify` is what shows tampering.
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- What belongs to this copy of the file and is not part of the record: the device's short code.
CREATE TABLE local (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE practice (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  name TEXT NOT NULL, time_zone TEXT NOT NULL, owner TEXT NOT NULL,
  npi TEXT NOT NULL, tax_id TEXT NOT NULL, address TEXT NOT NULL, phone TEXT NOT NULL
) STRICT;

CREATE TABLE staff (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  name TEXT NOT NULL, credential TEXT NOT NULL, role TEXT NOT NULL, npi TEXT NOT NULL,
  active_from TEXT NOT NULL, active_to TEXT NOT NULL
) STRICT;

CREATE TABLE patients (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  chart_number TEXT NOT NULL, last_name TEXT NOT NULL, first_name TEXT NOT NULL, birth_date TEXT NOT NULL,
  gender TEXT NOT NULL, language TEXT NOT NULL, phone TEXT NOT NULL, address TEXT NOT NULL,
  search_key TEXT NOT NULL -- folded words of the name, so that a lookup needs no scan in Python
) STRICT;
CREATE UNIQUE INDEX patients_by_chart_number ON patients (chart_number) WHERE voided = 0;
CREATE INDEX patients_by_name ON patients (last_name, first_name);

CREATE VIRTUAL TABLE patients_found USING fts5 (
  search_key, chart_number, content = 'patients', content_rowid = 'row',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE TRIGGER patients_found_insert AFTER INSERT ON patients BEGIN
  INSERT INTO patients_found (rowid, search_key, chart_number) VALUES (new.row, new.search_key, new.chart_number);
END;
CREATE TRIGGER patients_found_update AFTER UPDATE ON patients BEGIN
  INSERT INTO patients_found (patients_found, rowid, search_key, chart_number)
    VALUES ('delete', old.row, old.search_key, old.chart_number);
  INSERT INTO patients_found (rowid, search_key, chart_number) VALUES (new.row, new.search_key, new.chart_number);
END;

CREATE TABLE coverages (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  patient_id TEXT NOT NULL REFERENCES patients (id), payer TEXT NOT NULL, payer_name TEXT NOT NULL,
  member_id TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL
) STRICT;
CREATE INDEX coverages_by_patient ON coverages (patient_id);

CREATE TABLE cases (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  patient_id TEXT NOT NULL REFERENCES patients (id), opened_on TEXT NOT NULL, closed_on TEXT NOT NULL,
  consent TEXT NOT NULL, complaint TEXT NOT NULL, findings TEXT NOT NULL, barriers TEXT NOT NULL,
  supplementary TEXT NOT NULL, plan TEXT NOT NULL, treating_dentist TEXT NOT NULL,
  treating_dentist_npi TEXT NOT NULL, close_reason TEXT NOT NULL
) STRICT;
CREATE INDEX cases_by_patient ON cases (patient_id);

CREATE TABLE activities (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  patient_id TEXT NOT NULL REFERENCES patients (id), kind TEXT NOT NULL, staff TEXT NOT NULL,
  service_date TEXT NOT NULL, minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 720),
  outcome TEXT NOT NULL, outcome_words TEXT NOT NULL, start TEXT NOT NULL, method TEXT NOT NULL,
  contacted TEXT NOT NULL, reason TEXT NOT NULL, response TEXT NOT NULL, next_step TEXT NOT NULL,
  note TEXT NOT NULL, fields TEXT NOT NULL, case_id TEXT NOT NULL, status TEXT NOT NULL,
  signed_by TEXT NOT NULL, signed_at INTEGER NOT NULL, entered_at INTEGER NOT NULL, entered_by TEXT NOT NULL,
  late_days INTEGER NOT NULL, amended INTEGER NOT NULL, source TEXT NOT NULL,
  source_digest TEXT NOT NULL -- from source, so that an import recognises what is already in
) STRICT;
CREATE INDEX activities_by_date ON activities (service_date, start, entered_at);
CREATE INDEX activities_by_patient ON activities (patient_id, service_date);
CREATE INDEX activities_by_staff ON activities (staff, service_date);
CREATE INDEX activities_by_source ON activities (source_digest) WHERE source_digest <> '';

-- What an activity is found by: its own words, and the name and chart number of whom it was for.
CREATE VIEW activities_said AS
  SELECT a.row, a.note, a.outcome_words, a.contacted, a.reason, a.response, a.next_step, a.fields,
    p.search_key || ' ' || p.chart_number AS patient
  FROM activities a JOIN patients p ON p.id = a.patient_id;

CREATE VIRTUAL TABLE activities_found USING fts5 (
  note, outcome_words, contacted, reason, response, next_step, fields, patient,
  content = 'activities_said', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3',
  detail = none, columnsize = 0 -- whole rows are looked for, never phrases: a third smaller and faster
);
-- Activities are put in by the program itself: a trigger makes FTS5 flush after each row, which costs an import
-- as much as all the rest of it.
CREATE TRIGGER activities_found_rename AFTER UPDATE ON patients
WHEN old.search_key <> new.search_key OR old.chart_number <> new.chart_number BEGIN
  INSERT INTO activities_found
    (activities_found, rowid, note, outcome_words, contacted, reason, response, next_step, fields, patient)
    SELECT 'delete', a.row, a.note, a.outcome_words, a.contacted, a.reason, a.response, a.next_step, a.fields,
      old.search_key || ' ' || old.chart_number
    FROM activities a WHERE a.patient_id = old.id;
  INSERT INTO activities_found (rowid, note, outcome_words, contacted, reason, response, next_step, fields, patient)
    SELECT * FROM activities_said WHERE row IN (SELECT row FROM activities WHERE patient_id = new.id);
END;

CREATE TABLE follow_ups (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  due_date TEXT NOT NULL, what TEXT NOT NULL, patient_id TEXT NOT NULL, activity_id TEXT NOT NULL,
  assigned_to TEXT NOT NULL, done_on TEXT NOT NULL, done_by TEXT NOT NULL, done_note TEXT NOT NULL
) STRICT;
CREATE INDEX follow_ups_open ON follow_ups (due_date) WHERE done_on = '' AND voided = 0;
CREATE INDEX follow_ups_by_activity ON follow_ups (activity_id);
CREATE INDEX follow_ups_by_patient ON follow_ups (patient_id);

CREATE TABLE timers (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  patient_id TEXT NOT NULL, kind TEXT NOT NULL, note TEXT NOT NULL,
  started_at INTEGER NOT NULL, running_since INTEGER NOT NULL, banked_seconds INTEGER NOT NULL
) STRICT;

CREATE TABLE claims (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  number TEXT NOT NULL UNIQUE, patient_id TEXT NOT NULL REFERENCES patients (id), coverage_id TEXT NOT NULL,
  payer TEXT NOT NULL, payer_name TEXT NOT NULL, member_id TEXT NOT NULL, month TEXT NOT NULL,
  case_id TEXT NOT NULL, status TEXT NOT NULL, payer_rules TEXT NOT NULL
) STRICT;
CREATE INDEX claims_by_month ON claims (month, number);
CREATE INDEX claims_by_patient ON claims (patient_id);

CREATE TABLE claim_lines (
  claim_id TEXT NOT NULL REFERENCES claims (id), line INTEGER NOT NULL, service_date TEXT NOT NULL,
  code TEXT NOT NULL, minutes INTEGER NOT NULL, quantity INTEGER NOT NULL, fee_cents INTEGER NOT NULL,
  PRIMARY KEY (claim_id, line)
) STRICT, WITHOUT ROWID;

-- Only live claims stand here, so that the primary key keeps an activity from being claimed twice.
CREATE TABLE claim_activities (
  activity_id TEXT PRIMARY KEY REFERENCES activities (id), claim_id TEXT NOT NULL REFERENCES claims (id),
  line INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_activities_by_claim ON claim_activities (claim_id, line);

CREATE TABLE imports (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  kind TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, imported_at INTEGER NOT NULL,
  accepted INTEGER NOT NULL, minutes INTEGER NOT NULL, duplicates INTEGER NOT NULL, ignored INTEGER NOT NULL,
  rejected TEXT NOT NULL, mended TEXT NOT NULL
) STRICT;

CREATE TABLE disclosures (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  what TEXT NOT NULL, filters TEXT NOT NULL, rows INTEGER NOT NULL, sha256 TEXT NOT NULL, file TEXT NOT NULL
) STRICT;
