import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './command.js';
import { installed } from './project.js';
import { names } from './tarballs.js';

/** Packages of the registry that a package works with where they are installed, and that its use here needs. */
const OPTIONAL_PEERS: Record<string, Record<string, string>> = {
  '@towerkit/engine': { '@tensorflow/tfjs': '^4.22.0' },
};

test.each(names)('%s is enough by itself', async (name) => {
  const project = await installed([name], { registry: OPTIONAL_PEERS[name] });
  try {
    expect(await run('node', ['use.mjs', name], project)).toBe(`${name} works\n`);
    expect(await run('node', ['use.cjs', name], project)).toBe(`${name} works\n`);
    if (name === '@towerkit/metrics')
      expect(await readdir(join(project, 'node_modules/@towerkit'))).toEqual(['metrics']);
  } finally {
    await rm(project, { recursive: true });
  }
});

test('@towerkit/engine says what to do where ONNX Runtime was left out, as npm does where NuGet is out of reach', async () => {
  const project = await installed(['@towerkit/engine'], { flags: ['--omit=optional'] });
  try {
    expect(existsSync(join(project, 'node_modules/onnxruntime-node'))).toBe(false);
    const program = `import('@towerkit/engine/onnx').then(({ loadOnnx }) =>
      loadOnnx(Uint8Array.of(1)).catch(({ code, hint }) => console.log(code, hint)))`;
    expect(await run('node', ['-e', program], project)).toMatch(
      /^MISSING_PACKAGE .* ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1\.30\.0\n$/,
    );
  } finally {
    await rm(project, { recursive: true });
  }
});

test('@towerkit/engine/onnx works where tfjs is not installed', async () => {
  const project = await installed(['@towerkit/engine']);
  try {
    expect(existsSync(join(project, 'node_modules/@tensorflow'))).toBe(false);
    const program = `import('@towerkit/engine/onnx').then(({ loadOnnx }) =>
      loadOnnx(Uint8Array.of(1)).catch((error) => console.log(error.code)))`;
    expect(await run('node', ['-e', program], project)).toBe('BAD_MODEL\n');
  } finally {
    await rm(project, { recursive: true });
  }
});
