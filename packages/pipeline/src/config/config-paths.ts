import { resolve } from 'node:path';

import type { ResolvedConfig } from './schema.js';

/**
 * A config whose paths no longer depend on where it stands: those of a teacher and of vectors to start from, resolved against a
 * folder. The path of the data stays, as a command may give another.
 *
 * @param folder the folder that paths of the config are relative to
 */
export function withPathsFrom(config: ResolvedConfig, folder: string): ResolvedConfig {
  const distill = config.distill && {
    ...config.distill,
    ...(config.distill.teacher && { teacher: resolve(folder, config.distill.teacher) }),
  };
  const start = config.start && {
    ...config.start,
    items: located(config.start.items, folder),
    users: typeof config.start.users === 'string' ? config.start.users : located(config.start.users, folder),
  };
  return { ...config, start, distill };
}

/** What vectors start from, its places relative to the folder. */
const located = <T extends { readonly from: string; readonly ids?: string }>(
  source: T | undefined,
  folder: string,
): T | undefined =>
  source && {
    ...source,
    from: resolve(folder, source.from),
    ...(source.ids !== undefined && { ids: resolve(folder, source.ids) }),
  };
