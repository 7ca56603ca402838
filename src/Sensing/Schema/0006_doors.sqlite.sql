-- Device doors: mappings that operators wrote (shipped ones lie in the program), how much came through each door, and what did not fit.
CREATE TABLE door_mappings (
    door       TEXT PRIMARY KEY,
    version    INTEGER NOT NULL,
    mapping    TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- heard_at: when something came last. records of which were kept, and values stored; dropped: kept ones that made room for newer ones.
CREATE TABLE door_counts (
    door     TEXT PRIMARY KEY,
    received INTEGER NOT NULL,
    stored   INTEGER NOT NULL,
    kept     INTEGER NOT NULL,
    dropped  INTEGER NOT NULL,
    heard_at INTEGER
) STRICT, WITHOUT ROWID;

-- A payload, or a record of one, with the reason for which it was not stored. parts: a JSON array of the places that did not
-- fit, NULL for all. is_utf8: 1 when it is a record written anew in UTF-8, 0 for bytes as they came. payload is NULL when it
-- was too large to keep. mark: a digest of the Idempotency-Key and the record's number, so that a retry keeps nothing twice.
CREATE TABLE door_kept (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    door        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    device      TEXT,
    reason      TEXT NOT NULL,
    parts       TEXT,
    is_utf8     INTEGER NOT NULL,
    payload     BLOB,
    size        INTEGER NOT NULL,
    provider_id INTEGER,
    mark        TEXT UNIQUE
) STRICT;
CREATE INDEX door_kept_by_door ON door_kept (door, id, size);
CREATE INDEX door_kept_by_age ON door_kept (at);

-- Devices are found by the serial number that their Thing says; a device's key has at most 200 letters.
CREATE INDEX things_by_serial ON things (CAST(json_extract(properties, '$.serial') AS TEXT));
