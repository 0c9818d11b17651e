import { preset } from '@towerkit/workspace/tsup';

// A page without a bundler loads these files as they are: what they need of core is inside.
const whole = { noExternal: ['@towerkit/core'], target: 'es2022' };

export default [
  preset({ index: 'src/index.ts' }, whole),
  preset(
    { worker: 'src/worker.ts' },
    { ...whole, format: ['esm'], clean: false, splitting: false, shims: false },
  ),
  preset({ pack: 'src/pack.ts' }, { clean: false }),
];
