import { preset } from '@towerkit/workspace/tsup';

export default preset(['src/next-item.ts', 'src/catalog-size.ts'], { format: ['esm'], dts: false });
