// Compiles each folder of assembly/ to a WebAssembly module and writes it as a TypeScript constant, so that the
// package needs neither a file beside its bundle nor a loader.
import { Buffer } from 'node:buffer';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What a module needs beyond SIMD. */
const MODULES = {
  table: [],
  pool: ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
};

for (const [name, flags] of Object.entries(MODULES)) {
  const binaries = [];
  const { error, stderr } = await asc.main(
    [
      `assembly/${name}/index.ts`,
      ...['--baseDir', root],
      ...['--outFile', `${name}.wasm`],
      ...['--enable', 'simd'],
      ...['--optimizeLevel', '3'],
      ...['--shrinkLevel', '0'],
      ...['--runtime', 'stub'],
      '--noAssert',
      '--importMemory',
      ...['--disableWarning', '112'], // v128 functions are exported to other kernels only
      ...flags,
    ],
    { writeFile: (_name, contents) => void binaries.push(contents) },
  );
  if (error || binaries.length !== 1) {
    console.error(stderr.toString());
    throw error ?? new Error(`asc wrote ${binaries.length} files, not one`);
  }
  const output = join(root, `src/generated/${name}.gen.ts`);
  const partial = `${output}.${process.pid}.tmp`;
  const base64 = Buffer.from(binaries[0]).toString('base64');
  await mkdir(dirname(output), { recursive: true });
  await writeFile(
    partial,
    `// Written by scripts/build-wasm.mjs from assembly/${name}. Do not edit.\nexport const ${name.toUpperCase()}_BASE64 =\n  '${base64}';\n`,
  );
  await rename(partial, output);
  console.log(`${name}.wasm: ${binaries[0].length} bytes`);
}
