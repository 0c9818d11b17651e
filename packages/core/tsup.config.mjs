import { preset } from '@towerkit/workspace/tsup';

export default preset({
  index: 'src/index.ts',
  files: 'src/files/index.ts',
  telemetry: 'src/telemetry.ts',
});
