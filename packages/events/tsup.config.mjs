import { preset } from '@towerkit/workspace/tsup';

export default [
  preset(),
  // Threads run as ES modules only, whichever copy started them.
  preset({ 'sqlite-writer': 'src/stores/sqlite-writer.ts' }, { format: ['esm'], clean: false }),
];
