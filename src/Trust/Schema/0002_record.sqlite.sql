-- The record: who did what to what, when and why. Moments are microseconds since 1970 in UTC. No personal data: who, address
-- and personal things are keyed digests (see trust_subjects). The leaf is the entry as the log holds it, to the byte.
CREATE TABLE trust_record (
    seq     INTEGER PRIMARY KEY,
    moment  INTEGER NOT NULL,
    action  TEXT NOT NULL,
    who     TEXT NOT NULL,
    role    TEXT,
    purpose TEXT,
    kind    TEXT,
    thing   TEXT,
    address TEXT,
    trace   TEXT,
    result  TEXT NOT NULL,
    leaf    BLOB NOT NULL
) STRICT;
CREATE INDEX trust_record_by_moment ON trust_record (moment);
CREATE INDEX trust_record_by_who ON trust_record (who, seq);
CREATE INDEX trust_record_by_thing ON trust_record (kind, thing, seq) WHERE thing IS NOT NULL;

-- The salt under which a subject's digest is made. Without its row nobody can tell whose digest it was: that is erasure.
CREATE TABLE trust_subjects (
    subject TEXT PRIMARY KEY,
    salt    BLOB NOT NULL,
    digest  TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- What the log signed last: a log that has less, or other, was rolled back or changed.
CREATE TABLE trust_record_head (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL
) STRICT;
