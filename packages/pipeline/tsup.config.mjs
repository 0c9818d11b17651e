import { preset } from '@towerkit/workspace/tsup';

export default preset({
  index: 'src/index.ts',
  'config-files': 'src/config-files.ts',
  'model-kinds': 'src/model-kinds.ts',
});
