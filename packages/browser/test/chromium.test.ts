import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import type { BrowserAnswer, BrowserArtifact, OpenOptions } from '../src/index.js';
import { packForBrowser, type VectorType } from '../src/pack.js';
import { answersOf, artifactOf, serveFolders } from './folders.js';

const CHROMIUM = process.env.TOWERKIT_CHROMIUM;
const ROOT = join(import.meta.dirname, '..');
const ORT = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
type Library = { openArtifact(url: string, options: OpenOptions): Promise<BrowserArtifact> };

/** Lists of up to seven items, one of none. */
function drawn(count: number): string[][] {
  const rng = new Rng(7);
  return Array.from({ length: count }, (_, i) => {
    const order = Array.from({ length: 20 }, (_, item) => `p${item}`);
    for (let at = order.length - 1; at > 0; at--) {
      const other = rng.integer(at + 1);
      [order[at], order[other]] = [order[other], order[at]];
    }
    return order.slice(0, i % 8);
  });
}

// Skipped, and listed as such, where no browser is named.
(CHROMIUM ? describe : describe.skip)('in Chromium', () => {
  let folder: string;
  let site: Awaited<ReturnType<typeof serveFolders>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-browser-'));
    for (const vectors of ['float32', 'float16', 'int8'] as VectorType[])
      await packForBrowser(artifactOf('tower'), join(folder, vectors), { vectors });
    site = await serveFolders({
      '': join(ROOT, 'example'),
      towerkit: join(ROOT, 'dist'),
      ort: ORT,
      model: join(folder, 'float16'),
      ...Object.fromEntries(['float32', 'float16', 'int8'].map((name) => [name, join(folder, name)])),
    });
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      headless: true,
      args: ['--no-sandbox', '--disable-gpu'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext();
    page = await context.newPage();
    site.asked.length = 0;
  });

  /** Opens an artifact in the page and asks it; resolves to the answers, or the error's code and message. */
  const ask = (url: string, histories: string[][], options: Partial<OpenOptions> = {}) =>
    page.evaluate(
      async ({ url, histories, options }) => {
        const { openArtifact } = (await import('/towerkit/index.js' as string)) as Library;
        try {
          const artifact = await openArtifact(url, { runtime: '/ort', ...options });
          const answers: BrowserAnswer[] = await Promise.all(
            histories.map((one) => artifact.recommend(one, 10)),
          );
          artifact.close();
          return { answers };
        } catch (error) {
          const { code, message } = error as { code: string; message: string };
          return { code, message, answers: [] };
        }
      },
      { url, histories, options },
    );

  test.each([
    ['float32', 1],
    ['float16', 1],
    ['int8', 0.97],
  ])('%s: the same top ten as a server for 100 histories', async (name, least) => {
    const histories = drawn(100);
    const expected = await answersOf(artifactOf('tower'), histories, 10);
    await page.goto(site.url);
    const { answers } = await ask(name, histories);
    expect(answers).toHaveLength(100);
    let same = 0;
    let total = 0;
    for (const [at, { ids, source, items }] of expected.entries()) {
      const answer = answers[at];
      expect(answer.source).toBe(source);
      const got = answer.items.map(({ id }) => id);
      if (least === 1) expect(got).toEqual(ids);
      same += got.filter((id) => ids.includes(id)).length;
      total += ids.length;
      if (name === 'float32')
        answer.items.forEach(({ score }, place) => expect(score).toBeCloseTo(items[place].score, 4));
    }
    expect(same / total).toBeGreaterThanOrEqual(least);
  });

  test('the example shows ten items, and others once one is liked', async () => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on(
      'console',
      (message) =>
        message.type() === 'error' && !message.text().includes('favicon') && errors.push(message.text()),
    );
    await page.goto(site.url);
    await page.waitForSelector('body[data-milliseconds]');
    expect(await page.locator('#items li').count()).toBe(10);
    expect(await page.textContent('#status')).toBe('20 items, 0 liked, by popularity');
    const [first] = await page.locator('#items li').allTextContents();
    await page.selectOption('#pick', { label: first });
    await page.waitForSelector('#status:has-text("1 liked, by two-tower")');
    expect(await page.locator('#items li').allTextContents()).not.toContain(first);
    expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
  });

  test('a second visit fetches the manifest alone; a new version is fetched, and the old one forgotten', async () => {
    await cp(join(folder, 'float16'), join(folder, 'live'), { recursive: true });
    site.folders.live = join(folder, 'live');
    await page.goto(site.url);
    const fetched = () => site.asked.filter((path) => path.startsWith('/live/')).sort();
    await ask('live', [['p0']]);
    expect(fetched()).toEqual(
      ['item_vectors.safetensors', 'items.json', 'manifest.json', 'user_tower.onnx'].map(
        (name) => `/live/${name}`,
      ),
    );
    const revisit = async () => {
      site.asked.length = 0;
      page = await context.newPage();
      await page.goto(site.url);
      return (await ask('live', [['p0']])).answers;
    };
    await revisit();
    expect(fetched()).toEqual(['/live/manifest.json']);
    await rm(join(folder, 'live'), { recursive: true });
    await packForBrowser(artifactOf('tower'), join(folder, 'live'), { vectors: 'int8' });
    expect(await revisit()).toHaveLength(1);
    expect(fetched()).toEqual(['/live/item_vectors.safetensors', '/live/manifest.json']);
    const kept = await page.evaluate(async () =>
      (await (await caches.open('towerkit')).keys()).map(({ url }) => url),
    );
    expect(kept.filter((url) => url.includes('/live/'))).toHaveLength(3);
  });

  test('what is kept is verified as well', async () => {
    await page.goto(site.url);
    const [before] = (await ask('float16', [['p0']])).answers;
    await page.evaluate(async () => {
      const cache = await caches.open('towerkit');
      for (const request of await cache.keys()) await cache.put(request, new Response('spoilt'));
    });
    expect((await ask('float16', [['p0']])).answers[0]).toEqual(before);
  });

  test('what is wrong has a code', async () => {
    await page.goto(site.url);
    const bare = await serveFolders({ model: join(folder, 'float16') });
    const open = await serveFolders(
      { model: join(folder, 'float16') },
      { 'access-control-allow-origin': '*' },
    );
    await cp(join(folder, 'float16'), join(folder, 'newer'), { recursive: true });
    await writeFile(join(folder, 'newer/manifest.json'), '{"schemaVersion": 3}');
    site.folders.newer = join(folder, 'newer');
    site.folders.als = artifactOf('als');
    const codes = async (url: string, options: Partial<OpenOptions> = {}) =>
      (await ask(url, [['p0']], options)).code;
    expect(await codes(`${open.url}/model`)).toBeUndefined();
    expect(await codes(`${bare.url}/model`)).toBe('NO_CORS');
    expect(await codes('http://127.0.0.1:1/model')).toBe('UNAVAILABLE');
    expect(await codes('nothing')).toBe('ARTIFACT_NOT_FOUND');
    expect(await codes('newer')).toBe('NEWER_ARTIFACT');
    expect(await codes('als')).toBe('OTHER_MODEL');
    expect(await codes('float16', { runtime: '/nothing' })).toBe('NO_RUNTIME');
    expect((await ask('float16', [['nothing']])).code).toBe('UNKNOWN_ITEM');
    bare.close();
    open.close();
  });
});
