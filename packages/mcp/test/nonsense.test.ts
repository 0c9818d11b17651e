import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { OpenArtifact } from '@towerkit/recommend';
import fc from 'fast-check';

import { ask, clientOf, open } from './client.js';

let artifact: OpenArtifact;
let client: Client;
beforeAll(async () => {
  artifact = await open('tower');
  client = await clientOf(artifact);
});
afterAll(async () => {
  await client.close();
  await artifact.dispose();
});

test.each([
  ['recommend', { history: 'p0' }, 'BAD_REQUEST', /^BAD_REQUEST: recommend: history: /],
  ['recommend', { histroy: ['p0'] }, 'BAD_REQUEST', /"histroy"/],
  ['recommend', { history: ['p0', 'nothing'] }, 'UNKNOWN_ITEM', /nothing/],
  ['recommend', { user: 'nobody' }, 'UNKNOWN_USER', /nobody/],
  ['recommend', { user: 'u3', text: 'tea' }, 'BAD_REQUEST', /one of user, history and text/],
  ['recommend', { text: '   ' }, 'EMPTY_TEXT', /blank/],
  ['recommend', { k: 0 }, 'BAD_REQUEST', /k: /],
  ['recommend', { k: 1e9 }, 'BAD_REQUEST', /k: /],
  ['recommend', { filter: { categry: 'tea' } }, 'BAD_FILTER', /categry/],
  ['recommend', { filter: { price: { like: 3 } } }, 'BAD_FILTER', /like/],
  ['recommend', { history: ['p0'], context: { hour: 3 } }, 'NO_CONTEXT', /moment/],
  ['recommend', { user_features: { age: 3 } }, 'NO_CONTENT', /features/],
  ['recommend', { at: 'yesterday' }, 'BAD_REQUEST', /at: /],
  ['similar', {}, 'BAD_REQUEST', /item: /],
  ['similar', { item: 'nothing' }, 'UNKNOWN_ITEM', /search/],
  ['search', { query: '' }, 'BAD_REQUEST', /query: /],
  ['item', { id: '__proto__' }, 'UNKNOWN_ITEM', /__proto__/],
  ['explain', { item: 'p4' }, 'BAD_REQUEST', /nobody/],
  ['explain', { item: 'nothing', history: ['p0'] }, 'UNKNOWN_ITEM', /nothing/],
])('%s(%j) is %s', async (name, given, code, told) => {
  const result = await ask(client, name, given);
  expect(result).toMatchObject({ failed: true, code });
  expect(result.text).toMatch(told);
  expect(result.text).toMatch(/^[A-Z_]+: [^\n]+$/);
});

test('an unknown tool and an unknown method are errors of the protocol', async () => {
  await expect(ask(client, 'recomend')).rejects.toMatchObject({ code: -32602 });
  const missing = client.request({ method: 'resources/list' }, (await import('zod')).z.any());
  await expect(missing).rejects.toMatchObject({ code: -32601 });
});

test('whatever the arguments, the answer is a list or one line with a code', async () => {
  const ids = fc.constantFrom('p0', 'p1', 'u3', '', 'x'.repeat(600), '\u0000', '__proto__');
  const value = fc.oneof(ids, fc.array(ids, { maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }), fc.constant(2));
  const fields = ['user', 'history', 'text', 'k', 'filter', 'item', 'id', 'query', 'diversity', 'at', 'x'];
  const given = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 4 });
  const tools = fc.constantFrom('recommend', 'similar', 'search', 'explain', 'item');
  await fc.assert(
    fc.asyncProperty(tools, given, async (name, args) => {
      const { failed, text, code } = await ask(client, name, args);
      if (!failed) return;
      expect(code).toMatch(/^[A-Z_]+$/);
      expect(code).not.toBe('INTERNAL');
      expect(text).toMatch(/^[A-Z_]+: [^\n]+$/);
      expect(text.length).toBeLessThanOrEqual(500);
    }),
    { seed: 19, numRuns: 300 },
  );
});
