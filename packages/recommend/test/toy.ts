import { saveArtifact, type ArtifactContents } from '@towerkit/artifact';
import { Als } from '@towerkit/als';
import { PersonalPopularity, Popularity } from '@towerkit/baselines';
import { CsrMatrix, Rng, Vocabulary, type Matrix, type Recommender } from '@towerkit/core';
import { encodeCatalog, type CatalogRow } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { fitFeatures, fitTexts, itemSide, saveEncoders, textPlaces } from '@towerkit/features';
import { gruTower, itemTower, twoTower, type TwoTowerOptions } from '@towerkit/towers';
import { computeItemVectors, train, twoTowerFacts, writeTwoTowerFiles } from '@towerkit/training';

export const KINDS = ['tea', 'lamp', 'novel', 'ball'];
const WORDS = ['red', 'old', 'small', 'warm', 'bright', 'plain', 'long', 'green', 'soft', 'new'];
const PER_KIND = 10;
const USERS = 80;
/** Items of the training; two more follow that stand in no history. */
const SEEN = KINDS.length * PER_KIND;
/** Of this one nothing but its title is known. */
export const TITLE_ONLY = SEEN;
/** Of this one everything is known. */
export const UNSEEN = SEEN + 1;
export const ITEMS = SEEN + 2;

const rows: CatalogRow[] = [
  ...Array.from({ length: SEEN }, (_, item) => {
    const place = Math.floor(item / KINDS.length);
    const kind = KINDS[item % KINDS.length];
    return {
      id: `i${item}`,
      title: `${WORDS[place]} ${kind} ${WORDS[(place * 3 + 1) % 10]}`,
      kind: item % 7 === 5 ? null : kind,
      price: item % 6 === 4 ? null : 1 + (item % 4) + place / 4,
    };
  }),
  { id: `i${TITLE_ONLY}`, title: 'warm tea soft' },
  { id: `i${UNSEEN}`, title: 'old lamp bright', kind: 'lamp', price: 2.5 },
];
export const catalogRows: readonly CatalogRow[] = rows;
const catalog = encodeCatalog(rows);
const items = new Vocabulary(rows.map(({ id }) => id));

/** Users who have seven items, most of them of one kind; the last user has none. */
function drawn(): CsrMatrix {
  const rng = new Rng(4);
  const lists = Array.from({ length: USERS }, (_, user) => {
    if (user === USERS - 1) return [];
    const own = new Set<number>();
    while (own.size < 7) {
      const kind = rng.uniform() < 0.8 ? user % 4 : rng.integer(4);
      own.add(4 * rng.integer(PER_KIND) + kind);
    }
    return [...own];
  });
  return CsrMatrix.fromRows(lists, ITEMS);
}
export const histories = drawn();

const base: Omit<ArtifactContents, 'kind' | 'model' | 'write'> = {
  name: 'toy',
  recipe: {},
  dataset: { name: 'toy', fingerprint: 'none', interactions: histories.entries },
  packages: {},
  metrics: {},
  baselines: {},
  users: new Vocabulary(Array.from({ length: USERS }, (_, user) => `u${user}`)),
  items,
  catalog,
  histories,
};

/** Trains a two-tower that reads ids, kinds, prices and titles, and saves it. @returns the vectors training gave the items */
export async function saveTower(
  folder: string,
  options: Partial<TwoTowerOptions> = {},
): Promise<{ itemVectors: Matrix }> {
  const counts = histories.columnCounts();
  const wanted = {
    categories: { kind: { minCount: 1 } },
    numeric: { price: { transform: 'none' } },
  } as const;
  const features = fitFeatures(itemSide({ items }, catalog), wanted, counts);
  const texts = await fitTexts(
    itemSide({ items }, catalog),
    { title: { encoder: { kind: 'lsa', dimensions: 8 } } },
    textPlaces(folder, {}),
    { seed: 1, threads: 1 },
  );
  const model = twoTower({
    item: itemTower({
      dimensions: 8,
      categories: { kind: 4 },
      numeric: { price: features.features.price.cols },
      content: { title: texts.features.title.cols },
    }),
    user: gruTower({ dimensions: 8 }),
    idDropout: 0.2,
    ...options,
  });
  const engine = await createEngine({ threads: 1 });
  try {
    const data = {
      histories,
      items: { categories: features.categories, features: { ...features.features, ...texts.features } },
    };
    const batches = {
      batchSize: 64,
      maxLength: 5,
      negatives: [{ proposal: { kind: 'uniform' } as const, count: 20 }],
    };
    const result = await train({ model, engine, data, epochs: 2, threads: 1, batches });
    const itemVectors = await computeItemVectors(model, result.state, ITEMS, engine);
    await saveArtifact(folder, {
      ...base,
      kind: 'two-tower',
      model: { ...twoTowerFacts(result), features: { ...features.encodings, ...texts.encodings } },
      write: async (into) => {
        await writeTwoTowerFiles(into, result, itemVectors);
        await saveEncoders(into, texts.fitted);
      },
    });
    return { itemVectors };
  } finally {
    await engine.dispose();
  }
}

async function saveBaseline(
  folder: string,
  model: Recommender,
  rows = histories,
  recipe: Record<string, unknown> = {},
): Promise<void> {
  await model.fit(rows);
  const sizes = {
    users: new Vocabulary(Array.from({ length: rows.rows }, (_, user) => `u${user}`)),
    items: new Vocabulary(Array.from({ length: rows.cols }, (_, item) => `i${item}`)),
  };
  await saveArtifact(folder, {
    ...base,
    ...sizes,
    recipe,
    histories: rows,
    kind: model.kind,
    model: {},
    write: (into) => model.save(into),
  });
  await model.dispose?.();
}

export const saveAls = (folder: string, rows = histories): Promise<void> =>
  saveBaseline(folder, new Als({ factors: 8, iterations: 3 }), rows);

export const savePopularity = (folder: string): Promise<void> => saveBaseline(folder, new Popularity());

export const savePersonalPopularity = (folder: string, recipe: Record<string, unknown> = {}): Promise<void> =>
  saveBaseline(folder, new PersonalPopularity(), histories, recipe);
