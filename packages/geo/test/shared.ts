import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the public sets: below TOWERKIT_SHARED, or in a folder `shared` beside a folder above; undefined without them. */
export function sharedFile(path: string): string | undefined {
  const places = process.env.TOWERKIT_SHARED ? [process.env.TOWERKIT_SHARED] : [];
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at))
    places.push(join(dirname(at), 'shared'));
  return places.map((place) => join(place, 'datasets', path)).find((file) => existsSync(file));
}
