-- Values that a door had stored already when they came.
ALTER TABLE door_counts ADD COLUMN repeated INTEGER NOT NULL DEFAULT 0;
