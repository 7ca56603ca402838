-- How often somebody may ask, as operators set it. Nothing is deleted: what was changed has an end. Without a subject a row
-- stands for everybody of its kind. Times are microseconds since 1970 in UTC.
CREATE TABLE trust_limits (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('address', 'account', 'key')),
    subject    TEXT,
    per_second INTEGER NOT NULL,
    burst      INTEGER NOT NULL,
    note       TEXT NOT NULL,
    from_time  INTEGER NOT NULL,
    to_time    INTEGER,
    set_by     TEXT NOT NULL,
    ended_by   TEXT
) STRICT;
CREATE UNIQUE INDEX trust_limits_in_force ON trust_limits (kind, coalesce(subject, '')) WHERE to_time IS NULL;
