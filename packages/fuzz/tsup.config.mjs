import { preset } from '@towerkit/workspace/tsup';

export default preset(
  {
    fuzz: 'src/fuzz.ts',
    chaos: 'src/chaos.ts',
    kills: 'src/kills.ts',
    'victim-program': 'src/victim/program.ts',
    'server-hooks': 'src/server/hooks.ts',
  },
  { format: ['esm'] },
);
