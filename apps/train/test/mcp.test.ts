import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { once } from 'node:events';

import { BIN, lastLine, removeFolder, start, towerkit, workFolder, writeRing } from './command.js';

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  const trained = await towerkit(['train', '--config', 'ring.mjs', '--epochs', '1', '--json'], folder);
  expect(trained.status).toBe(0);
});
afterAll(() => removeFolder(folder));

const ARGS = ['mcp', '--artifact', 'artifacts/ring'];
const HISTORY = ['i3', 'i4', 'i6'];
const newClient = () => new Client({ name: 'test', version: '1' });
const recommend = async (client: Client) =>
  (await client.callTool({ name: 'recommend', arguments: { history: HISTORY, k: 5 } })).structuredContent;

/** What `towerkit recommend` prints for the same history. */
async function printed() {
  const history = ['--history', HISTORY.join(','), '-k', '5', '--json'];
  const { items, source } = lastLine(
    await towerkit(['recommend', '--artifact', 'artifacts/ring', ...history], folder),
  );
  return { items, source };
}

test('over stdio an assistant gets what the command prints', async () => {
  const client = newClient();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, ...ARGS],
    cwd: folder,
    stderr: 'ignore',
  });
  await client.connect(transport);
  try {
    expect(await recommend(client)).toEqual(await printed());
    const { structuredContent } = await client.callTool({ name: 'item', arguments: { id: 'i3' } });
    expect(structuredContent).toMatchObject({
      id: 'i3',
      title: 'Item 3',
      attributes: { kind: 'kind3', price: 3 },
    });
  } finally {
    await client.close();
  }
});

test('over HTTP too, until SIGTERM', async () => {
  const { child, ended } = start([...ARGS, '--http', '0'], folder);
  const [said] = (await once(child.stderr!, 'data')) as [string];
  const url = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(said)![0];
  const client = newClient();
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  expect(await recommend(client)).toEqual(await printed());
  await client.close();
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ status: 0, stdout: '' });
});

test('with nothing on stdin it ends at once, with a status of 0', async () => {
  expect(await towerkit(ARGS, folder)).toMatchObject({ status: 0, stdout: '' });
});

test.each([
  [['mcp', '--artifact', 'missing'], /^error ARTIFACT_NOT_FOUND: /m],
  [['mcp'], /^error BAD_USAGE: /m],
  [[...ARGS, '--http', '99999'], /^error BAD_OPTION: 99999 is no port/m],
])('%j is one line with a code', async (args, told) => {
  const { status, stdout, stderr } = await towerkit(args, folder);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(told);
});
