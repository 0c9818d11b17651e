import { preset } from '@towerkit/workspace/tsup';

export default preset({ index: 'src/index.ts', 'trial-watchdog': 'src/trial/trial-watchdog.ts' });
