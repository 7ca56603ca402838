// What /live/city and /api/city send.

export type Figure = { measure: string; unit: string; value: number; grade: string | null; sensors: number; asOf: string; hourBefore: number | null; dayBefore: number | null };
export type Sensors = { reporting: number; late: number; silent: number; total: number; percent: number | null };
export type District = { code: string; sensors: Sensors; lastHeard: string | null; figures: Figure[] };
/** A sensor with what it says of the chosen measure; without a unit it does not measure that. */
export type Station = { thing: number; name: string; nameEn?: string; longitude: number | null; latitude: number | null; district: string | null; state: string; value: number | null; unit: string | null; grade: string | null; at: string | null };
export type HistoryPoint = { at: string; value: number };

export type Change = {
  id: string;
  data: string;
  asOf: string | null;
  sensors: Sensors;
  figures: Figure[];
  districts: District[];
  stations: Station[];
  gone: number[];
  /** The points that are new or different; in a snapshot, all. */
  history: Record<string, HistoryPoint[]>;
};

export type Snapshot = Omit<Change, 'gone'>;

export type StationReadings = { id: string; data: string; asOf: string | null; measure: string; stations: Station[] };

/** The last day in steps; a null is a gap. */
export type Day = { id: string; data: string; from: string; stepSeconds: number; measures: Record<string, { unit: string | null; city: (number | null)[]; districts: Record<string, (number | null)[]> }> };
