-- What was destroyed, by which rule and when: a row for each rule and day of UTC, and nothing personal. Times are microseconds since 1970.
CREATE TABLE trust_destruction (
    rule     TEXT NOT NULL,
    day      INTEGER NOT NULL,
    place    TEXT NOT NULL,
    category TEXT NOT NULL,
    count    INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    PRIMARY KEY (rule, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX trust_destruction_by_day ON trust_destruction (day, rule);

-- Who had a role and erased the account: the name alone, apart from all else, as long as it must be known who could do what
-- (Personal Information Protection Act, art. 21 (3); safety measures, art. 5).
CREATE TABLE trust_departed (
    person  TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    left_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX trust_departed_by_time ON trust_departed (left_at);
