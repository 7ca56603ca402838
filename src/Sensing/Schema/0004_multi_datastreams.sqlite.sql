-- MultiDatastreams (OGC 18-088, clause 12): a Datastream whose results are arrays, one value for each of several
-- ObservedProperties. It is a row of datastreams with result_types (a JSON array; NULL for a plain Datastream); its unit is a
-- JSON array too, and observed_property_id is the first of its properties. So ids are shared, and Observations, extents and
-- features hang on either kind alike. An Observation of one has result_kind 5: JSON, an array of as many values.
ALTER TABLE datastreams ADD COLUMN result_types TEXT;
CREATE INDEX datastreams_multi ON datastreams (id) WHERE result_types IS NOT NULL;

CREATE TABLE multi_datastream_properties (
    datastream_id        INTEGER NOT NULL REFERENCES datastreams ON DELETE CASCADE,
    position             INTEGER NOT NULL,
    observed_property_id INTEGER NOT NULL REFERENCES observed_properties,
    PRIMARY KEY (datastream_id, position),
    UNIQUE (datastream_id, observed_property_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX multi_datastream_properties_by_property ON multi_datastream_properties (observed_property_id);

DROP VIEW datastream_rows;
CREATE VIEW datastream_rows AS
SELECT d.*, e.phenomenon_start, e.phenomenon_end, e.result_start, e.result_end, e.last_time, e.last_id, e.last_number
FROM datastreams d LEFT JOIN datastream_extents e ON e.datastream_id = d.id WHERE d.result_types IS NULL;

CREATE VIEW multi_datastream_rows AS
SELECT d.*, e.phenomenon_start, e.phenomenon_end, e.result_start, e.result_end, e.last_time, e.last_id, e.last_number
FROM datastreams d LEFT JOIN datastream_extents e ON e.datastream_id = d.id WHERE d.result_types IS NOT NULL;
