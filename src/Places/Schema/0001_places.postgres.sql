-- The named areas of the city. code is the administrative standard code (행정표준코드); other systems' codes lie beside it.
CREATE TABLE places (
    kind              TEXT    NOT NULL,
    code              TEXT    NOT NULL,
    kostat_code       TEXT,
    name_ko           TEXT    NOT NULL,
    name_en           TEXT    NOT NULL,
    population        BIGINT,
    population_at     TEXT,
    population_source TEXT,
    area_km2          DOUBLE PRECISION,
    longitude         DOUBLE PRECISION NOT NULL,
    latitude          DOUBLE PRECISION NOT NULL,
    west              DOUBLE PRECISION NOT NULL,
    south             DOUBLE PRECISION NOT NULL,
    east              DOUBLE PRECISION NOT NULL,
    north             DOUBLE PRECISION NOT NULL,
    shape             BYTEA   NOT NULL,
    source            TEXT    NOT NULL,
    licence           TEXT,
    schematic         BOOLEAN NOT NULL,
    PRIMARY KEY (kind, code)
);
CREATE UNIQUE INDEX places_by_kostat_code ON places (kind, kostat_code) WHERE kostat_code IS NOT NULL;
