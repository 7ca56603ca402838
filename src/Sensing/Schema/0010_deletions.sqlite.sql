-- Observations that are deleted by a query, as jobs. state: 1 previewed, 2 running, 3 to be stopped, 4 done, 5 stopped, 6 failed.
-- Only what was there at asked_at goes: ids up to last_id. mine: the providers whose Observations go, 0 for the city's own;
-- hidden: those whose entities a filter does not see. at_datastream, at_time, at_id: what was looked at last; is_touched: rows of
-- that Datastream went, and its extent is to be counted anew.
CREATE TABLE deletions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    query         TEXT NOT NULL,
    state         INTEGER NOT NULL,
    mine          TEXT NOT NULL,
    hidden        TEXT NOT NULL,
    asked_at      INTEGER NOT NULL,
    last_id       INTEGER NOT NULL,
    expected      INTEGER NOT NULL DEFAULT 0,
    is_estimate   INTEGER NOT NULL DEFAULT 0,
    started_at    INTEGER,
    ended_at      INTEGER,
    at_datastream INTEGER NOT NULL DEFAULT 0,
    at_time       INTEGER,
    at_id         INTEGER,
    is_touched    INTEGER NOT NULL DEFAULT 0,
    looked        INTEGER NOT NULL DEFAULT 0,
    deleted       INTEGER NOT NULL DEFAULT 0,
    reason        TEXT
) STRICT;
CREATE INDEX deletions_by_state ON deletions (state);

-- Observations that were changed since a deletion was previewed that has not ended: these it leaves.
CREATE TABLE deletion_spared (observation_id INTEGER PRIMARY KEY) STRICT;
