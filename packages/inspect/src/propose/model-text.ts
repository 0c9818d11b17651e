import type { Inspection } from '../inspection.js';
import { secondsIn } from '../profile/times.js';
import type { ModelChoice } from './choose-model.js';
import { propertyName, type Entry } from './print.js';
import type { SideEntries } from './side-entries.js';

/** What a config says of the split, the model and its training. */
export function trainingEntries(
  { columns, heldBack }: Inspection,
  choice: ModelChoice,
  items: SideEntries | undefined,
  users: SideEntries | undefined,
): Entry[] {
  const { kind, dimensions, splitAt } = choice;
  const time = columns!.time;
  const factor = time && !time.form && time.unit ? 1 / secondsIn(time.unit) : 1;
  const split: Entry[] = heldBack
    ? []
    : splitAt !== undefined
      ? [
          [
            'split',
            [
              ['kind', "'temporal'"],
              ['validation', String(Math.round(splitAt * factor))],
            ] as Entry[],
            `${new Date(splitAt * 1000).toISOString().slice(0, 10)}; what comes later is held back`,
          ],
        ]
      : choice.heldBack === undefined
        ? []
        : [
            [
              'split',
              [
                ['kind', "'random'"],
                ['validation', String(choice.heldBack)],
              ] as Entry[],
              'there is no order',
            ],
          ];
  const baskets: Entry[] =
    kind !== 'baskets'
      ? []
      : [
          [
            'start',
            [
              [
                'als',
                [
                  ['alpha', '1'],
                  ['regularization', '50'],
                ] as Entry[],
              ],
              ['users', "'als'"],
              ['norm', '0.9'],
            ] as Entry[],
          ],
          [
            'targets',
            [
              ['horizon', '28'],
              ...(factor === 1000 ? [['timeUnit', "'milliseconds'"] as Entry] : []),
            ] as Entry[],
            'days: no row sees others of its own four weeks',
          ],
          ['negatives', "[{ kind: 'popularity', count: 2048, power: 1 }]"],
          ['earlyStopping', 'false'],
        ];
  return [
    ...split,
    ...(kind === 'baskets'
      ? baskets.slice(0, 1)
      : [['start', [['als', '{}']] as Entry[], 'vectors of items start from matrix factorization'] as Entry]),
    ['model', modelText(choice, items, users)],
    ...baskets.slice(1),
    ...(choice.repeats
      ? [
          ['repeats', "'allow'", 'items that a user had are recommended, too'] as Entry,
          [
            'frequency',
            [
              ['bonus', kind === 'baskets' ? '10' : '3'],
              ['weight', kind === 'baskets' ? '12' : '3'],
              ['halfLife', '250'],
            ] as Entry[],
            'how often and how lately a user had them counts',
          ] as Entry,
        ]
      : []),
    ['maxLength', String(choice.maxLength), 'items of a history that are read'],
    ['optimizer', [['learningRate', String(choice.learningRate)]] as Entry[]],
    [
      'epochs',
      String(choice.epochs),
      kind === 'baskets' ? undefined : 'at most: it stops when it no longer improves',
    ],
    ...(choice.rates
      ? [
          ['metrics', "['hr@10', 'ndcg@10', 'hr@20', 'rmse']"] as Entry,
          ['earlyStopping', [['metric', "'ndcg@10'"]] as Entry[]] as Entry,
        ]
      : []),
    ...(dimensions > 64 && kind === 'next'
      ? [['windows', "'all'", "'last' trains faster on long histories"] as Entry]
      : []),
  ];
}

function modelText(
  choice: ModelChoice,
  items: SideEntries | undefined,
  users: SideEntries | undefined,
): string {
  const { kind, dimensions, rates } = choice;
  const given = [
    ...(items?.hasNumbers ? ['numeric'] : []),
    ...(items?.text ? ['content'] : []),
    ...(rates ? ['ratings'] : []),
    ...(users ? ['user'] : []),
  ];
  const item = [
    `dimensions: ${dimensions}`,
    ...(items && items.categories.length > 0
      ? [
          `categories: { ${items.categories.map(([name, value]) => `${propertyName(name)}: ${String(value)}`).join(', ')} }`,
        ]
      : []),
    ...(items?.hasNumbers ? ['numeric'] : []),
    ...(items?.text ? ['content'] : []),
  ];
  const reads = users ? ', ...user.inputs' : '';
  const user =
    kind === 'next'
      ? `gruTower({ dimensions: ${dimensions}, dropout: 0.4, mean: true${users ? ', inputs: user.inputs' : ''} })`
      : kind === 'baskets'
        ? `sumTower({ dimensions: ${dimensions}, inputs: { id: { kind: 'embedding', of: 'id', dimensions: ${dimensions} } } })`
        : `sumTower({ dimensions: ${dimensions}, inputs: { history: { kind: 'history', dimensions: ${dimensions} }${reads} } })`;
  const options = [
    `item: itemTower({ ${item.join(', ')} }),`,
    `user: ${user},`,
    ...(items
      ? [
          `idDropout: ${kind === 'queries' ? 0.3 : 0.1}, // items are read without their id now and then, for new ones`,
        ]
      : []),
    ...(items?.text
      ? [
          `similarity: { ${propertyName(items.text)}: 64 }, // how near their texts are to those of the history`,
        ]
      : []),
    ...(rates
      ? [
          'rating: { offset: ratings.mean, range: ratings.range },',
          'loss: rated({ loss: sampledSoftmax(), weight: 0.1 }),',
        ]
      : []),
  ];
  const parameters = given.length === 0 ? '()' : `({ ${given.join(', ')} })`;
  return `${parameters} =>\n    twoTower({\n${options.map((line) => `      ${line}`).join('\n')}\n    })`;
}
