-- People and how they sign in. Times are microseconds since 1970 in UTC. Secrets of sessions and links are kept as SHA-256 digests.
CREATE TABLE trust_person (
    id                   TEXT PRIMARY KEY,
    user_name            TEXT NOT NULL,
    normalized_user_name TEXT NOT NULL UNIQUE,
    email                TEXT,
    normalized_email     TEXT UNIQUE,
    email_confirmed      INTEGER NOT NULL,
    password_hash        TEXT,
    security_stamp       TEXT,
    concurrency_stamp    TEXT,
    name                 TEXT NOT NULL,
    language             TEXT NOT NULL,
    made                 INTEGER NOT NULL,
    starting_role        TEXT,
    is_demo              INTEGER NOT NULL,
    password_changed     INTEGER,
    totp_key             TEXT,
    totp_since           INTEGER,
    totp_step            INTEGER NOT NULL
) STRICT;

CREATE TABLE trust_person_claim (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     TEXT NOT NULL REFERENCES trust_person ON DELETE CASCADE,
    claim_type  TEXT,
    claim_value TEXT
) STRICT;
CREATE INDEX trust_person_claim_by_person ON trust_person_claim (user_id);

CREATE TABLE trust_person_login (
    login_provider        TEXT NOT NULL,
    provider_key          TEXT NOT NULL,
    provider_display_name TEXT,
    user_id               TEXT NOT NULL REFERENCES trust_person ON DELETE CASCADE,
    PRIMARY KEY (login_provider, provider_key)
) STRICT;
CREATE INDEX trust_person_login_by_person ON trust_person_login (user_id);

CREATE TABLE trust_person_token (
    user_id        TEXT NOT NULL REFERENCES trust_person ON DELETE CASCADE,
    login_provider TEXT NOT NULL,
    name           TEXT NOT NULL,
    value          TEXT,
    PRIMARY KEY (user_id, login_provider, name)
) STRICT;

CREATE TABLE trust_person_passkey (
    credential_id BLOB PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES trust_person ON DELETE CASCADE,
    data          TEXT NOT NULL
) STRICT;
CREATE INDEX trust_person_passkey_by_person ON trust_person_passkey (user_id);

CREATE TABLE trust_recovery_code (
    person TEXT NOT NULL REFERENCES trust_person ON DELETE CASCADE,
    digest TEXT NOT NULL,
    salt   TEXT NOT NULL,
    PRIMARY KEY (person, digest)
) STRICT;

CREATE TABLE trust_session (
    digest  TEXT PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    person  TEXT NOT NULL REFERENCES trust_person ON DELETE CASCADE,
    made    INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    fresh   INTEGER NOT NULL,
    ends    INTEGER NOT NULL,
    address TEXT,
    agent   TEXT NOT NULL,
    method  TEXT NOT NULL
) STRICT;
CREATE INDEX trust_session_by_person ON trust_session (person);

-- What is good for one act: a link in a letter, a password that waits for its second factor, the challenge of a passkey.
CREATE TABLE trust_ticket (
    digest TEXT PRIMARY KEY,
    kind   TEXT NOT NULL,
    person TEXT REFERENCES trust_person ON DELETE CASCADE,
    data   TEXT NOT NULL,
    made   INTEGER NOT NULL,
    ends   INTEGER NOT NULL
) STRICT;
CREATE INDEX trust_ticket_by_end ON trust_ticket (ends);

-- Failed attempts by a digest of the name that was typed, whether anybody is called so or not.
CREATE TABLE trust_attempt (
    name_digest TEXT PRIMARY KEY,
    failures    INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    until       INTEGER NOT NULL
) STRICT;

CREATE TABLE trust_key_ring (
    name TEXT PRIMARY KEY,
    xml  TEXT NOT NULL,
    made INTEGER NOT NULL
) STRICT;
