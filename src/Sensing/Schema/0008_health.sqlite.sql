-- What is wrong with Datastreams now: a row for each finding, from when it was first seen. finding: 1 late, 2 silent, 3 stuck,
-- 4 out of range, 5 drifting; value is the number that shows it (seconds without a reading, the reading, the distance from its neighbours).
CREATE TABLE sensor_findings (
    datastream_id INTEGER NOT NULL REFERENCES datastreams ON DELETE CASCADE,
    finding       INTEGER NOT NULL,
    since         INTEGER NOT NULL,
    value         REAL NOT NULL,
    PRIMARY KEY (datastream_id, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX sensor_findings_by_finding ON sensor_findings (finding, datastream_id);
