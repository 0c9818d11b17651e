import { preset } from '@towerkit/workspace/tsup';

export default preset({ index: 'src/index.ts', fit: 'src/fit.ts' });
