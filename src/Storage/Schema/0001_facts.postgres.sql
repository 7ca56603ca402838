-- What happened, kept with the change it tells of until every reaction has seen it.
-- Transactions commit in another order than they draw ids; tx is the transaction's own number, and a reader takes only
-- facts whose tx lies below every running transaction, so that none can appear behind its cursor.
CREATE TABLE facts (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tx        BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    partition INTEGER NOT NULL,
    kind      TEXT   NOT NULL,
    body      TEXT   NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX facts_by_partition ON facts (partition, tx, id);

-- How far each reaction has come in each partition.
CREATE TABLE fact_cursors (
    reaction  TEXT    NOT NULL,
    partition INTEGER NOT NULL,
    tx        BIGINT  NOT NULL,
    id        BIGINT  NOT NULL,
    PRIMARY KEY (reaction, partition)
);
