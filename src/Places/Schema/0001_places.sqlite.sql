-- The named areas of the city. code is the administrative standard code (행정표준코드); other systems' codes lie beside it.
CREATE TABLE places (
    kind              TEXT    NOT NULL,
    code              TEXT    NOT NULL,
    kostat_code       TEXT,
    name_ko           TEXT    NOT NULL,
    name_en           TEXT    NOT NULL,
    population        INTEGER,
    population_at     TEXT,
    population_source TEXT,
    area_km2          REAL,
    longitude         REAL    NOT NULL,
    latitude          REAL    NOT NULL,
    west              REAL    NOT NULL,
    south             REAL    NOT NULL,
    east              REAL    NOT NULL,
    north             REAL    NOT NULL,
    shape             BLOB    NOT NULL,
    source            TEXT    NOT NULL,
    licence           TEXT,
    schematic         INTEGER NOT NULL,
    PRIMARY KEY (kind, code)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX places_by_kostat_code ON places (kind, kostat_code) WHERE kostat_code IS NOT NULL;
