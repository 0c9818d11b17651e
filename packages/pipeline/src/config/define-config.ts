import { checkConfig } from './check-config.js';
import type { Config } from './schema.js';

/** A config that changes some keys of another, by the name or the file of that. */
export type ExtendingConfig = Partial<Omit<Config, 'extends'>> & { readonly extends: string };

/**
 * A training config, checked: write `export default defineConfig({...})` in a file for `towerkit train --config`.
 * Defaults: `towerkit train --help`.
 *
 * @throws TowerkitError `BAD_CONFIG` naming the key at fault and, for an unknown one, the nearest that exists
 * @example
 * ```ts
 * import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
 *
 * export default defineConfig({
 *   name: 'games',
 *   data: { dataset: 'amazon-video-games-2023' },
 *   model: () => twoTower({ item: itemTower({ dimensions: 64 }), user: gruTower({ dimensions: 64, dropout: 0.4 }) }),
 *   epochs: 9,
 * });
 * ```
 */
export function defineConfig(config: Config): Config;
export function defineConfig(config: ExtendingConfig): ExtendingConfig;
export function defineConfig(config: Config | ExtendingConfig): Config | ExtendingConfig {
  const { extends: base, ...own } = config;
  checkConfig(base === undefined ? own : { ...own, name: own.name ?? 'extends' });
  return config;
}
