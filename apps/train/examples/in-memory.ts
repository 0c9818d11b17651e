import { encodeInteractions, leaveLastOut } from '@towerkit/data';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { train } from '@towerkit/training';

// Two hundred people who walk along a ring of thirty items, one or two steps at a time.
const rows = { user: [] as string[], item: [] as string[] };
for (let user = 0; user < 200; user++)
  for (let step = 0, at = user; step < 12; step++, at += 1 + ((user * step) % 2)) {
    rows.user.push(`user ${user}`);
    rows.item.push(`item ${at % 30}`);
  }

const log = encodeInteractions(rows);
const split = leaveLastOut(log);
const { epochs, best } = await train({
  model: twoTower({ item: itemTower({ dimensions: 16 }), user: gruTower({ dimensions: 16 }) }),
  data: { histories: split.train },
  batches: { batchSize: 256, negatives: [{ proposal: { kind: 'uniform' }, count: 30 }] },
  optimizer: { learningRate: 0.01 },
  validation: { targets: split.validation, metrics: ['hr@3'] },
  earlyStopping: { metric: 'hr@3' },
  epochs: 10,
});
for (const { epoch, loss, metrics } of epochs)
  process.stdout.write(`epoch ${epoch}: loss ${loss.toFixed(3)}, HR@3 ${metrics['hr@3'].value.toFixed(3)}\n`);
process.stdout.write(`${log.users.size} users, ${log.items.size} items; best epoch ${best!.epoch}\n`);
