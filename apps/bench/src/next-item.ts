/**
 * Next-item examples per second and quality beside a PyTorch program that prints, per epoch,
 * `epoch E seconds S examples/s X loss L HR@10 H NDCG@10 N ...`, the two run in turn on the same threads.
 *
 *     node dist/next-item.js --data FOLDER --reference gru_tower.py --python python3 [--epochs 9] [--rounds 1]
 */
import { spawnSync } from 'node:child_process';

import { flags, median, print } from './arguments.js';
import { machine } from './machine.js';
import { referenceSettings, train, videoGames } from './video-games.js';

const args = flags({
  data: '../../../shared/datasets/amazon-video-games-2023',
  reference: '../../../shared/reference/gru_tower.py',
  python: 'python3',
  epochs: '9',
  rounds: '1',
  threads: '2',
});
const [epochs, threads] = [Number(args.epochs), Number(args.threads)];
print(`${machine()}; ${threads} threads, ${epochs} epochs a round`);
const { train: histories, validation } = await videoGames(args.data);

interface Round {
  rates: number[];
  hr: number;
  ndcg: number;
}

async function ours(seed: number): Promise<Round> {
  const result = await train({
    ...referenceSettings(seed, threads, epochs),
    data: { histories },
    validation: { targets: validation },
  });
  const { metrics } = result.epochs.at(-1)!;
  const { wait, gather, step, update } = result.profile;
  print(
    `  parts of a step, seconds: wait ${wait.toFixed(2)} gather ${gather.toFixed(2)} step ${step.toFixed(2)} update ${update.toFixed(2)}`,
  );
  return {
    rates: result.epochs.map(({ examplesPerSecond }) => examplesPerSecond),
    hr: metrics['hr@10'].value,
    ndcg: metrics['ndcg@10'].value,
  };
}

function theirs(seed: number): Round {
  const flags = [
    '--epochs',
    args.epochs,
    '--threads',
    args.threads,
    '--dropout',
    '0.4',
    '--seed',
    String(seed),
  ];
  const { stdout, stderr, status } = spawnSync(args.python, [args.reference, args.data, ...flags], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the reference failed: ${stderr}`);
  const rows = [...stdout.matchAll(/examples\/s (\S+) loss \S+ HR@10 (\S+) NDCG@10 (\S+)/g)];
  const last = rows.at(-1)!;
  return { rates: rows.map((row) => Number(row[1])), hr: Number(last[2]), ndcg: Number(last[3]) };
}

const ratios: number[] = [];
for (let round = 0; round < Number(args.rounds); round++) {
  const [a, b] = [await ours(round), theirs(round)];
  const [rateA, rateB] = [median(a.rates), median(b.rates)];
  ratios.push(rateA / rateB);
  print(`towerkit   ${rateA.toFixed(0)} examples/s  HR@10 ${a.hr.toFixed(4)}  NDCG@10 ${a.ndcg.toFixed(4)}`);
  print(`reference  ${rateB.toFixed(0)} examples/s  HR@10 ${b.hr.toFixed(4)}  NDCG@10 ${b.ndcg.toFixed(4)}`);
  print(`ratio      ${(rateA / rateB).toFixed(2)}`);
}
print(`median ratio ${median(ratios).toFixed(2)}`);
