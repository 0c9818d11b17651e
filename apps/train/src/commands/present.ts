import { withoutAbsent, type LocatedDataset, type ResolvedConfig } from '@towerkit/pipeline';

import type { Console } from '../report/console.js';

/** The config without features that the data set lacks, where it may go on without them. */
export function present(
  config: ResolvedConfig,
  { source, folder }: LocatedDataset,
  out: Console,
): ResolvedConfig {
  const { config: rest, absent } = withoutAbsent(config, source, folder);
  if (absent.length > 0)
    out.note(`features left out, which the data set does not have: ${absent.join(', ')}`);
  return rest;
}
