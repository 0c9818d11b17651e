import { preset } from '@towerkit/workspace/tsup';

export default preset({ index: 'src/index.ts', 'model-worker': 'src/worker/model-worker.ts' });
