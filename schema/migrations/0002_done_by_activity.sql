-- Which activity did a follow-up, where it was logged so.

ALTER TABLE follow_ups ADD COLUMN done_activity_id TEXT NOT NULL DEFAULT '';
CREATE INDEX follow_ups_by_doing ON follow_ups (done_activity_id) WHERE done_activity_id <> '';
