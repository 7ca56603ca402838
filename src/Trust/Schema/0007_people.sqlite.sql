-- Since when a person is locked out by an administrator; nobody is by default. The index is for the list of people, page by page.
ALTER TABLE trust_person ADD COLUMN locked_at INTEGER;
CREATE INDEX trust_person_by_name ON trust_person (name, id);
