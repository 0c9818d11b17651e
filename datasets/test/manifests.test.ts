import { describe, expect, test } from '@jest/globals';

import { manifests, shopManifest } from '../src/index.js';

/** Generated, or read by the published description alone. */
const UNHASHED = ['shop', 'esci', 'wands', 'home-depot', 'yelp'];

describe('manifests', () => {
  test('one for each public set, in order', () => {
    expect(manifests.map(({ name }) => name)).toEqual([
      'amazon-video-games-2023',
      'complete-journey',
      'datafiniti-reviews',
      'esci',
      'esci-judgments',
      'gowalla',
      'home-depot',
      'home-depot-search',
      'ml-100k',
      'movielens-1m',
      'nyc-checkins-osm',
      'petaling-jaya-checkins',
      's3rec-beauty',
      'wands',
      'yelp',
      'yelp-core40',
      'yelp-philadelphia',
    ]);
  });

  test.each([...manifests, shopManifest].map((manifest) => [manifest.name, manifest] as const))(
    '%s is whole',
    (name, { files, interactions, judgments, catalog, homepage, license, packaging, protocol, title }) => {
      for (const text of [title, license, packaging, protocol]) expect(text.length).toBeGreaterThan(3);
      expect(new URL(homepage).protocol).toBe('https:');
      const names = files.map((file) => file.name);
      expect(new Set(names).size).toBe(names.length);
      if (judgments) expect(names).toContain(judgments.file);
      for (const schema of [interactions, catalog]) {
        if (schema === undefined) continue;
        expect(names).toContain(schema.file);
        if (schema.header === false || schema.columnNames !== undefined) {
          expect(schema.header).toBe(false);
          for (const column of Object.values(schema.columns)) expect(schema.columnNames).toContain(column);
        }
      }
      if (!UNHASHED.includes(name)) for (const { sha256 } of files) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  test('no set can be taken for another: no list of files contains another', () => {
    const all = [...manifests, shopManifest].map(({ files }) => new Set(files.map(({ name }) => name)));
    for (const a of all)
      for (const b of all) if (a !== b) expect([...a].every((file) => b.has(file))).toBe(false);
  });
});
