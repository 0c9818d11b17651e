import type { OpenArtifact } from '@towerkit/recommend';

/** Values of a column that are shown. */
const SHOWN = 5;
/** Columns that are told of. */
const COLUMNS = 30;
/** Rows that are looked at. */
const LOOKED_AT = 1000;

/** What an assistant should know before its first question: what is recommended, by which model, and what filters may name. */
export function describeCatalog(artifact: OpenArtifact): string {
  const { catalog, engine, items, users } = artifact;
  const { ranker } = engine;
  const columns = Object.entries(catalog).filter(([name]) => !['id', 'title'].includes(name));
  const read = (what: string, names: Readonly<Record<string, string>> | undefined) =>
    names &&
    `${what}: ${Object.entries(names)
      .map(([name, kind]) => `${name} (${kind})`)
      .join(', ')}.`;
  return [
    `Recommends from ${items.size} items, learned from what ${users.size} users had; the model is a ${ranker.kind}.`,
    ranker.content?.readsText ? 'It reads texts.' : 'It reads no texts: search goes by the words of titles.',
    read('Columns of user_features', ranker.users?.columns),
    read('Columns of context', ranker.moments?.columns),
    `Columns for filters: ${columns.slice(0, COLUMNS).map(describeColumn).join('; ')}.`,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function describeColumn([name, values]: [string, ArrayLike<unknown>]): string {
  const looked = Array.from({ length: Math.min(values.length, LOOKED_AT) }, (_, row) => values[row]);
  const known = looked.filter((value) => value !== null && value !== undefined);
  if (known.length > 0 && known.every((value) => typeof value === 'number' || typeof value === 'bigint')) {
    const numbers = known.map(Number).filter(Number.isFinite);
    return `${name} (numbers such as ${Math.min(...numbers)} to ${Math.max(...numbers)})`;
  }
  const some = [...new Set(known.map((value) => String(value).slice(0, 40)))].slice(0, SHOWN);
  return some.length > 0
    ? `${name} (${some.map((value) => JSON.stringify(value)).join(', ')}, ..)`
    : `${name} (empty)`;
}
