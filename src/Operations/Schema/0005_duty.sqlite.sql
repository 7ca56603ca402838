-- Times in which work is done on something: what it covers raises alerts, and they message nobody.
-- scope: JSON of MaintenanceScope. ended_at: when somebody ended it, before it began or while it lasted.
CREATE TABLE maintenance_windows (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    scope    TEXT NOT NULL,
    from_at  INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    reason   TEXT,
    made_by  TEXT,
    made_at  INTEGER NOT NULL,
    ended_by TEXT,
    ended_at INTEGER
) STRICT;
CREATE INDEX maintenance_windows_by_end ON maintenance_windows (until_at);

-- Who answers for which rules, step after step. plan: JSON of DutyPlan without its shifts.
CREATE TABLE duty_rosters (
    id         TEXT NOT NULL PRIMARY KEY,
    plan       TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who holds a step from when until when. person: the id of an account.
CREATE TABLE duty_shifts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    roster_id TEXT NOT NULL REFERENCES duty_rosters ON DELETE CASCADE,
    step      INTEGER NOT NULL,
    from_at   INTEGER NOT NULL,
    until_at  INTEGER NOT NULL,
    person    TEXT NOT NULL
) STRICT;
CREATE INDEX duty_shifts_by_end ON duty_shifts (roster_id, until_at);

-- Alerts of which people were told that they are raised: at once, or when a maintenance window was over.
CREATE TABLE alert_tellings (
    alert_id INTEGER PRIMARY KEY REFERENCES alerts ON DELETE CASCADE,
    at       INTEGER NOT NULL
) STRICT;

-- The steps of a roster to which an alert went, each once. person: who held the step; null for nobody.
CREATE TABLE alert_steps (
    alert_id  INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    roster_id TEXT NOT NULL,
    step      INTEGER NOT NULL,
    person    TEXT,
    at        INTEGER NOT NULL,
    PRIMARY KEY (alert_id, roster_id, step)
) STRICT, WITHOUT ROWID;

-- What happened to alerts and is to be told; written with it, and gone when the messages are made.
CREATE TABLE message_causes (
    entry_id INTEGER PRIMARY KEY REFERENCES alert_entries ON DELETE CASCADE
) STRICT;

-- Whom to tell beside the addresses of accounts: the telephone and quiet hours of a person on duty (person), or who wants to know of rules (rules, JSON).
-- quiet_from, quiet_until: minutes after midnight in the city; null for none.
CREATE TABLE message_contacts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL,
    person      TEXT,
    email       TEXT,
    phone       TEXT,
    url         TEXT,
    secret      TEXT,
    language    TEXT NOT NULL,
    rules       TEXT NOT NULL,
    quiet_from  INTEGER,
    quiet_until INTEGER,
    changed_by  TEXT,
    changed_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_contacts_by_person ON message_contacts (person) WHERE person IS NOT NULL;

-- Who is told what, and what came of it. One message for a cause, a recipient and a channel, ever.
-- recipient: person:… or contact:…. channel: see MessageChannel. state: see MessageState. facts: JSON, told in the recipient's language when it is sent. urgent: 1 breaks through quiet hours.
CREATE TABLE messages (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    cause     TEXT NOT NULL,
    kind      INTEGER NOT NULL,
    alert_id  INTEGER,
    recipient TEXT NOT NULL,
    channel   INTEGER NOT NULL,
    facts     TEXT NOT NULL,
    urgent    INTEGER NOT NULL,
    state     INTEGER NOT NULL,
    attempts  INTEGER NOT NULL DEFAULT 0,
    next_at   INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    sent_at   INTEGER,
    outcome   TEXT,
    UNIQUE (cause, recipient, channel)
) STRICT;
CREATE INDEX messages_due ON messages (next_at) WHERE state = 1;
CREATE INDEX messages_by_state ON messages (state, id);
CREATE INDEX messages_by_time ON messages (made_at);
