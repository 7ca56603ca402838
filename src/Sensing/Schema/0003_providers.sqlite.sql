-- Whose each entity is: the provider that brought it in, NULL for the city's own. A Datastream belongs to whom its Thing belongs to.
ALTER TABLE things ADD COLUMN provider_id INTEGER;
ALTER TABLE locations ADD COLUMN provider_id INTEGER;
ALTER TABLE sensors ADD COLUMN provider_id INTEGER;
ALTER TABLE observed_properties ADD COLUMN provider_id INTEGER;
ALTER TABLE features ADD COLUMN provider_id INTEGER;
ALTER TABLE datastreams ADD COLUMN provider_id INTEGER;
CREATE INDEX things_by_provider ON things (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX datastreams_by_provider ON datastreams (provider_id) WHERE provider_id IS NOT NULL;
