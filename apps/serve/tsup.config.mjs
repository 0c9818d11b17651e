import { preset } from '@towerkit/workspace/tsup';

export default [
  preset({ index: 'src/index.ts' }),
  // Threads and processes run as ES modules only, whichever copy started them.
  preset(
    {
      'model-worker': 'src/models/model-worker.ts',
      'model-trial': 'src/models/model-trial.ts',
    },
    { format: ['esm'], clean: false },
  ),
];
