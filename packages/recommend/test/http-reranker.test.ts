import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Vocabulary } from '@towerkit/core';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { HttpReranker, rerankFound, type Found } from '../src/index.js';

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rerank`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const DOCUMENTS = ['a', 'b', 'c'];
const rank = (options: object = {}) =>
  new HttpReranker({ url, timeout: 20_000, ...options }).rank('tea', DOCUMENTS, 2);
const says = (body: unknown, status = 200) => {
  answer = (_, response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
};

test('what is sent, and what comes back, have the shape of Cohere and Jina', async () => {
  let sent: unknown;
  let key: string | undefined;
  answer = async (request, response) => {
    sent = await json(request);
    key = request.headers.authorization;
    const results = [
      { index: 0, relevance_score: 0.25 },
      { index: 2, relevance_score: 0.75, document: 'c' },
    ];
    response.end(JSON.stringify({ id: 'x', results }));
  };
  expect(await rank({ model: 'rerank-v3.5', key: 'secret' })).toEqual([
    { index: 2, score: 0.75 },
    { index: 0, score: 0.25 },
  ]);
  expect(sent).toEqual({ model: 'rerank-v3.5', query: 'tea', documents: DOCUMENTS, top_n: 2 });
  expect(key).toBe('Bearer secret');
});

describe('an endpoint that is', () => {
  test.each([
    ['no JSON', 'x'],
    ['without results', { data: [] }],
    ['naming what was not sent', { results: [{ index: 3, relevance_score: 1 }] }],
    ['naming no place', { results: [{ index: '1', relevance_score: 1 }] }],
    ['naming one twice', { results: [0, 0].map((index) => ({ index, relevance_score: 1 })) }],
    ['without a score', { results: [{ index: 0, relevance_score: null }] }],
    ['endless', `[${'1,'.repeat(600_000)}1]`],
  ])('wrong: %s', async (_, body) => {
    says(body);
    await expect(rank({ timeout: 5000 })).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });

  test.each([500, 401, 429, 302])('refusing with %d', async (status) => {
    says({ results: [] }, status);
    await expect(rank()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('slow, in head or body', async () => {
    answer = () => undefined;
    await expect(rank({ timeout: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    answer = (_, response) => void response.write('{');
    await expect(rank({ timeout: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('down, or hanging up', async () => {
    await expect(rank({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    answer = (request) => request.socket.destroy();
    await expect(rank()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test.each([
    ['url', { url: 'ftp://x' }],
    ['url', { url: 'nowhere' }],
    ['timeout', { timeout: 0 }],
  ])('impossible: %s', (option, options) => {
    expect(() => new HttpReranker({ url, ...options })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', details: expect.objectContaining({ option }) }),
    );
  });
});

describe('a list', () => {
  const found: Found = {
    items: [4, 2, 0],
    scores: [3, 2, 1],
    source: 'als',
    reasons: [4, 2, 0].map((item) => [{ item, weight: item }]),
    ratings: [4.5, 2.5, 0.5],
  };
  const names = new Vocabulary(['i0', 'i1', 'i2', 'i3', 'i4']);
  const catalog = { title: ['mug', 'pot', 'cup', 'jar', null], color: ['red', 'blue', 'red', null, 'green'] };
  const asked: { query: string; documents: readonly string[] }[] = [];
  const reranker = (results: { index: number; score: number }[]) => ({
    rank: async (query: string, documents: readonly string[]) => {
      asked.push({ query, documents });
      return results;
    },
  });
  const question = { found, history: [1, 3], columns: ['title', 'color'], k: 2 };

  test('is ranked with all that belongs to its items, what is left out following', async () => {
    const artifact = { items: names, catalog };
    const ranked = await rerankFound(reranker([{ index: 2, score: 9 }]), artifact, question);
    expect(ranked).toEqual({
      result: 'ranked',
      found: {
        items: [0, 4],
        scores: [9, 9],
        source: 'als+endpoint',
        reasons: [[{ item: 0, weight: 0 }], [{ item: 4, weight: 4 }]],
        ratings: [0.5, 4.5],
      },
    });
    expect(asked.pop()).toEqual({ query: 'jar; pot', documents: ['green', 'cup\nred', 'mug\nred'] });
    await rerankFound(reranker([]), artifact, { ...question, text: 'tea', columns: ['title'] });
    expect(asked.pop()).toEqual({ query: 'tea', documents: ['i4', 'cup', 'mug'] });
  });

  test('stays as it was, but for its length, where the endpoint fails or there is nothing to ask', async () => {
    const artifact = { items: names, catalog };
    const first = { items: [4, 2], scores: [3, 2], source: 'als' };
    const down = new HttpReranker({ url: 'http://127.0.0.1:1/' });
    const unranked = await rerankFound(down, artifact, question);
    expect(unranked).toMatchObject({ result: 'UNAVAILABLE', found: first });
    const silent = await rerankFound(reranker([]), artifact, { ...question, history: [4] });
    expect(silent).toMatchObject({ result: 'not asked', found: first });
    expect(asked).toEqual([]);
  });
});
