import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { OpenArtifact } from '@towerkit/recommend';

import { ask, clientOf, open } from './client.js';

const HISTORY = ['p0', 'p13', 'p4'];
const opened: Record<string, { artifact: OpenArtifact; client: Client }> = {};

beforeAll(async () => {
  for (const name of ['tower', 'als', 'hybrid']) {
    const artifact = await open(name);
    opened[name] = { artifact, client: await clientOf(artifact) };
  }
});
afterAll(async () => {
  for (const { artifact, client } of Object.values(opened)) {
    await client.close();
    await artifact.dispose();
  }
});

describe.each(['tower', 'als', 'hybrid'])('%s', (name) => {
  test('recommend gives what the artifact itself answers', async () => {
    const { artifact, client } = opened[name];
    const expected = await artifact.recommend(HISTORY, 5);
    const { answer, text } = await ask(client, 'recommend', { history: HISTORY, k: 5 });
    expect(answer).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(JSON.parse(text)).toEqual(answer);
    const known = await ask(client, 'recommend', { user: 'u3', k: 5 });
    expect(known.answer).toEqual(JSON.parse(JSON.stringify(await artifact.recommend({ user: 'u3' }, 5))));
  });

  test('similar leaves the item out, and item tells its title', async () => {
    const { artifact, client } = opened[name];
    const { answer } = await ask(client, 'similar', { item: 'p4', k: 3 });
    expect(answer.items).toHaveLength(3);
    expect(answer.items.map(({ id }) => id)).not.toContain('p4');
    expect((await ask(client, 'item', { id: 'p4' })).raw).toMatchObject({
      id: 'p4',
      title: artifact.titles![artifact.items.indexOf('p4')!],
      training_count: artifact.counts[artifact.items.indexOf('p4')!],
    });
  });

  test('calls at the same time get the answers they would get alone', async () => {
    const { client } = opened[name];
    const asked = Array.from({ length: 12 }, (_, i) => ({ history: [`p${i}`, `p${i + 3}`], k: 4 }));
    const alone = [];
    for (const one of asked)
      alone.push((await ask(client, 'recommend', one)).answer.items.map(({ id }) => id));
    const together = await Promise.all(asked.map((one) => ask(client, 'recommend', one)));
    expect(together.map(({ answer }) => answer.items.map(({ id }) => id))).toEqual(alone);
  });
});

test('what is listed says what it takes, what it answers, and that it only reads', async () => {
  const { tools } = await opened.tower.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['recommend', 'similar', 'search', 'item', 'explain']);
  for (const { inputSchema, outputSchema, description, annotations } of tools) {
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(outputSchema).toMatchObject({ type: 'object' });
    expect(description!.length).toBeGreaterThan(20);
    expect(annotations).toMatchObject({ readOnlyHint: true });
  }
  const [recommend] = tools;
  expect(recommend.inputSchema.required).toBeUndefined();
  expect(Object.keys(recommend.inputSchema.properties!)).toEqual(
    expect.arrayContaining(['user', 'history', 'text', 'k', 'filter', 'context', 'user_features']),
  );
});

test('the instructions name what filters may name', () => {
  const told = opened.tower.client.getInstructions()!;
  expect(told).toContain('20 items');
  expect(told).toMatch(/category \("tea", "lamp", "novel", "ball", \.\.\)/);
  expect(told).toMatch(/price \(numbers such as [\d.]+ to [\d.]+\)/);
});

test('a filter holds in recommend, similar and search', async () => {
  const { client } = opened.tower;
  const filter = { category: 'lamp' };
  for (const [name, given] of [
    ['recommend', { history: HISTORY }],
    ['similar', { item: 'p4' }],
    ['search', { query: 'green tea' }],
  ] as const) {
    const { answer } = await ask(client, name, { ...given, filter, k: 4 });
    expect(answer.items.length).toBeGreaterThan(0);
    for (const { title } of answer.items) expect(title).toContain('lamp');
  }
});

test('search goes by meaning where texts are read, else by words', async () => {
  expect((await ask(opened.tower.client, 'search', { query: 'green tea leaf' })).answer).toMatchObject({
    source: 'text',
    items: expect.arrayContaining([expect.objectContaining({ title: 'green tea leaf' })]),
  });
  const words = (await ask(opened.als.client, 'search', { query: 'tea gre' })).answer;
  expect(words.source).toBe('titles');
  expect(words.items.map(({ title }) => title).sort()).toEqual(['cup tea green', 'green tea leaf']);
});

test('explain gives the reasons of the recommendation', async () => {
  const { artifact, client } = opened.tower;
  const { items } = await artifact.recommend(HISTORY, 3, { explain: true });
  const { raw } = await ask(client, 'explain', { item: items[1].id, history: HISTORY });
  expect(raw).toEqual({ item: JSON.parse(JSON.stringify(items[1])), source: 'two-tower' });
  expect(items[1].reasons!.map(({ id }) => id).sort()).toEqual([...HISTORY].sort());
});
