-- The big table, clustered by Datastream and time. phenomenon_end is null for an instant.
-- result_kind: 0 null, 1 number, 2 text, 3 boolean (0 or 1 in result_number), 4 JSON; result_text of a number is its
-- spelling where that is not the shortest one (1.0, 1e3), so that it comes back as it went in.
CREATE TABLE observations (
    datastream_id    INTEGER NOT NULL,
    phenomenon_start INTEGER NOT NULL,
    id               INTEGER NOT NULL,
    phenomenon_end   INTEGER,
    result_kind      INTEGER NOT NULL,
    result_number    REAL,
    result_text      TEXT,
    result_time      INTEGER,
    valid_start      INTEGER,
    valid_end        INTEGER,
    quality          TEXT,
    parameters       TEXT,
    feature_id       INTEGER NOT NULL,
    PRIMARY KEY (datastream_id, phenomenon_start, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX observations_by_id ON observations (id);

-- The next Observation id; never given twice, also after deletes.
CREATE TABLE observation_ids (next INTEGER NOT NULL) STRICT;
INSERT INTO observation_ids VALUES (1);

-- Rollups per Datastream; step is 10 or 60 minutes, or 1440 for a day of the city's own calendar.
CREATE TABLE rollups (
    datastream_id INTEGER NOT NULL,
    step          INTEGER NOT NULL,
    start         INTEGER NOT NULL,
    count         INTEGER NOT NULL,
    sum           REAL NOT NULL,
    min           REAL NOT NULL,
    max           REAL NOT NULL,
    last          REAL NOT NULL,
    PRIMARY KEY (datastream_id, step, start)
) STRICT, WITHOUT ROWID;

-- Hours whose rollups are older than their Observations: written with these, read as "compute me", cleared when done.
CREATE TABLE rollup_marks (
    datastream_id INTEGER NOT NULL,
    hour          INTEGER NOT NULL,
    touched_at    INTEGER NOT NULL,
    PRIMARY KEY (datastream_id, hour)
) STRICT, WITHOUT ROWID;

-- Answers to requests that carried an Idempotency-Key, so that a retry stores nothing twice.
CREATE TABLE idempotency_keys (
    key    TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at);

-- The zone whose days the rollups count; one row.
CREATE TABLE rollup_zone (zone TEXT NOT NULL) STRICT;
