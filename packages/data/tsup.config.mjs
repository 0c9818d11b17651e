import { preset } from '@towerkit/workspace/tsup';

export default preset({ index: 'src/index.ts', internal: 'src/internal.ts' });
