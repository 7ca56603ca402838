-- Departments, what they own, and who may do what. Times are microseconds since 1970 in UTC. Nothing here is deleted: what
-- ends has an end, so that the past stays readable.
CREATE TABLE trust_departments (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    code         TEXT NOT NULL UNIQUE,
    made_at      INTEGER NOT NULL,
    closed_at    INTEGER,
    successor_id INTEGER REFERENCES trust_departments
) STRICT;

-- What a department was called and where it stood, from a moment to another; the open one has no end.
CREATE TABLE trust_department_versions (
    department_id INTEGER NOT NULL REFERENCES trust_departments,
    from_time     INTEGER NOT NULL,
    to_time       INTEGER,
    name_ko       TEXT NOT NULL,
    name_en       TEXT NOT NULL,
    parent_id     INTEGER REFERENCES trust_departments,
    PRIMARY KEY (department_id, from_time)
) STRICT;

-- Who brings Things in; one with a parent is a project of it.
CREATE TABLE trust_providers (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    code          TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    description   TEXT NOT NULL,
    department_id INTEGER NOT NULL REFERENCES trust_departments,
    parent_id     INTEGER REFERENCES trust_providers,
    is_public     INTEGER NOT NULL,
    made_at       INTEGER NOT NULL,
    closed_at     INTEGER
) STRICT;

-- A role of a person in a department and those below it; without a department, in the whole city.
CREATE TABLE trust_grants (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    person        TEXT NOT NULL,
    role          TEXT NOT NULL,
    department_id INTEGER REFERENCES trust_departments,
    purpose       TEXT NOT NULL,
    from_time     INTEGER NOT NULL,
    to_time       INTEGER,
    given_by      TEXT NOT NULL,
    ended_by      TEXT
) STRICT;
CREATE INDEX trust_grants_by_person ON trust_grants (person);

-- Keys of devices and applications. Only a digest of the secret is kept: it has 256 random bits, so a plain one is enough.
CREATE TABLE trust_keys (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    provider_id     INTEGER REFERENCES trust_providers,
    scopes          TEXT NOT NULL,
    secret_digest   BLOB NOT NULL,
    per_second      INTEGER NOT NULL,
    per_day         INTEGER NOT NULL,
    made_at         INTEGER NOT NULL,
    made_by         TEXT NOT NULL,
    expires_at      INTEGER,
    revoked_at      INTEGER,
    revoked_by      TEXT,
    replaces        TEXT REFERENCES trust_keys,
    last_used_at    INTEGER,
    used_on_day     INTEGER NOT NULL DEFAULT 0,
    used_that_day   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX trust_keys_by_provider ON trust_keys (provider_id);
