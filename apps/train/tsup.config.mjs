import { preset } from '@towerkit/workspace/tsup';

export default [
  preset({ index: 'src/index.ts' }),
  // The command runs as an ES module only: it looks up the modules of a config as ESM does.
  preset({ cli: 'src/cli.ts', 'study-run': 'src/study-run.ts' }, { format: ['esm'], clean: false }),
];
