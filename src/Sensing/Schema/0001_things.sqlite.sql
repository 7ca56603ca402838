-- The entities of OGC SensorThings 1.1 (18-088, clause 8.2). Times are microseconds since 1970 in UTC; JSON is kept as it came.
CREATE TABLE things (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    properties  TEXT
) STRICT;

CREATE TABLE locations (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL,
    description   TEXT NOT NULL,
    encoding_type TEXT NOT NULL,
    location      TEXT NOT NULL,
    properties    TEXT,
    shape         BLOB,
    min_lon REAL, min_lat REAL, max_lon REAL, max_lat REAL
) STRICT;
CREATE INDEX locations_by_place ON locations (min_lon, max_lon, min_lat, max_lat);

CREATE TABLE thing_locations (
    thing_id    INTEGER NOT NULL REFERENCES things ON DELETE CASCADE,
    location_id INTEGER NOT NULL REFERENCES locations ON DELETE CASCADE,
    PRIMARY KEY (thing_id, location_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX thing_locations_by_location ON thing_locations (location_id);

CREATE TABLE historical_locations (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    thing_id INTEGER NOT NULL REFERENCES things ON DELETE CASCADE,
    time     INTEGER NOT NULL
) STRICT;
CREATE INDEX historical_locations_by_thing ON historical_locations (thing_id, time);

CREATE TABLE historical_location_locations (
    historical_location_id INTEGER NOT NULL REFERENCES historical_locations ON DELETE CASCADE,
    location_id            INTEGER NOT NULL REFERENCES locations ON DELETE CASCADE,
    PRIMARY KEY (historical_location_id, location_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX historical_location_locations_by_location ON historical_location_locations (location_id);

CREATE TABLE sensors (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL,
    description   TEXT NOT NULL,
    encoding_type TEXT NOT NULL,
    metadata      TEXT NOT NULL,
    properties    TEXT
) STRICT;

CREATE TABLE observed_properties (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL,
    definition  TEXT NOT NULL,
    description TEXT NOT NULL,
    properties  TEXT
) STRICT;

-- A feature made from a Location remembers it, so that the same place stays the same feature.
CREATE TABLE features (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL,
    description   TEXT NOT NULL,
    encoding_type TEXT NOT NULL,
    feature       TEXT NOT NULL,
    properties    TEXT,
    shape         BLOB,
    min_lon REAL, min_lat REAL, max_lon REAL, max_lat REAL,
    location_id   INTEGER UNIQUE REFERENCES locations ON DELETE SET NULL
) STRICT;

-- default_feature_id: the feature of Observations that name none; forgotten when the Thing moves.
CREATE TABLE datastreams (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    name                 TEXT NOT NULL,
    description          TEXT NOT NULL,
    observation_type     TEXT NOT NULL,
    unit                 TEXT NOT NULL,
    properties           TEXT,
    thing_id             INTEGER NOT NULL REFERENCES things,
    sensor_id            INTEGER NOT NULL REFERENCES sensors,
    observed_property_id INTEGER NOT NULL REFERENCES observed_properties,
    default_feature_id   INTEGER REFERENCES features ON DELETE SET NULL
) STRICT;
CREATE INDEX datastreams_by_thing ON datastreams (thing_id);
CREATE INDEX datastreams_by_sensor ON datastreams (sensor_id);
CREATE INDEX datastreams_by_observed_property ON datastreams (observed_property_id);
CREATE INDEX datastreams_by_default_feature ON datastreams (default_feature_id) WHERE default_feature_id IS NOT NULL;

-- What a Datastream's Observations span, and its last one; written with them, apart from the wide row.
CREATE TABLE datastream_extents (
    datastream_id    INTEGER PRIMARY KEY REFERENCES datastreams ON DELETE CASCADE,
    phenomenon_start INTEGER NOT NULL,
    phenomenon_end   INTEGER NOT NULL,
    result_start     INTEGER,
    result_end       INTEGER,
    last_time        INTEGER NOT NULL,
    last_id          INTEGER NOT NULL,
    last_number      REAL
) STRICT;

-- Which features a Datastream has observed: its area, and the way from a feature back to its Observations.
CREATE TABLE datastream_features (
    datastream_id INTEGER NOT NULL REFERENCES datastreams ON DELETE CASCADE,
    feature_id    INTEGER NOT NULL REFERENCES features ON DELETE CASCADE,
    PRIMARY KEY (datastream_id, feature_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX datastream_features_by_feature ON datastream_features (feature_id);

CREATE VIEW datastream_rows AS
SELECT d.*, e.phenomenon_start, e.phenomenon_end, e.result_start, e.result_end, e.last_time, e.last_id, e.last_number
FROM datastreams d LEFT JOIN datastream_extents e ON e.datastream_id = d.id;
