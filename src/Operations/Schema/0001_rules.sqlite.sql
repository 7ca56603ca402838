-- Rules as they stand and as they stood. A revision never changes its body; in force is the newest approved one.
-- state: 1 proposed, 2 approved, 3 refused, 4 overtaken by a later proposal. is_on: 1 judges, 0 rests. in_force_at: from when it judges.
CREATE TABLE rule_revisions (
    rule_id     TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    body        TEXT NOT NULL,
    is_on       INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    made_by     TEXT,
    made_at     INTEGER NOT NULL,
    reviewed_by TEXT,
    reviewed_at INTEGER,
    note        TEXT,
    in_force_at INTEGER,
    PRIMARY KEY (rule_id, revision)
) STRICT, WITHOUT ROWID;

-- Each step from one level to the next, a function of the Observations. taken_back_at: when late or corrected data showed that it never was.
CREATE TABLE rule_moves (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id       TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    subject       TEXT NOT NULL,
    at            INTEGER NOT NULL,
    from_level    INTEGER NOT NULL,
    to_level      INTEGER NOT NULL,
    value         REAL NOT NULL,
    known_at      INTEGER NOT NULL,
    taken_back_at INTEGER
) STRICT;
CREATE UNIQUE INDEX rule_moves_standing ON rule_moves (rule_id, revision, subject, at, to_level, from_level) WHERE taken_back_at IS NULL;

-- Up to when a subject of a rule is judged. Of rules that go by single readings a row stands only while late data wait to be judged.
-- subject '': the rule has just come into force, and its subjects are not all judged yet.
CREATE TABLE rule_watermarks (
    rule_id      TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    subject      TEXT NOT NULL,
    judged_until INTEGER NOT NULL,
    PRIMARY KEY (rule_id, revision, subject)
) STRICT, WITHOUT ROWID;

-- What was said to people, from the first level until it was lifted. level: now, 0 when it is lifted; top_level: the highest.
-- is_storm: many subjects of one rule in one alert (alert_members). simulated: 1 for made-up data.
CREATE TABLE alerts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    rule_id         TEXT NOT NULL,
    revision        INTEGER NOT NULL,
    subject         TEXT NOT NULL,
    subject_name_ko TEXT NOT NULL,
    subject_name_en TEXT NOT NULL,
    simulated       INTEGER NOT NULL,
    is_storm        INTEGER NOT NULL DEFAULT 0,
    level           INTEGER NOT NULL,
    top_level       INTEGER NOT NULL,
    value           REAL NOT NULL,
    began_at        INTEGER NOT NULL,
    raised_at       INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    lifted_at       INTEGER,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    assigned_to     TEXT
) STRICT;
CREATE UNIQUE INDEX alerts_open ON alerts (rule_id, subject) WHERE lifted_at IS NULL;
CREATE INDEX alerts_by_lifting ON alerts (lifted_at, id);
CREATE INDEX alerts_by_rule ON alerts (rule_id, raised_at);

-- Everything that happened to an alert, in order; never changed. act: see AlertAct. moment: the time of the data that caused it.
-- details: JSON of what late or corrected data changed.
CREATE TABLE alert_entries (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    act      INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    value    REAL,
    moment   INTEGER,
    who      TEXT,
    note     TEXT,
    details  TEXT
) STRICT;
CREATE INDEX alert_entries_by_alert ON alert_entries (alert_id, id);

-- The subjects of an alert that stands for many. level: its own, 0 when it is lifted for this one.
CREATE TABLE alert_members (
    alert_id INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    subject  TEXT NOT NULL,
    name_ko  TEXT NOT NULL,
    name_en  TEXT NOT NULL,
    level    INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER,
    PRIMARY KEY (alert_id, subject)
) STRICT, WITHOUT ROWID;
