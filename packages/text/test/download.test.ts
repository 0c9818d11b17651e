import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { env } from '@huggingface/transformers';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { ProgressEvent } from '@towerkit/core';

import { minilm } from '../src/index.js';
import { inFolder } from './in-folder.js';
import { writeTinyModel } from './tiny-model.js';

/** A hub on this machine: `/owner/name/resolve/main/FILE` is FILE of the served folder. */
let server: Server;
let served: string | undefined;
let broken = false;
let asked: string[];
const { remoteHost } = env;

beforeEach(async () => {
  asked = [];
  broken = false;
  served = undefined;
  server = createServer(async ({ url, method }, response) => {
    const file = decodeURIComponent(url!.split('/resolve/main/')[1] ?? '');
    asked.push(file);
    const content = served && (await readFile(join(served, file)).catch(() => undefined));
    if (!content) return response.writeHead(404).end();
    response.writeHead(200, { 'content-length': content.length });
    if (method === 'HEAD') return response.end();
    if (!broken || !file.endsWith('.onnx')) return response.end(content);
    response.write(content.subarray(0, 50));
    setTimeout(() => response.destroy(), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  env.remoteHost = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  env.remoteHost = remoteHost;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const options = (folder: string) => ({
  ...{ model: 'somebody/tiny', threads: 1, maxTokens: 32 },
  cacheFolder: join(folder, 'cache'),
});

test('the hub is asked once: a second run needs no network', () =>
  inFolder(async (folder) => {
    served = join(folder, 'hub');
    await writeTinyModel(served);
    const events: ProgressEvent[] = [];
    const first = await minilm({ ...options(folder), onDownload: (event) => events.push(event) });
    const size = (await readFile(join(served, 'onnx/model.onnx'))).length;
    expect(events.at(-1)).toEqual({ stage: 'download', done: size, total: size, unit: 'bytes' });
    expect(asked).toContain('onnx/model.onnx');

    asked = [];
    const second = await minilm(options(folder));
    expect(asked).toEqual([]);
    expect(second.fingerprint).toBe(first.fingerprint);
    const texts = ['red hat', 'scarf'];
    expect((await second.encode(texts)).data).toEqual((await first.encode(texts)).data);
  }));

test('nobody answers: a clear error with a way out', () =>
  inFolder(async (folder) => {
    await new Promise((resolve) => server.close(resolve));
    await expect(minilm(options(folder))).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      hint: expect.stringContaining('--models DIR'),
      message: expect.stringContaining('somebody/tiny'),
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }));

test('the hub has no such model', () =>
  inFolder(async (folder) => {
    await expect(minilm(options(folder))).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  }));

test('a download that breaks off leaves nothing that looks whole', () =>
  inFolder(async (folder) => {
    served = join(folder, 'hub');
    await writeTinyModel(served);
    broken = true;
    await expect(minilm(options(folder))).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    const left = await readdir(join(folder, 'cache'), { recursive: true });
    expect(left.filter((name) => name.endsWith('.onnx'))).toEqual([]);
    broken = false;
    expect((await (await minilm(options(folder))).encode(['red'])).rows).toBe(1);
  }));
