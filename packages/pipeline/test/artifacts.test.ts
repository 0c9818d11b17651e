import { describe, expect, test } from '@jest/globals';
import { requireUnchanged, verifyArtifact } from '@towerkit/artifact';
import { openArtifact, type OpenArtifact, type Who } from '@towerkit/recommend';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { evaluateArtifact, modelKinds, recipeOf } from '../src/index.js';

/** What an artifact's own version answered. */
interface Recorded {
  readonly user: RecordedList;
  readonly history: RecordedList;
  readonly text?: RecordedList;
  readonly validation: Readonly<Record<string, number>>;
}
interface RecordedList {
  readonly items: readonly string[];
  readonly scores: readonly number[];
}

const FOLDER = join(import.meta.dirname, 'artifacts');
const VERSIONS = readdirSync(FOLDER).filter((name) => /^v\d+$/.test(name));

const saved = VERSIONS.flatMap((version) => {
  const answers = JSON.parse(readFileSync(join(FOLDER, version, 'answers.json'), 'utf8'));
  return Object.entries(answers as Record<string, Recorded>).map(([name, recorded]) => ({
    ...{ version, name, recorded },
    folder: join(FOLDER, version, name),
  }));
});

const WHO: Record<string, Who> = {
  user: { user: 'u3' },
  history: { history: ['p0', 'p13', 'p4'] },
  text: { text: 'green tea leaf' },
};

test('each version has each kind of model', () => {
  expect(VERSIONS).toEqual(['v1', 'v2']);
  expect(saved.map(({ version, name }) => `${version}/${name}`).sort()).toEqual(
    VERSIONS.flatMap((version) => ['als', 'hybrid', 'tower'].map((name) => `${version}/${name}`)),
  );
});

describe.each(saved)('$name of $version', ({ version, folder, recorded }) => {
  const opened = async <T>(use: (artifact: OpenArtifact) => Promise<T>): Promise<T> => {
    const artifact = await openArtifact(folder, { kinds: modelKinds, threads: 1 });
    try {
      return await use(artifact);
    } finally {
      await artifact.dispose();
    }
  };

  test('is verified, and its manifest is one of today', async () => {
    const written = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    expect(written.schemaVersion).toBe(Number(version.slice(1)));
    const verified = await verifyArtifact(folder);
    expect(verified.manifest.schemaVersion).toBe(2);
    expect(verified.manifest.recipe).toEqual(version === 'v1' ? written.config : written.recipe);
    expect(verified.manifest).not.toHaveProperty('config');
    expect(recipeOf(verified)).toMatchObject({ seed: 1, metrics: ['hr@10', 'ndcg@10', 'hr@20'] });
    await requireUnchanged(verified);
  });

  test('answers as it did', async () => {
    await opened(async (artifact) => {
      for (const [what, who] of Object.entries(WHO)) {
        const expected = recorded[what as 'user' | 'history' | 'text'];
        if (!expected) {
          await expect(artifact.recommend(who, 5)).rejects.toThrow(
            expect.objectContaining({ code: 'NO_CONTENT' }),
          );
          continue;
        }
        const { items } = await artifact.recommend(who, expected.items.length);
        expect(items.map(({ id }) => id)).toEqual(expected.items);
        items.forEach(({ score }, place) =>
          expect(Math.abs(score - expected.scores[place])).toBeLessThan(1e-4),
        );
      }
    });
  });

  test('has the figures it had', async () => {
    const { users, metrics } = await opened((artifact) => evaluateArtifact(artifact, { on: 'validation' }));
    const { users: askedThen, ...then } = recorded.validation;
    expect(users).toBe(askedThen);
    expect(Object.keys(metrics)).toEqual(Object.keys(then));
    for (const [name, value] of Object.entries(then))
      expect(metrics[name as keyof typeof metrics].value).toBeCloseTo(value, 4);
  });
});
