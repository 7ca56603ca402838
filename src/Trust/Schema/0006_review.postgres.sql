-- Entries of one action by time: what the retention destroys, and what the monthly review counts.
CREATE INDEX trust_record_by_action ON trust_record (action, moment);

-- Who looked through a month of the record, when, and what was found then. Moments are microseconds since 1970 in UTC.
CREATE TABLE trust_record_reviews (
    month    TEXT PRIMARY KEY,
    reviewer TEXT NOT NULL,
    moment   BIGINT NOT NULL,
    note     TEXT NOT NULL,
    entries  BIGINT NOT NULL,
    refused  BIGINT NOT NULL,
    unusual  BIGINT NOT NULL
);
