// Bundles what the Node entry of @tensorflow/tfjs adds to that of @tensorflow/tfjs-core: the gradients of all kernels, and the
// operations as methods of tensors. tfjs-core has both as ES modules that Node cannot load, and none of it in its Node entry.
import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

await build({
  stdin: {
    contents: `
      import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
      import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
    `,
    resolveDir: here('..'),
  },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'eof',
  banner: {
    js: '// From @tensorflow/tfjs-core, Copyright Google LLC, Apache-2.0: see tfjs-license.txt. Bundled, otherwise unchanged.',
  },
  outfile: here('../dist/tfjs-additions.cjs'),
});
await copyFile(here('tfjs-license.txt'), here('../dist/tfjs-license.txt'));
