import { searchArtifact } from '@towerkit/pipeline';

import { Console } from '../report/console.js';
import { table } from '../report/tables.js';
import { idsOf, type RecommendFlags } from './recommend.js';

/** Flags of `towerkit search`; `filter` is a predicate as JSON. */
export type SearchFlags = Pick<RecommendFlags, 'artifact' | 'k' | 'explain' | 'models' | 'json'> & {
  readonly history?: readonly string[];
  readonly filter?: string;
};

export async function search(
  text: string,
  { artifact, k, filter, history, models, ...flags }: SearchFlags,
): Promise<number> {
  const out = new Console(flags.json === true);
  const asked = { k, where: filter, models, history: history && idsOf(history) };
  const { items, source } = await searchArtifact(artifact, text, asked);
  const figure = (value = 0) => value.toFixed(3);
  const parts = (...cells: string[]) => (flags.explain ? cells : []);
  const rows = items.map(({ id, title, score, lexical, tower }, place) => [
    ...[`${place + 1}.`, figure(score), ...parts(figure(lexical), figure(tower))],
    title ? `${id}  ${title}` : id,
  ]);
  out.show(table([['', 'score', ...parts('words', 'cosine'), source], ...rows]));
  out.result({ items, source });
  return 0;
}
