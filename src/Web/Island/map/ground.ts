// A map without a host: districts and things from the page's own data, names drawn in the page's font, colours from the
// page's styles. It knows nothing of measures or sensors; what it draws are classes, the words of [data-grade] in the styles.
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import * as maplibre from 'maplibre-gl';
import type { GeoJSONSource, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import bold from 'krds-uiux/resources/fonts/PretendardGOV-Bold.subset.woff2?url';
import { polygonsOf } from './polygons';
import { readPaint, watchPaint, type Paint } from './paint';

// A worker of this server under a name with a hash: no blob, so that `worker-src 'self'` would be enough.
maplibre.setWorkerUrl(new URL(workerUrl, document.baseURI).href);

export type Spot = [longitude: number, latitude: number];
export type Shape = { code: string; name: string; label: string; grade: string; at: Spot; rings: Spot[][] };
export type Thing = { id: number; at: Spot; grade: string; hollow: boolean; /** At rest, which is no fault: its ring is grey. */ dormant: boolean; /** Something is wrong with what it says: ringed, whatever its colour. */ flagged?: boolean };
export type Words = { label: string; zoomIn: string; zoomOut: string; zoomGesture: string; panGesture: string };
export type GroundOptions = {
  container: HTMLElement;
  shapes: Shape[];
  /** Where the shapes come from; shown in the corner. */
  attribution: string;
  words: Words;
  /** The address of a style to lie below the data; a plain ground without one. */
  style?: string | undefined;
  /** How large a thing is, in pixels at the scale of a whole city. */
  dot?: number;
};

const FONT = 'Pretendard GOV';
/** As a name of a font file, for a style that has glyphs of its own. */
const BOLD = 'Pretendard GOV Bold';
/** As a stack of the page's own fonts: MapLibre reads the weight from the first name. */
const LOCAL = ['bold', FONT];
const KNOWN = ['good', 'moderate', 'bad', 'very-bad', 'band-1', 'band-2', 'band-3', 'band-4', 'band-5', 'band-6', 'band-7'];

/** False where a map cannot be drawn; the page then keeps what the server drew. */
export function canDraw(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}

export class Ground {
  readonly map: maplibre.Map;
  private shapes: Shape[];
  private things: Thing[] = [];
  private chosen: Spot[][] | Spot | null = null;
  private readonly forget: () => void;

  private constructor(private readonly options: GroundOptions) {
    this.shapes = options.shapes;
    this.map = new maplibre.Map({
      container: options.container,
      style: options.style ?? { version: 8, sources: {}, layers: [] },
      bounds: boundsOf(this.shapes),
      fitBoundsOptions: { padding: 16 },
      maxZoom: 17,
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      // The page steers by keyboard itself: the map is one stop of the Tab key.
      keyboard: false,
      fadeDuration: 0,
      localIdeographFontFamily: false,
      locale: {
        'Map.Title': options.words.label,
        'NavigationControl.ZoomIn': options.words.zoomIn, 'NavigationControl.ZoomOut': options.words.zoomOut,
        'CooperativeGesturesHandler.WindowsHelpText': options.words.zoomGesture, 'CooperativeGesturesHandler.MacHelpText': options.words.zoomGesture.replace('Ctrl', '⌘'),
        'CooperativeGesturesHandler.MobileHelpText': options.words.panGesture,
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.getCanvas().tabIndex = -1;
    this.map.addControl(new maplibre.NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new maplibre.ScaleControl({ unit: 'metric' }), 'bottom-right');
    this.map.addControl(new maplibre.AttributionControl({ compact: false, customAttribution: escape(options.attribution) }), 'bottom-right');
    this.forget = watchPaint(() => this.paint());
  }

  /** Resolves when the map can be looked at; fails where it cannot be made. */
  static async make(options: GroundOptions): Promise<Ground> {
    const ground = new Ground(options);
    await new Promise<void>((done, fail) => {
      ground.map.once('load', () => done());
      // Without its style there is no map; a tile of a base map that does not come must not take the data with it.
      ground.map.on('error', (event) => {
        const error: unknown = 'error' in event ? event.error : event;
        if (ground.map.getStyle()) console.info('The map misses a part.', error);
        else fail(error instanceof Error ? error : new Error(String(error)));
      });
    }).catch((error: unknown) => {
      ground.remove();
      throw error;
    });
    ground.addLayers();
    return ground;
  }

  drawShapes(shapes: Shape[]): void {
    this.shapes = shapes;
    this.source('districts')?.setData(areas(shapes));
    this.source('names')?.setData(names(shapes));
  }

  drawThings(things: Thing[]): void {
    this.things = things;
    this.source('things')?.setData(points(things));
  }

  /** Rings a thing or a district; null for none. Moves the map only when it lies outside of what is seen. */
  choose(what: Spot | Spot[][] | null, calm = true): void {
    this.chosen = what;
    this.source('chosen')?.setData(ring(what));
    if (!what) return;
    const middle = isSpot(what) ? what : boundsOf([{ rings: what }]).getCenter().toArray();
    const { x, y } = this.map.project(middle as Spot);
    const { clientWidth, clientHeight } = this.map.getContainer();
    if (x < 24 || y < 24 || x > clientWidth - 24 || y > clientHeight - 24) this.map.easeTo({ center: middle as Spot, duration: calm ? 0 : 180 });
  }

  /** Resolves when everything that was drawn is seen. */
  settle(): Promise<void> {
    return new Promise((done) => {
      this.map.once('idle', () => done());
      this.map.triggerRepaint();
    });
  }

  zoom(by: number, calm = true): void {
    this.map.easeTo({ zoom: this.map.getZoom() + by, duration: calm ? 0 : 180, ...(isSpot(this.chosen) ? { around: this.chosen } : {}) });
  }

  remove(): void {
    this.forget();
    this.map.remove();
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(name);
  }

  private addLayers(): void {
    const { map } = this;
    // A style with glyphs of its own would draw our names with them; by its files the page's font comes before.
    if (this.options.style) (map as unknown as { style: { setFontFaces?: (faces: StyleSpecification['font-faces']) => void } }).style.setFontFaces?.({ ...map.getStyle()['font-faces'], [BOLD]: absolute(bold) });
    for (const [name, data] of [['districts', areas(this.shapes)], ['names', names(this.shapes)], ['things', points(this.things)], ['chosen', ring(this.chosen)]] as const) map.addSource(name, { type: 'geojson', data });
    this.paint();
  }

  /** Puts every layer in place anew, with the colours of the moment: that is seldom, and there is one place that says them. */
  private paint(): void {
    if (!this.map.getSource('districts')) return;
    const colours = readPaint(this.options.container);
    const image = hatch(colours);
    if (this.map.hasImage('hatch')) this.map.updateImage('hatch', image);
    else this.map.addImage('hatch', image, { pixelRatio: 2 });
    for (const layer of layers(colours, this.options.style !== undefined, (this.options.dot ?? 3.5) * textScale())) {
      if (this.map.getLayer(layer.id)) this.map.removeLayer(layer.id);
      this.map.addLayer(layer);
    }
  }
}

/** How large the reader's text is: names on the map grow with it, and on a wall. KRDS counts 10 pixels as 1. */
const textScale = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;

function layers(colours: Paint, base: boolean, dot: number): LayerSpecification[] {
  const byGrade = (kind: 'fill' | 'dots', other: string): maplibre.ExpressionSpecification =>
    ['match', ['get', 'grade'], ...KNOWN.flatMap((grade) => [grade, colours[kind][grade] ?? other]), other] as unknown as maplibre.ExpressionSpecification;
  const size = (small: number, large: number): maplibre.ExpressionSpecification => ['interpolate', ['linear'], ['zoom'], 10, small, 15, large];
  const seen = ['==', ['get', 'grade'], 'unknown'] as maplibre.FilterSpecification;
  return [
    ...(base ? [] : [{ id: 'paper', type: 'background', paint: { 'background-color': colours.ground } } satisfies LayerSpecification]),
    { id: 'districts', type: 'fill', source: 'districts', paint: { 'fill-color': byGrade('fill', colours.unknown), 'fill-opacity': base ? 0.75 : 1 } },
    { id: 'districts-unknown', type: 'fill', source: 'districts', filter: seen, paint: { 'fill-pattern': 'hatch' } },
    { id: 'districts-edge', type: 'line', source: 'districts', paint: { 'line-color': colours.edge, 'line-width': 1.5 }, layout: { 'line-join': 'round' } },
    { id: 'things', type: 'circle', source: 'things', paint: {
      'circle-radius': size(dot, dot * 2.6), 'circle-color': ['case', ['get', 'hollow'], colours.paper, byGrade('dots', colours.dot)],
      'circle-opacity': ['interpolate', ['linear'], ['zoom'], 10, 0.75, 13, 1], 'circle-stroke-width': ['case', ['get', 'hollow'], 1.6, ['get', 'flagged'], 2.2, 1], 'circle-stroke-color': ['case', ['get', 'dormant'], colours['unknown-ink'], ['any', ['get', 'hollow'], ['get', 'flagged']], colours.late, colours.paper] } },
    { id: 'names', type: 'symbol', source: 'names', layout: {
      'text-field': ['format', ['get', 'name'], {}, '\n', {}, ['get', 'label'], { 'font-scale': 0.95 }],
      'text-font': base ? [BOLD] : LOCAL, 'text-size': size(nameSize() * textScale(), 18 * textScale()), 'text-line-height': 1.15, 'text-padding': 0, 'text-allow-overlap': ['step', ['zoom'], false, 9.5, true] },
      paint: { 'text-color': colours.ink, 'text-halo-color': colours.halo, 'text-halo-width': 1.8 } },
    { id: 'chosen-area', type: 'line', source: 'chosen', filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': colours.link, 'line-width': 4 } },
    { id: 'chosen-thing', type: 'circle', source: 'chosen', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': size(dot + 6, dot * 2.6 + 6), 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-width': 3.5, 'circle-stroke-color': colours.link } },
  ];
}

/** English names are longer than Korean ones. */
const nameSize = (): number => (document.documentElement.lang === 'en' ? 11.5 : 13.5);

const absolute = (address: string): string => new URL(address, document.baseURI).href;
const isSpot = (what: Spot | Spot[][] | null): what is Spot => what !== null && typeof what[0] === 'number';
const escape = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });
const feature = (geometry: Geometry, properties: Record<string, unknown> = {}): Feature => ({ type: 'Feature', geometry, properties });

const areas = (shapes: Shape[]): FeatureCollection => collection(shapes.map(({ rings, code, grade }) => feature({ type: 'MultiPolygon', coordinates: polygonsOf(rings) }, { code, grade })));
const names = (shapes: Shape[]): FeatureCollection => collection(shapes.map(({ at, name, label }) => feature({ type: 'Point', coordinates: at }, { name, label })));
const points = (things: Thing[]): FeatureCollection => collection(things.map(({ id, at, grade, hollow, dormant, flagged = false }) => feature({ type: 'Point', coordinates: at }, { id, grade, hollow, dormant, flagged })));
const ring = (what: Spot | Spot[][] | null): FeatureCollection => collection(what === null ? [] : [feature(isSpot(what) ? { type: 'Point', coordinates: what } : { type: 'MultiPolygon', coordinates: polygonsOf(what) })]);

function boundsOf(shapes: { rings: Spot[][] }[]): maplibre.LngLatBounds {
  const bounds = new maplibre.LngLatBounds();
  for (const { rings } of shapes) for (const spots of rings) for (const spot of spots) bounds.extend(spot);
  // Seoul, when there is no shape at all.
  return bounds.isEmpty() ? new maplibre.LngLatBounds([126.76, 37.42], [127.19, 37.71]) : bounds;
}

/** The pattern of what is not known, as the styles draw it. */
function hatch(colours: Paint): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 16;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = colours.unknown;
  pen.fillRect(0, 0, 16, 16);
  pen.strokeStyle = colours.hatch;
  pen.lineWidth = 4;
  for (const from of [-16, 0, 16]) {
    pen.beginPath();
    pen.moveTo(from, 16);
    pen.lineTo(from + 16, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, 16, 16);
}
