import type { Inspection } from '../inspection.js';
import { secondsIn } from '../profile/times.js';
import { chooseModel, grouped, type ModelChoice } from './choose-model.js';
import { logEntries } from './log-entries.js';
import { print, propertyName, quoted, quotedList, type Entry } from './print.js';
import { sideEntries, type SideEntries } from './side-entries.js';

/** Where things are. */
export interface Places {
  /** Name of the run. */
  readonly name: string;
  /** Folder of the log, relative to the config. */
  readonly folder: string;
  /** The catalog and the table of users, relative to that folder. */
  readonly catalog?: string;
  readonly users?: string;
}

/** A config for what was found, with what was guessed and why beside each line. */
export function configText(inspection: Inspection, places: Places): string {
  const choice = chooseModel(inspection);
  const { log, catalog, users, facts } = inspection;
  const own = logEntries(inspection);
  const items = catalog && sideEntries(catalog, 'item', own.names);
  const people = users && choice.kind !== 'baskets' ? sideEntries(users, 'user', own.names) : undefined;
  const reads = items && choice.kind !== 'baskets' && items.features.length > 0 ? items : undefined;
  const readsUsers = people && people.features.length > 0 ? people : undefined;
  const dataset: Entry[] = [
    ['file', quoted(log!.file.name)],
    ...own.layout,
    ['columns', own.columns],
    ...(own.nobody.length > 0
      ? [['anonymousUsers', quotedList(own.nobody), 'they stand for nobody in particular'] as Entry]
      : []),
    ...(items
      ? [
          [
            'catalog',
            [['file', quoted(places.catalog!)], ...items.layout, ['columns', items.columns]] as Entry[],
          ] as Entry,
        ]
      : []),
  ];
  const data: Entry[] = [
    ['path', quoted(places.folder), 'folder of the files, relative to this one'],
    ['dataset', dataset],
    ...own.data,
    ...(choice.relevantFrom === undefined
      ? []
      : [
          [
            'clean',
            [['minimumRating', String(choice.relevantFrom)]] as Entry[],
            'grades from which an item is right for a query',
          ] as Entry,
        ]),
    ...(reads ? [['features', reads.features] as Entry] : []),
    ...(readsUsers
      ? [
          [
            'users',
            [
              ['file', quoted(places.users!)],
              ...readsUsers.layout,
              ['columns', readsUsers.columns],
              ['features', readsUsers.features],
            ] as Entry[],
          ] as Entry,
        ]
      : []),
  ];
  const entries: Entry[] = [
    ['name', quoted(places.name)],
    ['data', data],
    ...trainingEntries(inspection, choice, reads, readsUsers),
  ];
  const found = `${grouped(facts!.users)} ${log!.queries ? 'queries' : 'users'}, ${grouped(facts!.items)} items, ${grouped(facts!.rows)} rows`;
  return [
    `import { ${imports(choice).join(', ')} } from 'towerkit';`,
    '',
    '/**',
    ` * Written by \`towerkit init\` for ${comment(log!.file.name)}${log!.file.sampled ? ', of which a sample was looked at' : ''}: ${found}.`,
    ' *',
    ...choice.why.map((line) => ` * - ${comment(line)}.`),
    ...leftOut(reads, readsUsers, items),
    ' *',
    ' * What was guessed stands beside its reason; change what is wrong. `npx towerkit train --help` lists every key.',
    ' */',
    'export default defineConfig({',
    print(entries),
    '});',
    '',
  ].join('\n');
}

/** Names of others' columns must not end a comment. */
const comment = (text: string) => text.replaceAll('*/', '* /').replace(/\s+/g, ' ');

function leftOut(...sides: readonly (SideEntries | undefined)[]): string[] {
  const lines = [...new Set(sides.flatMap((side) => side?.leftOut ?? []))];
  return lines.length === 0 ? [] : [' *', ' * Not read:', ...lines.map((line) => ` * - ${comment(line)}`)];
}

function imports({ kind, rates }: ModelChoice): string[] {
  const tower = kind === 'next' ? 'gruTower' : 'sumTower';
  return ['defineConfig', 'itemTower', ...(rates ? ['rated', 'sampledSoftmax'] : []), tower, 'twoTower'].sort(
    (a, b) => a.localeCompare(b),
  );
}

/** Split, model and training. */
function trainingEntries(
  { columns }: Inspection,
  choice: ModelChoice,
  items: SideEntries | undefined,
  users: SideEntries | undefined,
): Entry[] {
  const { kind, dimensions, splitAt } = choice;
  const time = columns!.time;
  const factor = time && !time.form && time.unit ? 1 / secondsIn(time.unit) : 1;
  const split: Entry[] =
    splitAt !== undefined
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
              ['bonus', '10'],
              ['weight', '12'],
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
          'loss: rated({ loss: sampledSoftmax(), weight: 0.5 }),',
        ]
      : []),
  ];
  const parameters = given.length === 0 ? '()' : `({ ${given.join(', ')} })`;
  return `${parameters} =>\n    twoTower({\n${options.map((line) => `      ${line}`).join('\n')}\n    })`;
}
