-- Addresses that are told of new Observations which meet a query. state: 1 on, 2 off, 3 off because it kept failing.
CREATE TABLE webhooks (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL,
    url          TEXT NOT NULL,
    query        TEXT NOT NULL,
    secret       TEXT NOT NULL,
    provider_id  INTEGER,
    state        INTEGER NOT NULL,
    delivered    INTEGER NOT NULL DEFAULT 0,
    dropped      INTEGER NOT NULL DEFAULT 0,
    last_at      INTEGER,
    last_outcome TEXT,
    made_at      INTEGER NOT NULL
) STRICT;

-- What waits to be sent, oldest first; gone when it was taken. next_at: not before this.
CREATE TABLE webhook_deliveries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook_id INTEGER NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    body       TEXT NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id);
