import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fullHistories } from '@towerkit/artifact';
import { Hybrid } from '@towerkit/hybrid';

import type { Answer } from '../src/schemas/recommendations.js';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

describe('a server of a hybrid, which ranks the candidates of a tower again, too', () => {
  let server: TestServer;
  let hybrid: Hybrid;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const own = await scratch();
    remove = own.remove;
    hybrid = await Hybrid.open(artifact('hybrid'));
    server = await startServer(own.folder, {
      artifacts: ['hybrid', 'tower'].map(artifact),
      rerank: artifact('hybrid'),
    });
  });
  afterAll(async () => {
    await server?.stop();
    await hybrid?.dispose();
    await remove();
  });
  const recommend = async (body: object) =>
    (await server.post<Answer>('/v1/recommendations', { model: 'hybrid', rerank: false, ...body })).body;
  const ids = (answer: Answer) => answer.items.map(({ id }) => id);

  test('somebody without an account is known by what they write, as in the library', async () => {
    const text = 'love this vintage album';
    const wanted = await hybrid.predictForTexts({ texts: [text], topK: 10 });
    const answer = await recommend({ text, k: 10 });
    expect(ids(answer)).toEqual(wanted.map(({ productId }) => productId));
    expect(answer).toMatchObject({ source: 'hybrid', history: 0 });
    const other = await recommend({ text: 'sturdy tent for the garden', k: 10 });
    expect(ids(other)).not.toEqual(ids(answer));
  });

  test('a user gets what the model makes of all they had and wrote, with reasons', async () => {
    const { users, items } = hybrid.artifact;
    const history = fullHistories(hybrid.artifact).row(5);
    const [wanted] = await hybrid.model.recommend([history], 5, [5]);
    const answer = await recommend({ user: users.nameOf(5), k: 5, explain: true });
    expect(ids(answer)).toEqual(Array.from(wanted.items, (item) => items.nameOf(item)));
    expect(answer.items[0].reason!.history.length).toBeGreaterThan(0);
  });

  test('search and likeness go by the texts of products', async () => {
    const { body: models } = await server.get<{ models: { reads: string[] }[] }>('/v1/models');
    expect(models.models[0].reads).toEqual(['history', 'text']);
    const search = await server.get<Answer>('/v1/search?q=vintage%20album&model=hybrid&k=5');
    expect(search.body.items.length).toBe(5);
    expect(search.body.items[0].title).toMatch(/album/i);
    const [{ id }] = search.body.items;
    const similar = await server.get<Answer>(`/v1/items/${id}/similar?model=hybrid&k=3`);
    expect(similar.body.items.map((item) => item.id)).not.toContain(id);
  });

  test('features it does not read', async () => {
    const { status, body } = await server.post<{ code: string }>('/v1/recommendations', {
      model: 'hybrid',
      features: { category: 'Music' },
    });
    expect([status, body.code]).toEqual([422, 'NO_CONTENT']);
  });

  test('as the model that ranks again, it orders what a tower found', async () => {
    const history = ['P0001', 'P0002', 'P0003'];
    const answer = await recommend({ model: 'tower', rerank: true, history, k: 100 });
    expect(answer.source).toBe('two-tower+hybrid');
    const own = await recommend({ history, k: 100 });
    expect(ids(answer)).toEqual(ids(own));
  });
});
