-- Incidents: what happens at a place and is worked on until it is closed. severity: 1 minor … 4 extreme; null when nobody said.
-- system, external_id: of a dispatch system; said_at: by its clock, of the newest report that counts. simulated: 1 for made-up data.
CREATE TABLE incidents (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    place       TEXT,
    longitude   REAL,
    latitude    REAL,
    district    TEXT,
    department  TEXT,
    severity    INTEGER,
    simulated   INTEGER NOT NULL,
    system      TEXT,
    external_id TEXT,
    said_at     INTEGER,
    opened_at   INTEGER NOT NULL,
    opened_by   TEXT,
    closed_at   INTEGER,
    merged_into INTEGER REFERENCES incidents,
    split_from  INTEGER REFERENCES incidents
) STRICT;
CREATE UNIQUE INDEX incidents_by_system ON incidents (system, external_id) WHERE system IS NOT NULL;
CREATE INDEX incidents_by_closing ON incidents (closed_at, id);
CREATE INDEX incidents_by_merging ON incidents (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX incidents_by_splitting ON incidents (split_from) WHERE split_from IS NOT NULL;

-- The time of each stage as it was said last. at: null when it was taken back. told_at: when it was said, by the clock of who said it; the newest counts.
CREATE TABLE incident_stages (
    incident_id INTEGER NOT NULL REFERENCES incidents ON DELETE CASCADE,
    stage       TEXT NOT NULL,
    at          INTEGER,
    told_at     INTEGER NOT NULL,
    told_by     TEXT,
    PRIMARY KEY (incident_id, stage)
) STRICT, WITHOUT ROWID;

-- Everything that happened to an incident, in order; never changed. act: see IncidentAct. moment, before: the time of a stage since and before it.
-- order_number, recipient, due_at: of an order and its answers. other: an incident, an alert or a start of a scenario.
CREATE TABLE incident_entries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    incident_id  INTEGER NOT NULL REFERENCES incidents ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    act          INTEGER NOT NULL,
    who          TEXT,
    note         TEXT,
    stage        TEXT,
    moment       INTEGER,
    before       INTEGER,
    order_number INTEGER,
    recipient    TEXT,
    due_at       INTEGER,
    other        INTEGER
) STRICT;
CREATE INDEX incident_entries_by_incident ON incident_entries (incident_id, id);

-- The alerts an incident is about.
CREATE TABLE incident_alerts (
    incident_id INTEGER NOT NULL REFERENCES incidents ON DELETE CASCADE,
    alert_id    INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    PRIMARY KEY (incident_id, alert_id)
) STRICT, WITHOUT ROWID;

-- Each start of a stage of a scenario: by a person for an incident, or by an alert, once for each of its levels.
CREATE TABLE scenario_starts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    scenario    TEXT NOT NULL,
    stage       TEXT NOT NULL,
    incident_id INTEGER REFERENCES incidents,
    alert_id    INTEGER REFERENCES alerts ON DELETE SET NULL,
    level       INTEGER,
    simulated   INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    started_by  TEXT
) STRICT;
CREATE UNIQUE INDEX scenario_starts_by_alert ON scenario_starts (alert_id, level, scenario, stage) WHERE alert_id IS NOT NULL;
CREATE UNIQUE INDEX scenario_starts_by_person ON scenario_starts (incident_id, scenario, stage) WHERE incident_id IS NOT NULL AND alert_id IS NULL;
CREATE INDEX scenario_starts_by_incident ON scenario_starts (incident_id) WHERE incident_id IS NOT NULL;

-- What is to be done, as the scenario said it when it was started. state: 1 open, 2 done, 3 declined.
CREATE TABLE scenario_tasks (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    start_id      INTEGER NOT NULL REFERENCES scenario_starts ON DELETE CASCADE,
    task          TEXT NOT NULL,
    text_ko       TEXT NOT NULL,
    text_en       TEXT NOT NULL,
    department_ko TEXT NOT NULL,
    department_en TEXT NOT NULL,
    due_at        INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    answer        TEXT,
    answered_at   INTEGER,
    answered_by   TEXT
) STRICT;
CREATE INDEX scenario_tasks_by_start ON scenario_tasks (start_id, id);
CREATE INDEX scenario_tasks_by_state ON scenario_tasks (state, id);
