-- The entities of SensorThings Part 2, Tasking Core (OGC 17-079r1): what a Thing can be told to do, by what, and what it was told.
CREATE TABLE actuators (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL,
    description   TEXT NOT NULL,
    encoding_type TEXT NOT NULL,
    metadata      TEXT NOT NULL,
    properties    TEXT,
    provider_id   INTEGER
) STRICT;

-- parameters: which parameters a Task takes, as a DataRecord of SWE Common (OGC 08-094r1) in JSON.
CREATE TABLE tasking_capabilities (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    parameters  TEXT NOT NULL,
    properties  TEXT,
    thing_id    INTEGER NOT NULL REFERENCES things ON DELETE CASCADE,
    actuator_id INTEGER NOT NULL REFERENCES actuators ON DELETE CASCADE,
    provider_id INTEGER
) STRICT;
CREATE INDEX tasking_capabilities_by_thing ON tasking_capabilities (thing_id);
CREATE INDEX tasking_capabilities_by_actuator ON tasking_capabilities (actuator_id);

CREATE TABLE tasks (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    capability_id INTEGER NOT NULL REFERENCES tasking_capabilities ON DELETE CASCADE,
    parameters    TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX tasks_by_capability ON tasks (capability_id, created_at, id);
