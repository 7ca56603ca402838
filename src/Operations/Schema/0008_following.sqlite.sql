-- Rules that go by other rules, or by facts of other modules: one row for each that is in force and on.
-- judged_until: up to when it is judged; set back, in the transaction of a move or fact that lies before it, to just before that.
-- changes: counts such transactions, so that what was judged from an older state is not kept.
CREATE TABLE rule_follows (
    rule_id      TEXT NOT NULL PRIMARY KEY,
    revision     INTEGER NOT NULL,
    judged_until INTEGER NOT NULL,
    changes      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What each of them goes by. used: the id of a rule, or 'facts:' and their name.
CREATE TABLE rule_uses (
    rule_id TEXT NOT NULL,
    used    TEXT NOT NULL,
    PRIMARY KEY (used, rule_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rule_moves_by_time ON rule_moves (rule_id, revision, at) WHERE taken_back_at IS NULL;
CREATE INDEX incidents_by_opening ON incidents (opened_at);
