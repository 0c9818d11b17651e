import { expect } from '@jest/globals';

/** Expects `act` to fail with an error of the given code, thrown or rejected. */
export async function throwsCode(act: () => unknown, code: string): Promise<void> {
  await expect((async () => act())()).rejects.toMatchObject({ name: 'TowerkitError', code });
}
