import { writeSurroundings, type WriteSurroundingsOptions } from '@towerkit/pipeline';

import { Console } from '../report/console.js';
import { grouped } from '../report/tables.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit geo-features`. */
export interface GeoFeaturesFlags extends Omit<WriteSurroundingsOptions, 'radii' | 'nearestWithin'> {
  readonly radius?: readonly number[];
  readonly within?: number;
  readonly json?: boolean;
}

export async function geoFeaturesCommand({
  json,
  radius,
  within,
  ...given
}: GeoFeaturesFlags): Promise<number> {
  const out = new Console(json === true);
  return interruptible(async (display, signal) => {
    const onProgress = display.update;
    const options = { ...given, radii: radius, nearestWithin: within, signal, onProgress };
    const written = await writeSurroundings(options);
    display.stop();
    const { file, columns, inside, outside, unknown, bad, cut } = written;
    out.show(`${columns.length} columns of ${grouped(inside)} places in ${file}`);
    if (outside + unknown + bad > 0)
      out.note(
        `missing: ${grouped(outside)} places outside the map, ${grouped(unknown)} without coordinates, ${grouped(bad)} out of range`,
      );
    if (cut > 0) out.note(`${grouped(cut)} places have a circle that reaches beyond the map`);
    out.result(written);
  });
}
