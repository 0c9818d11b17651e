import { badOption } from '../checks/options.js';
import type { Driver } from '../driver.js';

/** Every driver, imported when it is first asked for. */
const DRIVERS = {
  exact: () => import('./exact/driver.js'),
  ivf: () => import('./ivf/driver.js'),
  hnsw: () => import('./hnsw/driver.js'),
  faiss: () => import('./faiss/driver.js'),
  milvus: () => import('./milvus/driver.js'),
  pgvector: () => import('./pgvector/driver.js'),
} satisfies Record<string, () => Promise<{ driver: unknown }>>;

/** The names of the drivers. */
export type DriverName = keyof typeof DRIVERS;

/** Names of all drivers, whether what they are made of is installed or not. */
export const driverNames = Object.keys(DRIVERS) as DriverName[];

/** @throws TowerkitError `BAD_OPTION` for a name that is none */
export async function driverNamed(name: string): Promise<Driver> {
  if (!Object.hasOwn(DRIVERS, name)) throw badOption('driver', `one of ${driverNames.join(', ')}`, name);
  return (await DRIVERS[name as DriverName]()).driver as Driver;
}
