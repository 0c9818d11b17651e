import { join } from 'node:path';

import type { Fixtures } from '../fixtures/fixtures.js';
import { changedNames, filesBelow, UNTOUCHED, type Tampering } from '../generate/tampering.js';
import { Victim, type VictimOptions } from '../victim/victim.js';

/** An artifact, or a part of one, with files that are not what they were. */
export interface TamperedCase {
  readonly artifact: string;
  readonly tampering: Tampering;
}

/**
 * A process for changed artifacts, which has taken each of them unchanged.
 *
 * @param names of the artifacts
 * @param part the folder of an artifact whose files are changed; all of it by default
 */
export async function tamperedVictim(
  options: Omit<VictimOptions, 'about' | 'fixtures'> & { readonly fixtures: Fixtures },
  names: readonly string[],
  part = '',
): Promise<Victim> {
  const fixtures = options.fixtures.folder;
  const files = new Map<string, string[]>();
  for (const name of names) files.set(name, await filesBelow(join(fixtures, name, part)));
  const about = (tried: unknown) => {
    const { artifact, tampering } = tried as TamperedCase;
    return `${artifact}, ${changedNames(tampering, files.get(artifact)!)}`;
  };
  const whole = names.map((artifact) => ({ artifact, other: artifact, tampering: UNTOUCHED }));
  return Victim.open({ ...options, fixtures, about }, whole);
}
