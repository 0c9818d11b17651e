import { expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './command.js';
import { alone, installed } from './project.js';
import { names } from './tarballs.js';

/** Packages of the registry that a package works with where they are installed, and that its use here needs. */
const OPTIONAL_PEERS: Record<string, string[]> = {
  '@towerkit/engine': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
  '@towerkit/browser': ['@towerkit/artifact'],
  '@towerkit/towers': ['@tensorflow/tfjs-backend-cpu'],
};

/** Does something in a project that is removed afterwards. */
async function inside(project: string, use: (project: string) => Promise<void>): Promise<void> {
  try {
    await use(project);
  } finally {
    await rm(project, { recursive: true });
  }
}

test.each(names)('%s is enough by itself', async (name) => {
  await inside(await alone([name, ...(OPTIONAL_PEERS[name] ?? [])]), async (project) => {
    expect(await run('node', ['use.mjs', name], project)).toBe(`${name} works\n`);
    expect(await run('node', ['use.cjs', name], project)).toBe(`${name} works\n`);
  });
});

test('npm installs @towerkit/metrics alone', async () => {
  await inside(await installed(['@towerkit/metrics']), async (project) => {
    expect(await readdir(join(project, 'node_modules/@towerkit'))).toEqual(['metrics']);
    expect(await run('node', ['use.mjs', '@towerkit/metrics'], project)).toBe('@towerkit/metrics works\n');
  });
});

test('@towerkit/engine says what to do where ONNX Runtime was left out, as npm does where NuGet is out of reach', async () => {
  await inside(await alone(['@towerkit/engine'], ['onnxruntime-node']), async (project) => {
    expect(existsSync(join(project, 'node_modules/onnxruntime-node'))).toBe(false);
    const program = `import('@towerkit/engine/onnx').then(({ loadOnnx }) =>
      loadOnnx(Uint8Array.of(1)).catch(({ code, hint }) => console.log(code, hint)))`;
    expect(await run('node', ['-e', program], project)).toMatch(
      /^MISSING_PACKAGE .* ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1\.30\.0\n$/,
    );
  });
});

test('@towerkit/browser is small, and packing says what it needs', async () => {
  await inside(await alone(['@towerkit/browser']), async (project) => {
    expect((await readdir(join(project, 'node_modules/@towerkit'))).sort()).toEqual(['browser', 'core']);
    const program = `import('@towerkit/browser/pack').then(({ packForBrowser }) =>
      packForBrowser('model', 'out').catch(({ code, hint }) => console.log(code, hint)))`;
    expect(await run('node', ['-e', program], project)).toMatch(
      /^MISSING_PACKAGE npm install --save-dev @towerkit\/artifact/,
    );
  });
});

test('@towerkit/engine/onnx works where tfjs is not installed', async () => {
  await inside(await alone(['@towerkit/engine']), async (project) => {
    expect(existsSync(join(project, 'node_modules/@tensorflow'))).toBe(false);
    const program = `import('@towerkit/engine/onnx').then(({ loadOnnx }) =>
      loadOnnx(Uint8Array.of(1)).catch((error) => console.log(error.code)))`;
    expect(await run('node', ['-e', program], project)).toBe('BAD_MODEL\n');
  });
});
