-- CAP messages as they were given out, byte for byte: they never change. id: the identifier, and its address. number: its place in the chain of its alert.
-- entry_id: the line of the alert's story that it says; null when it renews what was said. kind: 1 Alert, 2 Update, 3 Cancel.
CREATE TABLE cap_messages (
    id        TEXT NOT NULL PRIMARY KEY,
    alert_id  INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    entry_id  INTEGER,
    kind      INTEGER NOT NULL,
    simulated INTEGER NOT NULL,
    sender    TEXT NOT NULL,
    sent      INTEGER NOT NULL,
    expires   INTEGER NOT NULL,
    title_ko  TEXT NOT NULL,
    title_en  TEXT NOT NULL,
    body      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cap_messages_chain ON cap_messages (alert_id, number);
CREATE INDEX cap_messages_by_time ON cap_messages (simulated, sent);

-- Up to which line of its story an alert is said, and by how many messages. renew_at: when the last of them is to be renewed; null when nothing is in force.
CREATE TABLE cap_chains (
    alert_id INTEGER NOT NULL PRIMARY KEY REFERENCES alerts ON DELETE CASCADE,
    entry_id INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    renew_at INTEGER
) STRICT;
CREATE INDEX cap_chains_by_renewal ON cap_chains (renew_at) WHERE renew_at IS NOT NULL;

-- Messages of other agencies, as they came. provider_id: whose key brought it; null for the city's own people. status, kind and scope as the message says them.
-- expires: the last end that it names; null for a Cancel without one. ended_at, ended_by: when it was updated or cancelled, and by which message. told: JSON of what it says, for screens.
CREATE TABLE cap_received (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    sender      TEXT NOT NULL,
    identifier  TEXT NOT NULL,
    sent        INTEGER NOT NULL,
    status      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    scope       TEXT NOT NULL,
    expires     INTEGER,
    ended_at    INTEGER,
    ended_by    INTEGER,
    provider_id INTEGER,
    received_at INTEGER NOT NULL,
    told        TEXT NOT NULL,
    body        BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX cap_received_once ON cap_received (sender, identifier, sent);
CREATE INDEX cap_received_in_force ON cap_received (expires) WHERE ended_at IS NULL;

-- Which messages an Update or a Cancel takes the place of; they may come after it.
CREATE TABLE cap_received_references (
    received_id INTEGER NOT NULL REFERENCES cap_received ON DELETE CASCADE,
    sender      TEXT NOT NULL,
    identifier  TEXT NOT NULL,
    sent        INTEGER NOT NULL,
    PRIMARY KEY (sender, identifier, sent, received_id)
) STRICT, WITHOUT ROWID;
