// A trial in which the model does what its kind says, as native code would that reads what it should not.
import { runTrial } from '@towerkit/recommend';
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const deeds = {
  ends: () => process.kill(process.pid, 'SIGSEGV'),
  holds: ({ folder }) => {
    writeFileSync(join(folder, 'pid'), String(process.pid));
    for (;;);
  },
  swells: () => {
    for (const parts = []; ;) parts.push(Buffer.alloc(2 ** 24, parts.length));
  },
};
runTrial(Object.entries(deeds).map(([name, open]) => ({ name, open })));
