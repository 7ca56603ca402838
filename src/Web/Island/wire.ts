// What /live/city sends.

export type Figure = { measure: string; unit: string; value: number; grade: string | null; sensors: number };
export type Sensors = { reporting: number; late: number; silent: number; total: number; percent: number | null };
export type District = { code: string; sensors: Sensors; lastHeard: string | null; figures: Figure[] };
export type Station = { thing: number; longitude: number | null; latitude: number | null; state: string };
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
