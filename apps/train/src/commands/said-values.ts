import { TowerkitError } from '@towerkit/core';
import { dateOf, numberOf } from '@towerkit/data';
import type { MomentOptions, OpenArtifact } from '@towerkit/recommend';

type Columns = Readonly<Record<string, string>>;

/**
 * Values by name of flags `NAME=VALUE`: numbers where the model reads numbers, null for an empty value, which is not known.
 *
 * @param flag that they are of, for messages
 * @param columns what the model reads, with what each holds
 * @throws TowerkitError `BAD_USAGE`
 */
export function valuesOf(
  flag: string,
  pairs: readonly string[],
  columns: Columns = {},
): Record<string, string | number | null> {
  const read = pairs.map((pair): [string, string | number | null] => {
    const [, name, value] = /^([^=]+)=([^]*)$/.exec(pair) ?? [];
    if (name === undefined)
      throw new TowerkitError('BAD_USAGE', `${flag}: ${JSON.stringify(pair)} is no NAME=VALUE`);
    if (value === '') return [name, null];
    const isNumber = Object.hasOwn(columns, name) && ['number', 'date'].includes(columns[name]);
    return [name, (isNumber ? numberOf(value) : undefined) ?? value];
  });
  return Object.fromEntries(read);
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
