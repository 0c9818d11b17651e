import type { AnswerPool } from '../threads/answer-pool.js';
import type { ArtifactTables } from '../trial/tables.js';
import { overviewItems, overviewOf, type Overview } from './overview.js';

/** Overviews of models that were asked for: their plane takes a thread a moment. */
const known = new WeakMap<AnswerPool, Promise<Overview>>();

/**
 * The overview of a model whose threads compute its plane; made once, and kept while the model answers.
 *
 * @param users how many users it tells of
 * @throws TowerkitError `OVERLOADED`, `UNAVAILABLE`; it is then asked for again next time
 */
export function askOverview(
  model: ArtifactTables & { readonly pool: AnswerPool },
  users: number,
): Promise<Overview> {
  const found = known.get(model.pool);
  if (found) return found;
  const items = overviewItems(model.counts);
  const made = model.pool.ask('plane', { items }).then((plane) => overviewOf(model, items, plane, users));
  known.set(model.pool, made);
  made.catch(() => known.delete(model.pool));
  return made;
}
