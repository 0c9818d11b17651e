import { Als } from '@towerkit/als';
import { saveArtifact } from '@towerkit/artifact';
import { CsrMatrix, Rng, Vocabulary } from '@towerkit/core';
import { encodeCatalog } from '@towerkit/data';

const WORDS = 8000;
const CATEGORIES = 40;
const HISTORY = 500;

/** Ids of an artifact that questions are made of. */
export interface CatalogArtifact {
  readonly items: readonly string[];
  /** A user with a history of 500 items. */
  readonly user: string;
  /** A word of every second title. */
  readonly word: string;
}

/** Saves an artifact of ALS with 64 factors over so many items with titles, categories and prices. */
export async function saveCatalog(folder: string, count: number): Promise<CatalogArtifact> {
  const rng = new Rng(1);
  const vocabulary = Array.from(
    { length: WORDS },
    (_, at) => `${'bcdfghklmnprstvwz'[at % 17]}${at.toString(36)}`,
  );
  const rows = Array.from({ length: count }, (_, item) => ({
    id: `P${item}`,
    title: [
      ...(item % 2 === 0 ? ['The'] : []),
      ...Array.from({ length: 6 }, () => vocabulary[rng.integer(WORDS)]),
      ...(item % 5 === 0 ? ['新しいゲームの世界'] : []),
    ].join(' '),
    category: `category ${item % CATEGORIES}`,
    price: 1 + rng.integer(10_000) / 100,
    maker: `maker ${rng.integer(2000)}`,
  }));
  const lists = Array.from({ length: 20_000 }, (_, user) => {
    const own = new Set<number>();
    while (own.size < (user === 0 ? HISTORY : 8)) own.add(Math.floor(count * rng.uniform() ** 2));
    return [...own];
  });
  const histories = CsrMatrix.fromRows(lists, count);
  const als = new Als({ factors: 64, iterations: 1 });
  await als.fit(histories);
  await saveArtifact(folder, {
    ...{
      kind: als.kind,
      name: 'catalog',
      histories,
      model: {},
      recipe: {},
      packages: {},
      metrics: {},
      baselines: {},
    },
    users: new Vocabulary(lists.map((_, user) => `u${user}`)),
    items: new Vocabulary(rows.map(({ id }) => id)),
    catalog: encodeCatalog(rows),
    dataset: { name: 'catalog', fingerprint: 'generated', interactions: histories.entries },
    write: (into) => als.save(into),
  });
  await als.dispose();
  return { items: rows.map(({ id }) => id), user: 'u0', word: 'the' };
}
