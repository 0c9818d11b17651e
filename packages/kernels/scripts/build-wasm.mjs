// Compiles assembly/ to one WebAssembly module and writes it as a TypeScript constant, so that the package
// needs neither a file beside its bundle nor a loader.
import { Buffer } from 'node:buffer';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = join(root, 'src/generated/kernels.gen.ts');
const partial = `${output}.${process.pid}.tmp`;

const binaries = [];
const { error, stderr } = await asc.main(
  [
    'assembly/index.ts',
    ...['--baseDir', root],
    ...['--outFile', 'kernels.wasm'],
    ...['--enable', 'simd'],
    ...['--optimizeLevel', '3'],
    ...['--shrinkLevel', '0'],
    ...['--runtime', 'stub'],
    '--noAssert',
    '--importMemory',
  ],
  { writeFile: (_name, contents) => void binaries.push(contents) },
);
if (error || binaries.length !== 1) {
  console.error(stderr.toString());
  throw error ?? new Error(`asc wrote ${binaries.length} files, not one`);
}

const base64 = Buffer.from(binaries[0]).toString('base64');
await mkdir(dirname(output), { recursive: true });
await writeFile(
  partial,
  `// Written by scripts/build-wasm.mjs from assembly/. Do not edit.\nexport const KERNELS_BASE64 =\n  '${base64}';\n`,
);
await rename(partial, output);
console.log(`kernels.wasm: ${binaries[0].length} bytes`);
