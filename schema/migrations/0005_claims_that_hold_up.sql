-- What becomes of a claim: its states, what payers said and paid, what goes with it, and the months that are closed.

ALTER TABLE activities ADD COLUMN run_month TEXT NOT NULL DEFAULT '';
CREATE INDEX activities_by_run ON activities (run_month, patient_id, service_date) WHERE run_month <> '';

ALTER TABLE claims ADD COLUMN diagnoses TEXT NOT NULL DEFAULT '[]';
ALTER TABLE claims ADD COLUMN authorization_id TEXT NOT NULL DEFAULT '';
ALTER TABLE claims ADD COLUMN place_of_service TEXT NOT NULL DEFAULT '11';
ALTER TABLE claims ADD COLUMN submissions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE claims ADD COLUMN payer_claim_number TEXT NOT NULL DEFAULT '';
ALTER TABLE claims ADD COLUMN amendment_owed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claims ADD COLUMN appealed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE claims ADD COLUMN appeal_by TEXT NOT NULL DEFAULT '';
ALTER TABLE claims ADD COLUMN written_off_cents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claims ADD COLUMN next_action TEXT NOT NULL DEFAULT '';
ALTER TABLE claims ADD COLUMN next_action_on TEXT NOT NULL DEFAULT '';
ALTER TABLE claims ADD COLUMN sent_on TEXT NOT NULL DEFAULT ''; -- from submissions: the first day
ALTER TABLE claims ADD COLUMN billed_cents INTEGER NOT NULL DEFAULT 0; -- from submissions, or the lines before the first
UPDATE claims SET billed_cents =
  (SELECT coalesce(sum(quantity * fee_cents), 0) FROM claim_lines WHERE claim_id = claims.id);
CREATE INDEX claims_by_status ON claims (status, sent_on) WHERE voided = 0;
CREATE INDEX claims_by_coverage ON claims (coverage_id);
CREATE INDEX claim_lines_by_code ON claim_lines (code, service_date);

CREATE TABLE verifications (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  patient_id TEXT NOT NULL REFERENCES patients (id), coverage_id TEXT NOT NULL REFERENCES coverages (id),
  verified_on TEXT NOT NULL, verified_by TEXT NOT NULL, method TEXT NOT NULL, contacted TEXT NOT NULL,
  reference TEXT NOT NULL, covered TEXT NOT NULL, codes TEXT NOT NULL, said TEXT NOT NULL
) STRICT;
CREATE INDEX verifications_by_coverage ON verifications (coverage_id, verified_on);
CREATE INDEX verifications_by_patient ON verifications (patient_id);

CREATE TABLE authorizations (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  patient_id TEXT NOT NULL REFERENCES patients (id), coverage_id TEXT NOT NULL REFERENCES coverages (id),
  number TEXT NOT NULL, codes TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL,
  units INTEGER NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE INDEX authorizations_by_coverage ON authorizations (coverage_id);
CREATE INDEX authorizations_by_patient ON authorizations (patient_id);

CREATE TABLE attachments (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  patient_id TEXT NOT NULL REFERENCES patients (id), claim_id TEXT NOT NULL, name TEXT NOT NULL,
  media_type TEXT NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL, sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, pages INTEGER NOT NULL
) STRICT;
CREATE INDEX attachments_by_claim ON attachments (claim_id) WHERE claim_id <> '';
CREATE INDEX attachments_by_patient ON attachments (patient_id);

CREATE TABLE remittances (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  claim_id TEXT NOT NULL REFERENCES claims (id), received_on TEXT NOT NULL, paid_on TEXT NOT NULL,
  check_number TEXT NOT NULL, payer_claim_number TEXT NOT NULL, reversal INTEGER NOT NULL,
  appeal_by TEXT NOT NULL, lines TEXT NOT NULL, remarks TEXT NOT NULL, note TEXT NOT NULL,
  file TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE INDEX remittances_by_claim ON remittances (claim_id);
CREATE INDEX remittances_by_digest ON remittances (digest) WHERE digest <> '';
CREATE INDEX remittances_by_date ON remittances (received_on);

CREATE TABLE patient_payments (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  claim_id TEXT NOT NULL REFERENCES claims (id), received_on TEXT NOT NULL, cents INTEGER NOT NULL,
  method TEXT NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE INDEX patient_payments_by_claim ON patient_payments (claim_id);

CREATE TABLE months (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, voided INTEGER NOT NULL,
  closed INTEGER NOT NULL, closed_at INTEGER NOT NULL, closed_by TEXT NOT NULL,
  figures TEXT NOT NULL, taken_with TEXT NOT NULL
) STRICT;

-- Bytes by their SHA-256: attachments, and payer files as they stood when a claim was drafted. They are no projection:
-- records name them by digest, so that the ledger covers them, and `verify` compares each with its digest.
CREATE TABLE contents (
  sha256 TEXT NOT NULL PRIMARY KEY,
  bytes  BLOB NOT NULL
) STRICT;
