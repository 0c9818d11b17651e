import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startApp, type TestApp } from './setup/app.js';

let app: TestApp;
beforeAll(async () => void (app = await startApp()));
afterAll(() => app.close());

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

const post = async (path: string, body: string): Promise<Problem> =>
  (await (
    await fetch(app.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  ).json()) as Problem;
const get = async (path: string): Promise<Problem> => (await (await fetch(app.url + path)).json()) as Problem;

const EVENTS = '/v1/events';
const ASK = '/v1/recommendations';

test.each<[string, string, RegExp]>([
  [EVENTS, '{"user":123,"item":"i"}', /^body\/user: .*expected string, received number/],
  [EVENTS, '{"user":"u"}', /^body\/item: .*expected string/],
  [EVENTS, '{"usr":"u","item":"i"}', /"usr": expected only user, item, type/],
  [EVENTS, '{"user":"u","item":"i","at":"yesterday"}', /^body\/at: expected a time with its offset, such as/],
  [EVENTS, '{"user":"u","item":"i","at":1700000000}', /^body\/at: expected a time with its offset/],
  [EVENTS, '{"item":"i"}', /^body\/user: expected an id, as there is no `answer` either/],
  [EVENTS, '{"events":[{"user":"u","item":"i"},{"user":"u","item":5}]}', /^body\/events\/1\/item: .*string/],
  [EVENTS, '{"events":[{"user":"u","item":"i","when":1}]}', /^body\/events\/0: "when": expected only user/],
  [EVENTS, '{"events":[]}', /^body\/events: .*>=1/],
  [EVENTS, '{"events":{}}', /^body\/events: .*expected array/],
  [EVENTS, '{"event":[]}', /^body\/: "event": expected only/],
  [EVENTS, '{"user":"u","itm":"i"}', /^body\/: "itm": expected only user, item/],
  [EVENTS, '[]', /^body\/: .*expected object, received array/],
  [EVENTS, 'null', /^body\/: .*expected object, received null/],
  [ASK, '[]', /^body\/: .*expected object/],
  [ASK, '{"users":"u"}', /^body\/: "users": expected only user, session, history/],
  [ASK, '{"history":["a",{}]}', /^body\/history\/1: .*expected string/],
  [ASK, '{"features":{"price":1e400}}', /^body\/features\/price: expected text.*, a finite number, true/],
  [ASK, '{"features":{"price":["1"]}}', /^body\/features\/price: expected text.*, a finite number, true/],
  [ASK, '{"k":1e400}', /^body\/k: .*expected/],
  [ASK, '{"diversity":"much"}', /^body\/diversity: .*expected number/],
])('POST %s of %s names the field', async (path, body, expected) => {
  const problem = await post(path, body);
  expect(problem).toMatchObject({
    status: 400,
    code: 'BAD_REQUEST',
    detail: expect.stringMatching(expected),
  });
  expect(problem.detail).toBe(`${problem.errors![0].path}: ${problem.errors![0].message}`);
});

test.each<[string, RegExp]>([
  [`${ASK}?usr=u`, /^querystring\/: "usr": expected only user, session/],
  [`${ASK}?k=many`, /^querystring\/k: .*expected number/],
  [`${ASK}?explain=perhaps`, /^querystring\/explain: .*expected boolean/],
  [`${ASK}?features={"price":["1"]}`, /^querystring\/features\/price: expected text.*, a finite number/],
  [`${ASK}?k=1&k=2`, /^querystring\/k: /],
  ['/v1/items?query=x', /^querystring\/: "query": expected only q, k, model/],
  ['/v1/items/i/similar?k=0', /^querystring\/k: .*>=1/],
  ['/v1/search?k=3', /^querystring\/q: .*expected string/],
  [`/v1/items/${'x'.repeat(513)}`, /^params\/id: .*<=512/],
])('GET %s names the field', async (path, expected) => {
  expect(await get(path)).toMatchObject({
    status: 400,
    code: 'BAD_REQUEST',
    detail: expect.stringMatching(expected),
  });
});

test('what is said does not grow with what was sent', async () => {
  const wrong = JSON.stringify({ events: Array.from({ length: 900 }, () => ({ user: 1 })) });
  expect((await post(EVENTS, wrong)).errors).toHaveLength(20);
  const strange = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`key ${n}`, 1]));
  expect(JSON.stringify(await post(ASK, JSON.stringify(strange))).length).toBeLessThan(2000);
});
