-- In which form something left, for whose keys it was encrypted, to whom it went and why.

ALTER TABLE disclosures ADD COLUMN left_as TEXT NOT NULL DEFAULT '';
ALTER TABLE disclosures ADD COLUMN recipients TEXT NOT NULL DEFAULT '[]';
ALTER TABLE disclosures ADD COLUMN sealed_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE disclosures ADD COLUMN sent_to TEXT NOT NULL DEFAULT '';
ALTER TABLE disclosures ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
