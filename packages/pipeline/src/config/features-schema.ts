import { extractionPattern } from '@towerkit/data';
import { textEncoderSchema } from '@towerkit/features';
import { z } from 'zod';

import { namedOnce, vectors } from './vectors-schema.js';

const count = z.int().min(1);

/** How a file of records is laid out. */
export const layout = {
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet', 'sequences']).optional(),
  header: z.boolean().optional(),
  columnNames: z.array(z.string()).optional(),
  delimiter: z.string().optional(),
  quote: z.string().optional(),
  encoding: z.enum(['utf-8', 'latin-1']).optional(),
  decimal: z.enum(['.', ',']).optional(),
  timeFormat: z.string().optional(),
};

/** What several rows of an id in a table are. */
export const duplicates = z.enum(['error', 'first']).optional();

/** What columns of a table hold. */
export const types = z.record(z.string(), z.enum(['text', 'number', 'date'])).optional();

/** Columns made of parts of others' texts. */
export const extract = z
  .record(
    z.string(),
    z.strictObject({
      from: z.string(),
      pattern: z.string().superRefine((pattern, { addIssue }) => {
        const expression = extractionPattern(pattern);
        if (typeof expression === 'string') addIssue({ code: 'custom', message: expression });
      }),
    }),
  )
  .optional();

const scaling = {
  scale: z.enum(['standard', 'min-max', 'none']).optional(),
  missing: z.boolean().optional(),
  buckets: z.int().min(2).max(1000).optional(),
};
const number = { transform: z.enum(['none', 'log1p']).optional(), ...scaling };

/** Buckets depend on the order of the values alone: scaling them would change nothing. */
function bucketsAlone(
  { buckets, ...rest }: { readonly buckets?: number },
  context: z.core.$RefinementCtx,
): void {
  const other = Object.entries(rest).find(([, value]) => value !== undefined);
  if (buckets !== undefined && other)
    context.addIssue({
      code: 'custom',
      path: [other[0]],
      message: '`buckets` go without it: they are a category',
    });
}

/** Features by kind. */
export const featureKinds = z.strictObject({
  categories: z.record(z.string(), z.strictObject({ minCount: count.default(1) })).default({}),
  numeric: z.record(z.string(), z.strictObject(number).superRefine(bucketsAlone)).default({}),
  dates: z.record(z.string(), z.strictObject(scaling).superRefine(bucketsAlone)).default({}),
  lists: z
    .record(
      z.string(),
      z.strictObject({
        separator: z.string().min(1).default('|'),
        pool: z.enum(['mean', 'sum']).default('mean'),
        minCount: count.default(1),
        most: count.max(10_000).default(256),
      }),
    )
    .default({}),
  locations: z
    .record(
      z.string(),
      z.strictObject({
        latitude: z.string().default('latitude'),
        longitude: z.string().default('longitude'),
        lengths: z.array(z.number().gt(0)).min(1).max(16).optional(),
        waves: count.max(1024).optional(),
        unknown: z.number().optional(),
      }),
    )
    .default({}),
  text: z
    .record(
      z.string(),
      z.strictObject({
        columns: z.array(z.string()).min(1).optional(),
        encoder: textEncoderSchema.default({ kind: 'lsa', dimensions: 128 }),
      }),
    )
    .default({}),
  vectors,
});

/** Columns of a table that a tower may read, and files of vectors beside it. */
export const features = featureKinds.superRefine(namedOnce);

/** Names that inputs of a user tower have already. */
const TAKEN = ['id', 'history'];

/** Features by kind, whose names are those of inputs of the user tower. */
type Named = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Says what is wrong with a part of a config. */
type Refuse = (path: readonly string[], message: string) => void;

/** Tells zod of a part of what it checks. */
export const refusing =
  (context: z.core.$RefinementCtx): Refuse =>
  (path, message) =>
    context.addIssue({ code: 'custom', path: [...path], message });

/**
 * Refuses names that a user tower has for something else, and names that stand twice.
 *
 * @param key of the config that gives a column another name
 * @param other names that are taken, too
 * @returns the names
 */
export function uniqueInputs(
  kinds: Named,
  refuse: Refuse,
  key: string,
  other: Iterable<string> = [],
): string[] {
  const seen = new Set(other);
  const names: string[] = [];
  for (const [kind, wanted] of Object.entries(kinds))
    for (const name of Object.keys(wanted)) {
      if (TAKEN.includes(name))
        refuse(
          [kind, name],
          `"${name}" is what towers call something else; give the column another name under ${key}`,
        );
      else if (seen.has(name))
        refuse(
          [kind, name],
          `there is another feature "${name}"; give the column a second name under ${key}`,
        );
      seen.add(name);
      names.push(name);
    }
  return names;
}

/** A file of what is known of users. */
export const users = z.strictObject({
  file: z.string().optional(),
  columns: z.object({ id: z.string().optional() }).catchall(z.string()).default({}),
  types,
  extract,
  ...layout,
  duplicates,
  features: features.superRefine((kinds, context) => {
    const refuse = refusing(context);
    if (uniqueInputs(kinds, refuse, 'data.users.columns').length === 0)
      refuse([], 'name a column that the user tower may read, such as categories: { age: {} }');
  }),
});
