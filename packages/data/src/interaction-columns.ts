import { TowerkitError } from './errors.js';
import type { Field, FieldKind } from './stage.js';

/** Which column of a file plays which role. */
export interface InteractionColumns {
  readonly user: string;
  readonly item: string;
  /** A number, or a date as ISO 8601 writes it (UTC where it names no zone). */
  readonly time?: string;
  /** A number that grows along a user's history. */
  readonly position?: string;
  readonly rating?: string;
  /** A number from 0 up, such as a quantity. */
  readonly weight?: string;
  /** What sort of interaction it is, such as `view`. */
  readonly kind?: string;
  readonly text?: string;
  /** Other columns of text, under names of your choice; an empty value stays empty. */
  readonly more?: Readonly<Record<string, string>>;
  /** Other columns of numbers, under names of your choice; an empty value, NaN, NA, null and the like are missing. */
  readonly numbers?: Readonly<Record<string, string>>;
  /** The same of dates, as `time` reads them; they are among the log's `numbers`. */
  readonly dates?: Readonly<Record<string, string>>;
}

/** Which columns of a file are read, and how their values are. */
export interface InteractionRoles {
  /** Required for every format but `sequences`, which has no columns. */
  readonly columns?: InteractionColumns;
  /**
   * What an empty value stands for, by role; without it an empty value makes a bad row (text aside). A rating may be NaN: there
   * is none.
   */
  readonly whenEmpty?: {
    user?: string;
    item?: string;
    time?: number;
    position?: number;
    rating?: number;
    weight?: number;
    kind?: string;
  };
  /** What numbers of `time` count: minutes become seconds, and dates are refused then. Default `seconds`. */
  readonly timeUnit?: 'seconds' | 'minutes';
  /** The kinds there are: a row of another is an error, `skip` or not. Default: those of the file, by first appearance. */
  readonly kinds?: readonly string[];
}

type Role = Exclude<keyof InteractionColumns, 'more' | 'numbers' | 'dates'>;

const KINDS: Readonly<Record<Role, FieldKind>> = {
  user: 'id',
  item: 'id',
  time: 'time',
  position: 'number',
  rating: 'number',
  weight: 'weight',
  kind: 'id',
  text: 'text',
};

/** A column under a name of the caller's own. */
export interface NamedField extends Field {
  readonly name: string;
}

/** What to read of a file. */
export interface InteractionFields {
  /** Columns that play a role. */
  readonly roles: readonly Field[];
  /** Other columns of text. */
  readonly more: readonly NamedField[];
  /** Other columns of numbers and dates. */
  readonly numbers: readonly NamedField[];
}

/**
 * What to read of a file: the columns that play a role, and those of the caller's own names.
 *
 * @throws TowerkitError `BAD_OPTION` without a user and an item, for kinds of which there are none, and for a name that is given
 *   to a column of numbers and to one of dates
 */
export function interactionFields({ columns, whenEmpty, kinds }: InteractionRoles): InteractionFields {
  if (columns?.user === undefined || columns.item === undefined)
    throw new TowerkitError('BAD_OPTION', 'say which columns hold user and item: columns: {user, item}');
  if (kinds?.length === 0) throw new TowerkitError('BAD_OPTION', 'kinds: name the kinds there are');
  const { more = {}, numbers = {}, dates = {} } = columns;
  const twice = Object.keys(dates).find((name) => Object.hasOwn(numbers, name));
  if (twice !== undefined)
    throw new TowerkitError('BAD_OPTION', `columns: numbers and dates both have the name "${twice}"`, {
      hint: 'both become numbers of the log: give each a name of its own',
      details: { option: 'columns', name: twice },
    });
  const roles = (Object.keys(KINDS) as Role[])
    .filter((role) => columns[role] !== undefined)
    .map((role) => ({
      role,
      column: columns[role]!,
      kind: KINDS[role],
      ...(role === 'rating' && Number.isNaN(whenEmpty?.rating)
        ? { optional: true }
        : { whenEmpty: role === 'text' ? '' : whenEmpty?.[role] }),
      ...(role === 'kind' && kinds && { kinds }),
    }));
  return {
    roles,
    more: named('more', more, { kind: 'text', whenEmpty: '' }),
    numbers: [
      ...named('number', numbers, { kind: 'number', optional: true }),
      ...named('date', dates, { kind: 'time', optional: true }),
    ],
  };
}

/** Columns of the caller's own names. A name may be any; DuckDB, which ignores case, has one of ours. */
const named = (
  what: string,
  columns: Readonly<Record<string, string>>,
  reading: Omit<Field, 'role' | 'column'>,
): NamedField[] =>
  Object.entries(columns).map(([name, column], place) => ({
    name,
    role: `${what} ${place}`,
    column,
    ...reading,
  }));
