-- What institutions foretell of the air. day: of the city, yyyy-MM-dd. value: daily mean, ㎍/㎥, null where only a grade is named.
-- grade: 0 good to 3 very bad. Nothing is overwritten: of one place, measure and day the one issued last counts.
CREATE TABLE air_forecasts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    simulated   INTEGER NOT NULL,
    day         TEXT NOT NULL,
    measure     TEXT NOT NULL,
    place       TEXT NOT NULL,
    value       REAL,
    grade       INTEGER NOT NULL,
    source      TEXT NOT NULL,
    issued_at   INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    who         TEXT
) STRICT;
CREATE INDEX air_forecasts_by_day ON air_forecasts (simulated, day);
CREATE INDEX air_forecasts_by_receipt ON air_forecasts (received_at);

-- What was decided on emergency reduction measures. day: on which it was decided; act: see ReductionAct.
-- sheet: the figures as they stood then, JSON.
CREATE TABLE air_decisions (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    simulated INTEGER NOT NULL,
    day       TEXT NOT NULL,
    act       INTEGER NOT NULL,
    sheet     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    who       TEXT,
    note      TEXT
) STRICT;
CREATE INDEX air_decisions_by_day ON air_decisions (simulated, day, id);
CREATE INDEX air_decisions_by_time ON air_decisions (at);

-- What of the measures is done. item: the word of the measure; the last row of an item counts.
CREATE TABLE air_ticks (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    simulated INTEGER NOT NULL,
    day       TEXT NOT NULL,
    item      TEXT NOT NULL,
    is_done   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    who       TEXT
) STRICT;
CREATE INDEX air_ticks_by_day ON air_ticks (simulated, day, id);
CREATE INDEX air_ticks_by_time ON air_ticks (at);
