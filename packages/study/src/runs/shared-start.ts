import type { FitOptions } from '@towerkit/core';
import { idTable, startNames, type buildModel, type Prepared, type ResolvedConfig } from '@towerkit/pipeline';

import { sharedBaseline } from './shared-baseline.js';

/**
 * A config whose towers start from the artifact of a model that runs share, where it names one to be fitted, such as `start: { als: {} }`.
 * The vectors are those that the run would have fitted by itself; runs of the same rows, options, width and seed fit it once.
 *
 * @param folder of what runs share
 * @throws TowerkitError `BAD_CONFIG` for towers without ids; what fitting throws
 */
export async function withSharedStart(
  config: ResolvedConfig,
  model: ReturnType<typeof buildModel>,
  prepared: Prepared,
  folder: string,
  options: FitOptions,
): Promise<ResolvedConfig> {
  const { start } = config;
  const name = start && startNames.find((one) => start[one]);
  if (!name) return config;
  const { [name]: wanted, users, ...rest } = start;
  const { dimensions: factors } = idTable(model, 'item').table;
  const baselines = { ...config.baselines, [name]: { ...wanted, factors } };
  const from = await sharedBaseline(name, prepared, { ...config, baselines }, folder, options);
  return {
    ...config,
    start: { ...rest, items: { from }, ...(users && { users: users === name ? { from } : users }) },
  };
}
