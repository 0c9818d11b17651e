import { describe, expect, test } from '@jest/globals';
import { TowerkitError } from '@towerkit/core';

import { problemOf } from '../src/http/problems.js';
import { startApp } from './setup/app.js';

const SECRET = 'connect ECONNREFUSED db.internal:5432 in /srv/shop at Object.<anonymous>';

describe('errors of packages', () => {
  test.each([
    ['BAD_VALUE', 400],
    ['TOO_LARGE', 422],
    ['EMPTY_TEXT', 422],
    ['UNKNOWN_USER', 404],
    ['STORE_FULL', 503],
    ['CLOSED', 503],
    ['BAD_ARTIFACT', 500],
    ['OUT_OF_RANGE', 500],
    ['SOMETHING_NEW', 500],
    ['constructor', 500],
    ['__proto__', 500],
  ])('%s is %d', (code, status) => {
    const problem = problemOf(new TowerkitError(code, 'a line', { hint: 'do this' }));
    expect(problem.status).toBe(status);
    expect(problem.code).toBe(status === 500 ? 'INTERNAL' : code);
  });

  test.each([
    'STORE_UNAVAILABLE',
    'UNAVAILABLE',
    'TIMEOUT',
    'DATABASE_ERROR',
    'INDEX_NOT_FOUND',
    'MODEL_UNAVAILABLE',
  ])('%s names no host and no path', (code) => {
    const problem = problemOf(new TowerkitError(code, SECRET, { hint: SECRET, details: { place: SECRET } }));
    expect(problem).toMatchObject({ status: 503, code });
    expect(JSON.stringify(problem)).not.toMatch(/internal|srv|Object/);
  });

  test('one that nobody expected is not described', () => {
    for (const error of [new Error(SECRET), SECRET, undefined, null])
      expect(JSON.stringify(problemOf(error))).not.toMatch(/internal:|srv|Object/);
  });
});

test('events of an odd time or id are refused by field, before any store is asked', async () => {
  const app = await startApp();
  const good = { user: 'u', item: 'i' };
  for (const [given, field] of [
    [{ ...good, at: new Date(Date.now() + 11 * 60_000).toISOString() }, 'at'],
    [{ ...good, at: '2999-01-01T00:00:00Z' }, 'at'],
    [{ ...good, at: '1969-12-31T23:59:59Z' }, 'at'],
    [{ ...good, at: 'yesterday' }, 'at'],
    [{ ...good, user: 'a\0' }, 'user'],
    [{ ...good, item: '\ud800' }, 'item'],
    [{ ...good, id: ' ' }, 'id'],
    [{ ...good, answer: 'x'.repeat(513) }, 'answer'],
    [{ ...good, type: '\udc00' }, 'type'],
  ] as const) {
    const response = await fetch(`${app.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(given),
    });
    const problem = (await response.json()) as { code: string; detail: string };
    expect([response.status, problem.code]).toEqual([400, 'BAD_REQUEST']);
    expect(problem.detail).toMatch(new RegExp(`^body/${field}: `));
  }
  await app.close();
});
