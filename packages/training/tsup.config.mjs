import { preset } from '@towerkit/workspace/tsup';

export default preset({ index: 'src/index.ts', 'batch-worker': 'src/batches/batch-worker.ts' });
