import type { Inspection } from '../inspection.js';
import { gradesOf } from '../guess/grades.js';
import { logEntries } from './log-entries.js';
import { propertyName, quoted, type Entry } from './print.js';
import { sideEntries } from './side-entries.js';

/** Where the files of a search are. */
interface SearchPlaces {
  readonly folder: string;
  /** The products, relative to that folder. */
  readonly catalog?: string;
}

/** What a config of a search can say of how a file is laid out. */
const LAYOUT = ['format', 'delimiter', 'encoding', 'duplicates'];

/** Whether a search can be trained: queries with grades, and products with titles, in files that it reads as they are. */
export function isSearch(inspection: Inspection): boolean {
  const { log, columns, facts, catalog } = inspection;
  if (!log?.queries || !columns?.rating || !facts?.ratings || !catalog) return false;
  if (!gradesOf(columns.rating.column) && !(facts.ratings.least < facts.ratings.most)) return false;
  if (!catalog.columns.some(({ use }) => use === 'title')) return false;
  const own = logEntries(inspection, true);
  const keys = [...own.layout, ...sideEntries(catalog, 'item', own.names).layout].map(([key]) => key);
  return keys.every((key) => LAYOUT.includes(key));
}

/** What a config of a search says beside its name. */
export function searchEntries(inspection: Inspection, { folder, catalog: file }: SearchPlaces): Entry[] {
  const { log, columns: chosen, facts, catalog } = inspection;
  const { least, most } = facts!.ratings!;
  const grades = gradesOf(chosen!.rating!.column);
  const own = logEntries(inspection, true);
  const products = sideEntries(catalog!, 'item', own.names);
  const roles: Readonly<Record<string, string>> = { user: 'query', item: 'product', rating: 'label' };
  const columns = own.columns.flatMap(([role, ...rest]): Entry[] =>
    role in roles ? [[roles[role], ...rest]] : [],
  );
  return [
    ['data', [['path', quoted(folder), 'folder of the files, relative to this one']]],
    [
      'search',
      [
        [
          'judgments',
          [
            ['file', quoted(log!.file.name)],
            ...own.layout,
            ['columns', columns],
            grades
              ? ['labels', `{ table: ${tableText(grades)} }`, 'what each is worth, from 0 to 1']
              : ['labels', `{ range: [${least}, ${most}] }`, 'of what is irrelevant, and of a perfect match'],
          ],
        ],
        ['products', [['file', quoted(file!)], ...products.layout, ['columns', products.columns]]],
      ],
    ],
  ];
}

const tableText = (grades: Readonly<Record<string, number>>) =>
  `{ ${Object.entries(grades)
    .map(([grade, gain]) => `${propertyName(grade)}: ${gain}`)
    .join(', ')} }`;
