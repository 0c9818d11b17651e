import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PACKAGE = join(import.meta.dirname, '..');

/**
 * Notes every module that is asked for, by `import` or by `require`, on file descriptor 2, and where the environment has
 * HIDDEN gives no module whose name begins with that.
 */
const NOTE = `
import { writeSync } from 'node:fs';
const note = (specifier) => {
  writeSync(2, 'asked ' + specifier + '\\n');
  if (process.env.HIDDEN && specifier.startsWith(process.env.HIDDEN))
    throw new Error('Cannot find package ' + specifier);
};`;
const HOOK = `${NOTE}
export function resolve(specifier, context, next) {
  note(specifier);
  return next(specifier, context);
}`;
const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const REGISTER = dataUrl(`${NOTE}
import Module, { register } from 'node:module';
register(${JSON.stringify(dataUrl(HOOK))});
const load = Module._load;
Module._load = function (request, ...rest) {
  note(request);
  return load.call(this, request, ...rest);
};`);

/** The modules that a program asks for, each once, and what it prints. */
async function asked(type: 'module' | 'commonjs', program: string, hidden = '') {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--import', REGISTER, `--input-type=${type}`, '-e', program],
    { cwd: PACKAGE, env: { ...process.env, NODE_OPTIONS: '', HIDDEN: hidden } },
  );
  const modules = [...stderr.matchAll(/^asked (.*)$/gm)].map(([, specifier]) => specifier);
  return { modules: [...new Set(modules)], stdout };
}

const LOAD = {
  module: (entry: string, name = 'engine') => `const ${name} = await import('${entry}');`,
  commonjs: (entry: string, name = 'engine') => `const ${name} = require('${entry}');`,
};

/** Opens what is no model, so that all that opening needs has been loaded, and prints the error's code. */
const OPEN = `engine.loadOnnx(Uint8Array.of(1)).catch((error) => console.log(error.code));`;

describe.each(['module', 'commonjs'] as const)('as %s', (type) => {
  test('the onnx entry opens models without tfjs', async () => {
    const { modules, stdout } = await asked(type, LOAD[type]('@towerkit/engine/onnx') + OPEN);
    expect(stdout).toBe('BAD_MODEL\n');
    expect(modules).toContain('onnxruntime-node');
    expect(modules.filter((specifier) => specifier.includes('tensorflow'))).toEqual([]);
  });

  test('the main entry loads tfjs when an engine is created', async () => {
    const main = LOAD[type]('@towerkit/engine');
    const before = await asked(type, main + OPEN);
    expect(before.stdout).toBe('BAD_MODEL\n');
    expect(before.modules.filter((specifier) => specifier.includes('tensorflow'))).toEqual([]);
    const created = await asked(type, `${main} engine.createEngine().then(({ kind }) => console.log(kind));`);
    expect(created.stdout).toBe('onnx\n');
    expect(created.modules).toContain('@tensorflow/tfjs-core');
  });

  test.each([
    ['createEngine', `engine.createEngine()`],
    ['createEngine for tfjs', `engine.createEngine({ kind: 'tfjs' })`],
    ['exportOnnx', `(async () => engine.exportOnnx(() => ({}), { inputs: { x: { shape: [1] } } }))()`],
  ])('without tfjs, %s says so', async (_, call) => {
    const program = `${LOAD[type]('@towerkit/engine')}
      ${call}.catch(({ code, hint }) => console.log(code, hint));`;
    const { stdout } = await asked(type, program, '@tensorflow/tfjs-core');
    expect(stdout).toMatch(/^TFJS_MISSING .*npm install @tensorflow\/tfjs/);
  });

  test('both entries have the same classes', async () => {
    const program = `${LOAD[type]('@towerkit/engine', 'main')}${LOAD[type]('@towerkit/engine/onnx')}
      console.log(engine.OnnxModel === main.OnnxModel, engine.loadOnnx === main.loadOnnx);`;
    expect((await asked(type, program)).stdout).toBe('true true\n');
  });

  test('the onnx entry reaches no tracing and no passes', async () => {
    const suffix = type === 'module' ? 'js' : 'cjs';
    const reached = new Map<string, string>();
    const follow = async (file: string): Promise<void> => {
      if (reached.has(file)) return;
      reached.set(file, await readFile(join(PACKAGE, 'dist', file), 'utf8'));
      for (const [, next] of reached.get(file)!.matchAll(/['"]\.\/([\w.-]+\.c?js)['"]/g)) await follow(next);
    };
    await follow(`onnx.${suffix}`);
    // The build names each source above what came of it.
    const names = [...reached.values()].flatMap((code) =>
      [...code.matchAll(/^\/\/ src\/(.*)$/gm)].map(([, source]) => source),
    );
    expect(names).toContain('onnx/load.ts');
    expect(names.filter((name) => /^(trace|passes|engines|random|create-engine)/.test(name))).toEqual([]);
  });
});
