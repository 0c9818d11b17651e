import { TowerkitError } from '@towerkit/core';
import { dateOf, numberOf } from '@towerkit/data';
import type { MomentOptions, OpenArtifact } from '@towerkit/recommend';

type Columns = Readonly<Record<string, string>>;

/**
 * Values by name of flags `NAME=VALUE`: numbers and vectors (JSON arrays) where the model reads such, null for an empty value,
 * which is not known.
 *
 * @param flag that they are of, for messages
 * @param columns what the model reads, with what each holds
 * @throws TowerkitError `BAD_USAGE`
 */
export function valuesOf(
  flag: string,
  pairs: readonly string[],
  columns: Columns = {},
): Record<string, unknown> {
  const read = pairs.map((pair): [string, unknown] => {
    const [, name, value] = /^([^=]+)=([^]*)$/.exec(pair) ?? [];
    if (name === undefined)
      throw new TowerkitError('BAD_USAGE', `${flag}: ${JSON.stringify(pair)} is no NAME=VALUE`);
    if (value === '') return [name, null];
    const holds = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (holds === 'vector') return [name, vectorOf(flag, name, value)];
    const isNumber = holds === 'number' || holds === 'date';
    return [name, (isNumber ? numberOf(value) : undefined) ?? value];
  });
  return Object.fromEntries(read);
}

/** A vector as a JSON array; the model says which it takes. */
function vectorOf(flag: string, name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TowerkitError('BAD_USAGE', `${flag}: ${name} is a vector: give a JSON array of numbers`, {
      cause,
    });
  }
}

/** The moment that flags speak of. @throws TowerkitError `BAD_USAGE` */
export function momentOf(
  { engine }: Pick<OpenArtifact, 'engine'>,
  { context, at }: { readonly context?: readonly string[]; readonly at?: string },
): MomentOptions {
  const seconds = at === undefined ? undefined : dateOf(at);
  if (at !== undefined && seconds === undefined)
    throw new TowerkitError('BAD_USAGE', `--at: ${JSON.stringify(at)} is no time`, {
      hint: 'times look like 2026-01-31T18:00 (UTC) or 2026-01-31T18:00+01:00',
    });
  return {
    ...(context && { context: valuesOf('--context', context, engine.ranker.moments?.columns) }),
    ...(seconds !== undefined && { at: new Date(1000 * seconds) }),
  };
}
