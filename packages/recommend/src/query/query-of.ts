import { z } from 'zod';

import { idList } from '../id-list.js';
import { strictObject } from './strict-object.js';

/**
 * An object schema as a query string can say it: lists as {@link idList} reads them, objects as JSON, numbers and booleans
 * as text. What comes of it is checked by the schema itself.
 *
 * @example
 * ```ts
 * const schema = z.strictObject({ history: z.array(z.string()), k: z.int().default(10) });
 * queryOf(schema).parse({ history: 'a,b' }); // { history: ['a', 'b'], k: 10 }
 * ```
 */
export function queryOf<S extends z.ZodObject>(schema: S) {
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => [
    name,
    (kindOf(field) === 'array' ? parameter : once).optional().describe(describe(field)),
  ]);
  const query = strictObject(Object.fromEntries(fields) as Record<string, z.ZodOptional<typeof parameter>>);
  return query.transform((given, context) => {
    const read: Record<string, unknown> = {};
    for (const [name, text] of Object.entries(given)) {
      if (text === undefined) continue;
      read[name] = valueOf(kindOf(schema.shape[name] as z.ZodType), text);
    }
    const result = schema.safeParse(read);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.addIssue({ code: 'custom', message: issue.message, path: issue.path as (string | number)[] });
    return z.NEVER;
  });
}

const once = z.string({ error: 'expected to be given once' });
const parameter = z.union([z.string(), z.array(z.string())]);

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
}

/** What a field is beneath its defaults and transforms. */
function kindOf(field: z.ZodType): string {
  const { type, innerType, in: input } = field.def as unknown as Definition;
  const inner = innerType ?? input;
  return inner ? kindOf(inner) : type;
}

/** The value a text stands for; the text itself where it stands for none, which the schema then refuses. */
function valueOf(kind: string, given: string | readonly string[]): unknown {
  if (kind === 'array') return idList(typeof given === 'string' ? [given] : given);
  const text = String(given);
  switch (kind) {
    case 'record':
    case 'object':
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
    case 'number':
      return text.trim() === '' ? text : Number(text);
    case 'boolean':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    default:
      return text;
  }
}

function describe(field: z.ZodType): string {
  const about = field.description ?? '';
  const kind = kindOf(field);
  if (kind === 'array') return `${about}; separated by commas, or a JSON array, or given once for each`;
  if (kind === 'record' || kind === 'object') return `${about}, as JSON`;
  return about;
}
