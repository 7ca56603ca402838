-- What happened, kept with the change it tells of until every reaction has seen it.
-- One writer at a time, so that id order is commit order; tx stays 0 and is here for the sake of one query on both engines.
CREATE TABLE facts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    tx        INTEGER NOT NULL DEFAULT 0,
    partition INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX facts_by_partition ON facts (partition, tx, id);

-- How far each reaction has come in each partition.
CREATE TABLE fact_cursors (
    reaction  TEXT    NOT NULL,
    partition INTEGER NOT NULL,
    tx        INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    PRIMARY KEY (reaction, partition)
) STRICT, WITHOUT ROWID;
