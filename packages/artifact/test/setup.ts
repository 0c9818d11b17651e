import { afterEach, beforeEach, expect } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeArtifact } from '../src/index.js';
import { facts } from './toy.js';

/** Folders of a test. */
export interface Folders {
  /** A temporary folder. */
  readonly parent: string;
  /** `toy` in it, where an artifact is or will be. */
  readonly folder: string;
}

/**
 * Makes folders before each test of the file, and removes them after it.
 *
 * @param made is told them
 * @param fill writes the files of an artifact of the kind `toy`; without it there is none yet
 */
export function withFolders(
  made: (folders: Folders) => unknown,
  fill?: (fresh: string) => Promise<void>,
): void {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'towerkit-artifact-'));
    const folder = join(parent, 'toy');
    if (fill) await writeArtifact(folder, facts, fill);
    made({ parent, folder });
  });
  afterEach(() => rm(parent, { recursive: true }));
}

/** An error with a code, and a message of that form. */
export const code = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });
