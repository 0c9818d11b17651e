import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

interface Document {
  readonly paths: Record<string, Record<string, { operationId?: string }>>;
  readonly components: { readonly schemas: Record<string, { properties?: Record<string, unknown> }> };
}

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const cli = join(dirname(require.resolve('openapi-typescript/package.json')), 'bin/cli.js');
const tsc = require.resolve('typescript/bin/tsc');

let server: TestServer;
let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await scratch());
  server = await startServer(folder, { artifacts: [artifact('text'), artifact('als')] });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

const document = async () => (await server.get<Document>('/openapi.json')).body;

/** Compiles a client's program against what the generator makes of the document; resolves to what tsc says. */
async function compiled(program: string): Promise<string> {
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(await document()));
  await run(process.execPath, [cli, 'openapi.json', '-o', 'api.d.ts'], { cwd: folder });
  await writeFile(join(folder, 'client.ts'), program);
  const strict = ['--strict', '--noEmit', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  const target = ['--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom'];
  return run(process.execPath, [tsc, ...strict, ...target, 'client.ts'], { cwd: folder }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

test('every operation has a name of its own', async () => {
  const { paths } = await document();
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(ids).toContain('recommend');
  expect(ids).toContain('getSimilarItems');
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  expect(new Set(ids).size).toBe(ids.length);
});

const HEAD = `
import type { components, operations, paths } from './api.js';
type Body = operations['recommend']['requestBody']['content']['application/json'];
type Answer = operations['recommend']['responses'][200]['content']['application/json'];
type Item = components['schemas']['CatalogItem'];
`;

test('a client that openapi-typescript makes by its defaults compiles under strict', async () => {
  const program = `${HEAD}
export async function ask(url: string, question: Body): Promise<Answer> {
  const response = await fetch(url + ('/v1/recommendations' satisfies keyof paths), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  return (await response.json()) as Answer;
}
export const first = async (url: string): Promise<string | undefined> =>
  (await ask(url, { history: ['P0001'] })).items[0]?.title;
export const all: Body = { user: 'a', k: 3, filter: { category: 'x', price: { lt: 3 } }, explain: true, repeats: 'allow' };
export const category = ({ attributes }: Item): string => attributes.category;
export const price = ({ attributes }: Item): number | null => attributes.price;
`;
  expect(await compiled(program)).toBe('');
});

test('and does not where the client is wrong', async () => {
  const said = await compiled(`${HEAD}
export const k: Body = { k: 'three' };
export const misspelt: Body = { histroy: [] };
export const price = ({ attributes }: Item): string => attributes.price;
export const unknown = ({ attributes }: Item): unknown => attributes.weight;
`);
  const lines = [...said.matchAll(/^client\.ts\((\d+)/gm)].map(([, line]) => Number(line));
  expect(lines).toEqual([7, 8, 9, 10]);
});

test('what the document says of attributes is what comes', async () => {
  const { components } = await document();
  const { properties, required } = components.schemas.CatalogItem.properties!.attributes as {
    properties: Record<string, { type?: string | string[] }>;
    required: string[];
  };
  const { items } = (
    await server.get<{ items: { attributes: Record<string, unknown> }[] }>('/v1/items?k=100')
  ).body;
  expect(items.length).toBeGreaterThan(50);
  for (const { attributes } of items) {
    expect(Object.keys(attributes).sort()).toEqual([...required].sort());
    for (const [name, value] of Object.entries(attributes)) {
      const types = [properties[name].type ?? []].flat();
      expect(types).toContain(value === null ? 'null' : typeof value);
    }
  }
});
