/**
 * What stands around places, beside Python's geopandas and shapely on the same file, classes, places and radii, each in a process
 * of its own on one thread; and how far the two agree. `--places buildings` are the middles of all ways with a building's tag.
 *
 *     node dist/geo.js --shared FOLDER --python python3 [--places buildings|pois] [--radii 100,200,500] [--mode plain|covers]
 *         [--segments 16] [--rounds 3] [--folder DIR]
 *
 * A circle of the peer is a polygon of four times `--segments` sides; 16 is what geopandas takes. `--folder` keeps the peer's
 * answers: given again, they are read instead of computed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readTable } from '@towerkit/data';
import { DEFAULT_CLASSES, placeFeatures, readMap, type Place } from '@towerkit/geo';

import { flags, median, print } from './arguments.js';
import { agreement } from './geo/agreement.js';
import { machine } from './machine.js';

const args = flags({
  shared: '../../../shared/datasets',
  python: 'python3',
  places: 'buildings',
  radii: '100,200,500',
  mode: 'covers',
  segments: '16',
  rounds: '3',
  folder: '',
  peer: new URL('../peers/geopandas_features.py', import.meta.url).pathname,
});
const data = join(args.shared, 'nyc-checkins-osm');
const pbf = join(data, 'manhattan.osm.pbf');
const radii = args.radii.split(',').map(Number);
const folder = args.folder === '' ? mkdtempSync(join(tmpdir(), 'towerkit-geo-')) : args.folder;
mkdirSync(folder, { recursive: true });

/** What the peer prints. */
interface PeerReport {
  readonly reading: number;
  readonly measuring: number;
  readonly processor: number;
  readonly megabytes: number;
}

function peerReport(places: string): PeerReport {
  const report = join(folder, 'report.json');
  if (!existsSync(report)) {
    const classes = join(folder, 'classes.json');
    writeFileSync(classes, JSON.stringify(DEFAULT_CLASSES));
    const given = [args.peer, pbf, classes, places, folder, args.radii, args.mode, args.segments];
    writeFileSync(report, execFileSync(args.python, given, { encoding: 'utf8' }));
  }
  return JSON.parse(readFileSync(report, 'utf8')) as PeerReport;
}

async function placesOf(file: string): Promise<Place[]> {
  const { rows, columns } = await readTable(file);
  return Array.from({ length: rows }, (_, row) => ({
    lat: Number(columns.lat[row]),
    lon: Number(columns.lon[row]),
  }));
}

const seconds = (start: number) => (performance.now() - start) / 1000;

print(`${machine()}; ${args.places}, radii ${args.radii} m`);
const pois = join(folder, 'pois.csv');
if (args.places === 'pois') {
  const known = await readMap(pbf);
  const inside = (await placesOf(join(data, 'pois.csv.gz'))).filter(({ lat, lon }) =>
    known.extent!.contains(lon, lat),
  );
  writeFileSync(pois, `lat,lon\n${inside.map(({ lat, lon }) => `${lat},${lon}`).join('\n')}\n`);
}
const peer = args.python === '' ? undefined : peerReport(args.places === 'pois' ? pois : args.places);
const places = await placesOf(join(folder, 'places.csv'));

const reading: number[] = [];
const measuring: number[] = [];
const processor: number[] = [];
let features;
for (let round = 0; round < Number(args.rounds); round++) {
  let start = performance.now();
  const map = await readMap(pbf);
  reading.push(seconds(start));
  start = performance.now();
  const before = process.cpuUsage();
  features = await placeFeatures(map, places, { radii });
  measuring.push(seconds(start));
  processor.push(process.cpuUsage(before).user / 1e6);
}
const peak = process.resourceUsage().maxRSS / 1024;
const rate = (time: number) => `${Math.round(places.length / time).toLocaleString('en')} places/s`;
const ours = median(measuring);
print(`places: ${places.length}; inside: ${features!.inside}; circles cut by the edge: ${features!.cut}`);
print(
  `towerkit: read ${median(reading).toFixed(2)} s, measure ${ours.toFixed(2)} s (${measuring.map((time) => time.toFixed(2)).join(', ')}), ${rate(ours)}, processor ${median(processor).toFixed(2)} s, peak ${Math.round(peak)} MB`,
);
if (peer) {
  print(
    `geopandas (${args.mode}): read ${peer.reading.toFixed(2)} s, measure ${peer.measuring.toFixed(2)} s, ${rate(peer.measuring)}, processor ${peer.processor.toFixed(2)} s, peak ${Math.round(peer.megabytes)} MB; ratio ${(peer.measuring / ours).toFixed(1)}, of processor seconds ${(peer.processor / median(processor)).toFixed(1)}`,
  );
  for (const line of agreement(features!, (await readTable(join(folder, 'features.csv'))).columns))
    print(line);
}
