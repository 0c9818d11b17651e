import { preset } from '@towerkit/workspace/tsup';

export default preset({ index: 'src/index.ts', run: 'src/run.ts', worker: 'src/worker.ts' });
