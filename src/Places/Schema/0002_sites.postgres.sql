-- Points of the city: schools, stops, shelters, cameras. Real and made-up ones share no key.
CREATE TABLE sites (
    simulated BOOLEAN NOT NULL,
    kind      TEXT    NOT NULL,
    code      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    name_en   TEXT,
    longitude DOUBLE PRECISION NOT NULL,
    latitude  DOUBLE PRECISION NOT NULL,
    address   TEXT,
    capacity  INTEGER,
    source    TEXT    NOT NULL,
    licence   TEXT,
    base_year INTEGER,
    PRIMARY KEY (simulated, kind, code)
);
