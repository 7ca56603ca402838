-- Whose each entity is: the provider that brought it in, NULL for the city's own. A Datastream belongs to whom its Thing belongs to.
ALTER TABLE things ADD COLUMN provider_id BIGINT;
ALTER TABLE locations ADD COLUMN provider_id BIGINT;
ALTER TABLE sensors ADD COLUMN provider_id BIGINT;
ALTER TABLE observed_properties ADD COLUMN provider_id BIGINT;
ALTER TABLE features ADD COLUMN provider_id BIGINT;
ALTER TABLE datastreams ADD COLUMN provider_id BIGINT;
CREATE INDEX things_by_provider ON things (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX datastreams_by_provider ON datastreams (provider_id) WHERE provider_id IS NOT NULL;

DROP VIEW datastream_rows;
CREATE VIEW datastream_rows AS
SELECT d.*, e.phenomenon_start, e.phenomenon_end, e.result_start, e.result_end, e.last_time, e.last_id, e.last_number
FROM datastreams d LEFT JOIN datastream_extents e ON e.datastream_id = d.id;
