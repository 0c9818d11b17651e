import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyArtifact, type VerifiedArtifact } from '@towerkit/artifact';
import { Matrix } from '@towerkit/core';
import {
  AnswerEngine,
  ItemEncoder,
  TwoTowerRecommender,
  valueOf,
  type Content,
  type Found,
} from '@towerkit/recommend';
import { loadLsa } from '@towerkit/text';
import { join } from 'node:path';

import type { Answer } from '../src/schemas/recommendations.js';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

const K = 20;
const TEXTS = ['vintage album', 'camera bag', 'a camera, and a word of no title: zzyzx'];

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, place) => sum + value * b[place], 0);

/** The k places of the highest scores, and these. */
function best(scores: readonly number[], k: number): { items: number[]; scores: number[] } {
  const items = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  return { items: items.slice(0, k), scores: items.slice(0, k).map((item) => scores[item]) };
}

describe('a text asked of a tower that reads a category and a price besides', () => {
  let server: TestServer;
  let remove: () => Promise<void>;
  let opened: VerifiedArtifact;
  let engine: AnswerEngine;
  let model: TwoTowerRecommender;
  let encoder: ItemEncoder;
  beforeAll(async () => {
    const own = await scratch();
    remove = own.remove;
    server = await startServer(own.folder, { artifacts: [artifact('text')] });
    opened = await verifyArtifact(artifact('text'), 'two-tower');
    engine = await AnswerEngine.open({ artifact: opened, threads: 1 });
    model = await TwoTowerRecommender.load(opened, { threads: 1 });
    encoder = await ItemEncoder.load(opened, { threads: 1 });
  });
  afterAll(async () => {
    await server?.stop();
    await Promise.all([engine?.dispose(), model?.dispose(), encoder?.dispose()]);
    await remove();
  });

  test.each([
    [{ price: -5 }, 'the feature price must be a finite number above -1'],
    [{ price: 1e39 }, 'the feature price must be a finite number above -1'],
    [{ price: '5' }, 'the feature price must be a finite number above -1'],
    [{ category: 5 }, 'the feature category must be a string'],
  ])(
    '%j is refused by the name of the feature: the price is read as its logarithm',
    async (features, detail) => {
      const { status, body } = await server.post('/v1/recommendations', { features });
      expect([status, body.code, body.detail]).toEqual([422, 'BAD_FEATURE', detail]);
    },
  );

  /** The vector of an item with that title, of which no id, category or price is known. */
  async function vectorOf(title: string): Promise<Matrix> {
    const lsa = await loadLsa(join(opened.folder, 'text/title'));
    const { vectors } = await encoder.encode({
      count: 1,
      categories: { category: Int32Array.of(0) },
      features: {
        title: await lsa.encode([title]),
        price: new Matrix(1, 2, Float32Array.of(0, 1)), // the mean, and the flag of a missing price
      },
    });
    return vectors;
  }

  const named = (items: readonly number[]) => items.map((item) => `P${String(item + 1).padStart(4, '0')}`);
  const expectAlike = (answer: Answer, wanted: Pick<Found, 'items' | 'scores'>) => {
    expect(answer.items.map(({ id }) => id)).toEqual(named(wanted.items));
    answer.items.forEach(({ score }, place) => expect(score).toBeCloseTo(wanted.scores[place], 4));
  };
  const recommend = async (content: Content) => {
    const { status, body } = await server.post<Answer>('/v1/recommendations', { ...content, k: K });
    expect(status).toBe(200);
    return body;
  };

  test('prices are missing of some items, which the tower is told', () => {
    expect(encoder.features).toContainEqual({ of: 'price', dimensions: 2 });
    expect(encoder.features).toContainEqual({ of: 'category', dimensions: 4 });
  });

  test.each(TEXTS)('recommends to "%s" as to somebody who had an item with that text alone', async (text) => {
    const user = (await model.userVectors([[model.items]], [-1], await vectorOf(text))).row(0);
    const scores = Array.from({ length: model.items }, (_, item) => dot(user, model.itemVectors.row(item)));
    const answer = await recommend({ text });
    expectAlike(answer, best(scores, K));
    const question = { history: [], user: -1, k: K };
    for (const content of [{ text }, { features: { title: text } }]) {
      const [outcome] = await engine.recommend([{ ...question, content }]);
      expectAlike(answer, valueOf(outcome));
      expect((await recommend(content)).items).toEqual(answer.items);
    }
  });

  test.each(TEXTS)('finds for "%s" the items of the highest cosine with such an item', async (text) => {
    const width = 'bias' in model.facts.itemInputs ? model.itemVectors.cols - 1 : model.itemVectors.cols;
    const unit = (vector: Float32Array) => {
      const own = vector.subarray(0, width);
      const norm = Math.sqrt(dot(own, own));
      return own.map((value) => value / norm);
    };
    const wanted = unit((await vectorOf(text)).row(0));
    const scores = Array.from({ length: model.items }, (_, item) =>
      dot(wanted, unit(model.itemVectors.row(item))),
    );
    const { body } = await server.get<Answer>(`/v1/search?q=${encodeURIComponent(text)}&k=${K}`);
    expectAlike(body, best(scores, K));
    expect(body.source).toBe('text');
    expectAlike(body, await engine.search({ content: { text }, k: K }));
  });

  test('another text, or a price that is known, is another question', async () => {
    const ids = async (content: Content) => (await recommend(content)).items.map(({ score }) => score);
    const text = await ids({ text: TEXTS[0] });
    expect(await ids({ text: TEXTS[1] })).not.toEqual(text);
    expect(await ids({ features: { title: TEXTS[0], price: 400 } })).not.toEqual(text);
    expect(await ids({ features: { title: TEXTS[0], category: 'Music' } })).not.toEqual(text);
  });
});
