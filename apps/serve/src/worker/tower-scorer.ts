import { Matrix, TowerkitError } from '@towerkit/core';
import { createIndex, loadIndex, type VectorIndex } from '@towerkit/retrieval';
import { TwoTowerRecommender, type ArtifactManifest, type TwoTowerFacts } from '@towerkit/training';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { CosineIndex } from './cosine-index.js';
import { bestOf, type Ranked } from './model-host.js';
import { leftOut, type Asked, type Scorer } from './open-scorer.js';
import type { Explanation, GateWeights } from './protocol.js';

/** A two-tower: the user tower makes a vector, the index finds the items of the highest product with it. */
export class TowerScorer implements Scorer {
  readonly kind = 'two-tower';
  readonly explains = true;
  #content: Matrix | undefined;
  #cosine: Promise<CosineIndex> | undefined;

  private constructor(
    readonly model: TwoTowerRecommender,
    readonly found: VectorIndex,
  ) {}

  /**
   * Opens the tower, and the artifact's index where it has one; else all vectors are searched.
   *
   * @throws TowerkitError `BAD_ARTIFACT`; those of `loadIndex`
   */
  static async open(folder: string, manifest: ArtifactManifest): Promise<TowerScorer> {
    const model = await TwoTowerRecommender.load(folder, { threads: 1 });
    const saved = join(folder, 'index');
    const index = (await exists(join(saved, 'manifest.json')))
      ? await loadIndex(saved, { threads: 1 })
      : await exactIndex(model.itemVectors);
    const { rows, cols } = model.itemVectors;
    if (index.dimensions !== cols || index.size !== rows || index.metric !== 'ip')
      throw new TowerkitError(
        'BAD_ARTIFACT',
        `${folder}: its index has ${index.size} vectors of ${index.dimensions} (${index.metric}), ` +
          `the model ${manifest.dataset.items} of ${cols}`,
        { hint: 'make the index again' },
      );
    return new TowerScorer(model, index);
  }

  get index(): string {
    return this.found.driver;
  }

  async candidates(asked: readonly Asked[], strangers?: Matrix) {
    const vectors = await this.model.userVectors(
      asked.map(({ history }) => history),
      asked.map(({ user }) => user),
      strangers,
    );
    const found = new Array<Ranked & { recall?: number }>(asked.length);
    // What is asked alike is searched in one pass: what was seen is searched too, and left out afterwards.
    for (const [n, group] of unfiltered(asked)) {
      const seen = Math.max(...group.map(({ one }) => one.history.length + one.deny.length));
      const queries = new Matrix(group.length, vectors.cols);
      group.forEach(({ row }, place) => queries.row(place).set(vectors.row(row)));
      const near = await this.found.searchBatch(queries, n + seen);
      group.forEach(({ one, row }, place) => (found[row] = without(near[place], one)));
    }
    for (const [row, one] of asked.entries()) {
      const { allow, n } = one;
      if (!allow) continue;
      const filter = { allow, deny: [...leftOut(one)].filter((item) => item < this.model.items) };
      const { ids, scores } = await this.found.search(vectors.row(row), n, { filter });
      found[row] = { items: Array.from(ids), scores: Array.from(scores) };
    }
    for (const [row, one] of asked.entries())
      if (one.measure)
        found[row] = { ...found[row], recall: await this.#recall(vectors, row, one, found[row]) };
    return found;
  }

  async similar(item: number, k: number, allow?: Float64Array): Promise<Ranked> {
    return (await this.#likeness()).similar(item, k, allow);
  }

  async nearest(vector: Float32Array, k: number, allow?: Float64Array): Promise<Ranked> {
    return (await this.#likeness()).nearest(vector.subarray(0, this.vectors().cols), k, allow);
  }

  /** The item vectors without their bias, which says how popular an item is, not what it is like. */
  vectors(): Matrix {
    if (this.#content) return this.#content;
    const { rows, cols } = this.model.itemVectors;
    this.#content = new Matrix(rows, cols - 1);
    for (let item = 0; item < rows; item++)
      this.#content.row(item).set(this.model.itemVectors.row(item).subarray(0, cols - 1));
    return this.#content;
  }

  /** Leave one out: what the score loses when an item is taken from the history. */
  async explain(history: readonly number[], user: number, items: readonly number[]): Promise<Explanation> {
    const { maxLength } = this.model.manifest.model as TwoTowerFacts;
    const read = history.slice(-maxLength);
    const without = read.map((_, place) => read.filter((_, other) => other !== place));
    const histories = [read, ...without];
    const vectors = await this.model.userVectors(
      histories,
      histories.map(() => user),
    );
    const gates = await this.#gates(read, user, items);
    const reasons = items.map((item) => {
      const target = this.model.itemVectors.row(item);
      const score = dot(vectors.row(0), target);
      return read
        .map((from, place) => ({ item: from, weight: score - dot(vectors.row(place + 1), target) }))
        .sort((a, b) => b.weight - a.weight);
    });
    return { reasons, ...(gates && { gates }) };
  }

  async #gates(
    history: readonly number[],
    user: number,
    items: readonly number[],
  ): Promise<GateWeights | undefined> {
    const { gated = {} } = this.model.manifest.model as Partial<TwoTowerFacts>;
    if (!gated.user && !gated.item) return undefined;
    const { itemGates } = this.model;
    const ofUser = await this.model.userGates([history], [user]);
    return {
      ...(ofUser && { user: named(gated.user!, ofUser.row(0)) }),
      ...(itemGates && { items: items.map((item) => named(gated.item!, itemGates.row(item))) }),
    };
  }

  async #recall(vectors: Matrix, row: number, one: Asked, found: Ranked): Promise<number> {
    if (this.found.driver === 'exact') return 1;
    const scores = new Float32Array(this.model.items);
    await this.model.scoreVectors(new Matrix(1, vectors.cols, vectors.row(row).slice()), scores);
    const wanted = bestOf(scores, one.n, leftOut(one), one.allow).items;
    const has = new Set(found.items);
    return wanted.length === 0 ? 1 : wanted.filter((item) => has.has(item)).length / wanted.length;
  }

  #likeness(): Promise<CosineIndex> {
    return (this.#cosine ??= CosineIndex.of(this.vectors()));
  }
}

async function exactIndex(vectors: Matrix): Promise<VectorIndex> {
  const index = await createIndex('exact', { dimensions: vectors.cols, threads: 1 });
  await index.build(vectors);
  return index;
}

const named = (names: readonly string[], values: Float32Array) =>
  Object.fromEntries(names.map((name, place) => [name, values[place]]));

/** Those without a filter, by how many they want. */
function unfiltered(asked: readonly Asked[]): Map<number, { one: Asked; row: number }[]> {
  const groups = new Map<number, { one: Asked; row: number }[]>();
  asked.forEach((one, row) => {
    if (!one.allow) groups.set(one.n, [...(groups.get(one.n) ?? []), { one, row }]);
  });
  return groups;
}

/** The best n that were neither seen nor denied. */
function without({ ids, scores }: { ids: Float64Array; scores: Float32Array }, one: Asked): Ranked {
  const out = leftOut(one);
  const kept: Ranked = { items: [], scores: [] };
  for (let place = 0; place < ids.length && kept.items.length < one.n; place++) {
    if (out.has(ids[place])) continue;
    kept.items.push(ids[place]);
    kept.scores.push(scores[place]);
  }
  return kept;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
