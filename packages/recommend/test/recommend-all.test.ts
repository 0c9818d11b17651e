import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { saveArtifact } from '@towerkit/artifact';
import { CsrMatrix, REPEATS, Rng, topK, Vocabulary } from '@towerkit/core';
import { encodeCatalog } from '@towerkit/data';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  ModelRanker,
  openArtifact,
  type ModelKind,
  type MomentReader,
  type OpenArtifact,
  type SavedModel,
  type UserReader,
} from '../src/index.js';

const [USERS, ITEMS, LISTED] = [40, 30, 27];
const names = (prefix: string, count: number) =>
  new Vocabulary(Array.from({ length: count }, (_, n) => `${prefix}${n}`));
const asker = (name: string, value: unknown) => ({
  row: { [name]: Float32Array.of(Number(value ?? 0)) },
  isKnown: value !== null,
});

const moments: MomentReader = {
  columns: { hour: 'number' },
  unknown: { hour: null },
  read: async ({ hour = null }) => asker('hour', hour),
  rows: () => Promise.reject(new Error('not asked')),
};
const users: UserReader = {
  columns: { taste: 'number' },
  read: async ({ taste = null }) => asker('taste', taste),
  openStored: async () => undefined,
};

/** By history, by the user's own taste and by the hour; of a third of the histories it knows nothing. */
const model: SavedModel = {
  kind: 'told',
  items: ITEMS,
  score(histories, out, users = [], said = []) {
    for (const [row, history] of histories.entries()) {
      const { taste, hour } = said[row] ?? {};
      const sum = Array.from(history).reduce((all, item) => all + item + 1, 0);
      const known = 3 * (taste?.[0] ?? users[row] % 3) + 5 * (hour?.[0] ?? 0) + (sum % 3 === 0 ? 0 : sum);
      for (let item = 0; item < ITEMS; item++)
        out[row * ITEMS + item] = known === 0 ? 0 : ((item * 7 + known) % 31) + item / 100;
    }
  },
  recommend(histories, k, users) {
    const out = new Float32Array(histories.length * ITEMS);
    void this.score(histories, out, users);
    return histories.map((history, row) => topK(out.subarray(row * ITEMS, (row + 1) * ITEMS), k, history));
  },
};
class ToldRanker extends ModelRanker {
  constructor(
    readonly users: UserReader | undefined,
    readonly moments: MomentReader | undefined,
  ) {
    super(model);
  }
}
const kindOf = (reads: { users?: UserReader; moments?: MomentReader }): ModelKind => ({
  name: 'told',
  open: async () => new ToldRanker(reads.users, reads.moments),
});

/** A matrix of users and items with up to `most` of the items that are listed for each. */
function drawn(rng: Rng, most: number): CsrMatrix {
  const list = () => Array.from({ length: rng.integer(most + 1) }, () => rng.integer(LISTED));
  return CsrMatrix.fromRows(Array.from({ length: USERS }, list), ITEMS);
}

/** An artifact with a test part and, where it has feedback, what was taken and disliked in both parts. */
async function save(folder: string, hasFeedback: boolean): Promise<void> {
  const rng = new Rng(7);
  const histories = drawn(rng, 4);
  const told = { taken: drawn(rng, 2), disliked: drawn(rng, 3) };
  const feedback = {
    train: told,
    test: { taken: drawn(rng, 3), disliked: drawn(rng, 1), history: drawn(rng, 2) },
  };
  await saveArtifact(folder, {
    ...{ kind: 'told', name: 'told', model: {}, packages: {}, metrics: {}, baselines: {}, recipe: {} },
    dataset: { name: 'told', fingerprint: 'none', interactions: histories.entries },
    ...{ users: names('u', USERS), items: names('i', ITEMS), histories, test: drawn(rng, 1) },
    catalog: encodeCatalog(Array.from({ length: LISTED }, (_, item) => ({ id: `i${item}` }))),
    ...(hasFeedback && { feedback }),
    write: async () => undefined,
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-all-'));
  await save(join(folder, 'plain'), false);
  await save(join(folder, 'feedback'), true);
});
afterAll(() => rm(folder, { recursive: true }));

async function opened(name: string, kind: ModelKind, use: (artifact: OpenArtifact) => Promise<void>) {
  const artifact = await openArtifact(join(folder, name), { kinds: [kind], threads: 1 });
  await use(artifact).finally(() => artifact.dispose());
}

const cases = ['plain', 'feedback'].flatMap((name) =>
  [{}, { users }, { moments }, { users, moments }].map((reads) => ({ name, reads })),
);
test.each(cases)('everybody at once gets the list of each alone: $name, $reads', ({ name, reads }) =>
  opened(name, kindOf(reads), async (artifact) => {
    const hours = 'moments' in reads ? [8, 0, null] : [undefined];
    for (const repeats of REPEATS)
      for (const hour of hours) {
        const options = { repeats, ...(hour !== undefined && { context: { hour } }) };
        const lists = new Map(artifact.users.names.map((user) => [user, [] as [string, number][]]));
        for await (const { user, item, score } of artifact.recommendAll(6, undefined, options))
          user.forEach((one, row) => lists.get(one)!.push([item[row], score[row]]));
        for (const [user, list] of lists) {
          const { items } = await artifact.recommend({ user }, 6, options);
          expect({ user, ...options, list }).toEqual({
            ...{ user, ...options },
            list: items.map(({ id, score }) => [id, score]),
          });
        }
      }
  }),
);

test('a length that is none is refused', () =>
  opened('plain', kindOf({}), async (artifact) => {
    for (const k of [0, 1.5, NaN]) {
      const refusal = expect.objectContaining({ code: 'BAD_OPTION', details: { option: 'k', value: k } });
      await expect(artifact.recommendAll(k).next()).rejects.toThrow(refusal);
      await expect(artifact.recommend(['i1'], k)).rejects.toThrow(refusal);
    }
  }));
