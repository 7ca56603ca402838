-- How long a Datastream keeps its Observations and what was summed up from them, in days of the city's calendar. The last day
-- of raw_days is kept whole; rollup_days NULL keeps rollups for ever.
CREATE TABLE retention_rules (
    datastream_id INTEGER PRIMARY KEY REFERENCES datastreams ON DELETE CASCADE,
    raw_days      INTEGER NOT NULL,
    rollup_days   INTEGER
) STRICT;

-- Observations that start before this were removed by a rule; none comes in any more, because the rollups of those hours
-- could not be computed anew.
ALTER TABLE datastreams ADD COLUMN raw_from INTEGER;

-- What the rules removed.
CREATE TABLE retention_runs (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    datastream_id INTEGER NOT NULL REFERENCES datastreams ON DELETE CASCADE,
    before        INTEGER NOT NULL,
    observations  INTEGER NOT NULL,
    rollups       INTEGER NOT NULL,
    ended_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX retention_runs_by_datastream ON retention_runs (datastream_id, id);
CREATE INDEX retention_runs_by_age ON retention_runs (ended_at);
