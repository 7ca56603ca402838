-- Automations as they stand and as they stood, like rule_revisions: a revision never changes its body; in force is the newest approved one.
-- state: 1 proposed, 2 approved, 3 refused, 4 overtaken by a later proposal. is_on: 1 runs, 0 rests.
CREATE TABLE automation_revisions (
    automation_id TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    body          TEXT NOT NULL,
    is_on         INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    made_by       TEXT,
    made_at       INTEGER NOT NULL,
    reviewed_by   TEXT,
    reviewed_at   INTEGER,
    note          TEXT,
    in_force_at   INTEGER,
    PRIMARY KEY (automation_id, revision)
) STRICT, WITHOUT ROWID;

-- Automations that ran too often and paused themselves, until a new revision comes into force.
CREATE TABLE automation_pauses (
    automation_id TEXT NOT NULL PRIMARY KEY,
    at            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each run, once for what started it (cause); written in one transaction with what it did. state: see RunState. outcome: a word. amount: how many.
-- where_ko, where_en: where it happened. is_trial: 1 when somebody started it by hand, always dry.
CREATE TABLE automation_runs (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    automation_id TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    cause         TEXT NOT NULL,
    where_ko      TEXT NOT NULL,
    where_en      TEXT NOT NULL,
    simulated     INTEGER NOT NULL,
    alert_id      INTEGER,
    incident_id   INTEGER,
    is_dry        INTEGER NOT NULL,
    is_trial      INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    outcome       TEXT NOT NULL,
    amount        INTEGER NOT NULL,
    undone_at     INTEGER,
    undone_by     TEXT,
    UNIQUE (automation_id, cause)
) STRICT;
CREATE INDEX automation_runs_by_time ON automation_runs (automation_id, at);
CREATE INDEX automation_runs_by_age ON automation_runs (at);

-- Lamps that a run holds at a level, and what they go back to. back_at: when they were told so. A lamp is held by one run at a time.
CREATE TABLE automation_lamps (
    run_id   INTEGER NOT NULL REFERENCES automation_runs ON DELETE CASCADE,
    thing_id INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    before   INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    back_at  INTEGER,
    PRIMARY KEY (run_id, thing_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX automation_lamps_held ON automation_lamps (thing_id) WHERE back_at IS NULL;

-- What everybody is told for a time. district: null for the whole city. ended_at: when it was taken down.
CREATE TABLE city_notices (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id    INTEGER NOT NULL REFERENCES automation_runs ON DELETE CASCADE,
    district  TEXT,
    text_ko   TEXT NOT NULL,
    text_en   TEXT NOT NULL,
    simulated INTEGER NOT NULL,
    from_at   INTEGER NOT NULL,
    until_at  INTEGER NOT NULL,
    ended_at  INTEGER
) STRICT;
CREATE INDEX city_notices_by_end ON city_notices (until_at);
CREATE INDEX city_notices_by_run ON city_notices (run_id);

-- Reports that automations made. body: JSON of their parts; figures, and no words of people.
CREATE TABLE city_reports (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id    INTEGER NOT NULL UNIQUE REFERENCES automation_runs ON DELETE CASCADE,
    simulated INTEGER NOT NULL,
    title_ko  TEXT NOT NULL,
    title_en  TEXT NOT NULL,
    body      TEXT NOT NULL,
    made_at   INTEGER NOT NULL
) STRICT;

-- The run that made a task: such a start is of no scenario, and its stage is the word of the automation.
ALTER TABLE scenario_starts ADD COLUMN run_id INTEGER REFERENCES automation_runs ON DELETE SET NULL;
CREATE UNIQUE INDEX scenario_starts_by_run ON scenario_starts (run_id) WHERE run_id IS NOT NULL;
