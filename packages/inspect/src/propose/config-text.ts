import type { Inspection } from '../inspection.js';
import { chooseModel, grouped, type ModelChoice } from './choose-model.js';
import { logEntries } from './log-entries.js';
import { trainingEntries } from './model-text.js';
import { print, quoted, quotedList, type Entry } from './print.js';
import { isSearch, searchEntries } from './search-text.js';
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
  /** Files of rows that were held back, relative to that folder. */
  readonly heldBack?: { readonly validation: string; readonly test?: string };
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
    ...(places.heldBack
      ? [
          [
            'heldBack',
            Object.entries(places.heldBack).map(([part, file]): Entry => [part, quoted(String(file))]),
          ] as Entry,
        ]
      : []),
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
  const searches = isSearch(inspection);
  const entries: Entry[] = [
    ['name', quoted(places.name)],
    ...(searches
      ? searchEntries(inspection, places)
      : [['data', data] as Entry, ...trainingEntries(inspection, choice, reads, readsUsers)]),
  ];
  const found = `${grouped(facts!.users)} ${log!.queries ? 'queries' : 'users'}, ${grouped(facts!.items)} items, ${grouped(facts!.rows)} rows`;
  return [
    `import { ${searches ? 'defineConfig' : imports(choice).join(', ')} } from 'towerkit';`,
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
