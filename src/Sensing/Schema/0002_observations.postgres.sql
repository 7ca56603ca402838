-- The big table, partitioned by month of phenomenon_start and clustered by Datastream and time within it. Partitions of
-- months are made by the writer when their first Observation comes; what lies far outside has two of its own, and there is
-- no default partition: it would keep PostgreSQL from reading partitions in order. phenomenon_end is null for an instant.
-- result_kind: 0 null, 1 number, 2 text, 3 boolean (0 or 1 in result_number), 4 JSON; result_text of a number is its
-- spelling where that is not the shortest one (1.0, 1e3), so that it comes back as it went in.
CREATE TABLE observations (
    datastream_id    BIGINT NOT NULL,
    phenomenon_start BIGINT NOT NULL,
    id               BIGINT NOT NULL,
    phenomenon_end   BIGINT,
    result_kind      SMALLINT NOT NULL,
    result_number    DOUBLE PRECISION,
    result_text      TEXT,
    result_time      BIGINT,
    valid_start      BIGINT,
    valid_end        BIGINT,
    quality          TEXT,
    parameters       TEXT,
    feature_id       BIGINT NOT NULL,
    PRIMARY KEY (datastream_id, phenomenon_start, id)
) PARTITION BY RANGE (phenomenon_start);
CREATE INDEX observations_by_id ON observations (id);
CREATE TABLE observations_before PARTITION OF observations FOR VALUES FROM (MINVALUE) TO (946684800000000);
CREATE TABLE observations_after PARTITION OF observations FOR VALUES FROM (4102444800000000) TO (MAXVALUE);

-- Observation ids are drawn a thousand at a time.
CREATE SEQUENCE observation_ids INCREMENT BY 1000 MINVALUE 1;

-- Rollups per Datastream; step is 10 or 60 minutes, or 1440 for a day of the city's own calendar.
CREATE TABLE rollups (
    datastream_id BIGINT NOT NULL,
    step          INTEGER NOT NULL,
    start         BIGINT NOT NULL,
    count         BIGINT NOT NULL,
    sum           DOUBLE PRECISION NOT NULL,
    min           DOUBLE PRECISION NOT NULL,
    max           DOUBLE PRECISION NOT NULL,
    last          DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (datastream_id, step, start)
);

-- Hours whose rollups are older than their Observations: written with these, read as "compute me", cleared when done.
CREATE TABLE rollup_marks (
    datastream_id BIGINT NOT NULL,
    hour          BIGINT NOT NULL,
    touched_at    BIGINT NOT NULL,
    PRIMARY KEY (datastream_id, hour)
);

-- Answers to requests that carried an Idempotency-Key, so that a retry stores nothing twice.
CREATE TABLE idempotency_keys (
    key    TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at);

-- The zone whose days the rollups count; one row.
CREATE TABLE rollup_zone (zone TEXT NOT NULL);
