import { preset } from '@towerkit/workspace/tsup';

export default preset({ site: 'src/site.ts', check: 'src/check.ts' }, { format: ['esm'] });
