import type { Inspection } from '../inspection.js';
import { gradesOf } from '../guess/grades.js';
import { isSearch } from './search-text.js';

/** The kinds of models that are proposed. */
export type ModelKind = 'next' | 'baskets' | 'set' | 'queries';

/** What kind of model fits the data, its size, and why. */
export interface ModelChoice {
  readonly kind: ModelKind;
  readonly why: readonly string[];
  readonly dimensions: number;
  readonly maxLength: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** Whether ratings are learned beside choices. */
  readonly rates: boolean;
  /** Whether items of the history may be recommended again. */
  readonly repeats: boolean;
  /** Time from which rows are held back, in the units of the log's times; absent where each user's last row is. */
  readonly splitAt?: number;
  /** Share of the rows held back at random, where there is no order. */
  readonly heldBack?: number;
  /** Rating from which an item counts as right for a query. */
  readonly relevantFrom?: number;
}

/** Share of repeats from which they are worth recommending. */
const MANY_REPEATS = 0.15;
/** Share of rows at a time with others of the user from which a log is one of baskets. */
const BASKETS = 0.5;

/** Proposes a kind of model for interactions that were found. */
export function chooseModel(inspection: Inspection): ModelChoice {
  const { log, columns, facts, catalog, users } = inspection;
  const { rows, items, repeats } = facts!;
  const rowCount = log!.file.sampled?.rows ?? rows;
  const isSequence = log!.file.layout.format === 'sequences';
  const ordered = isSequence || (columns!.time !== undefined && facts!.time?.first !== facts!.time?.last);
  const rates = columns!.rating !== undefined && !columns!.kind && isScale(facts!.ratings);
  const many = repeats > MANY_REPEATS && !rates;
  const baskets = ordered && many && (facts!.time?.together ?? 0) > BASKETS && facts!.time?.isClock === true;
  const kind: ModelKind = log!.queries ? 'queries' : baskets ? 'baskets' : ordered ? 'next' : 'set';
  const searches = isSearch(inspection);
  const why = [searches ? SEARCH : WHY[kind]];
  if (many)
    why.push(
      `${Math.round(100 * repeats)}% of the rows repeat an item of their user, so repeats are recommended too`,
    );
  if (rates && kind !== 'queries')
    why.push('ratings are learned beside choices: answers say a rating for each item');
  if (catalog && kind !== 'baskets' && !searches)
    why.push('items are read by their columns too, so that new ones can be recommended');
  if (users && kind !== 'baskets') why.push('users are read by their columns too');
  const small = rowCount < 5000;
  const dimensions = kind === 'baskets' ? 128 : small ? 32 : items < 2000 || rowCount < 50_000 ? 64 : 128;
  if (!searches)
    why.push(`${dimensions} dimensions for ${grouped(rowCount)} rows and ${grouped(items)} items`);
  return {
    ...{ kind, why, dimensions, rates: rates && kind !== 'queries', repeats: many },
    maxLength: facts!.perUser.median >= 20 ? 50 : 20,
    epochs: kind === 'baskets' ? 1 : small ? 20 : rowCount < 200_000 ? 10 : rowCount < 1_000_000 ? 5 : 2,
    // Wide vectors that start from factors are spoiled by larger steps.
    learningRate:
      kind === 'baskets'
        ? 0.00001
        : rowCount > 200_000 || (kind === 'next' && dimensions > 64)
          ? 0.002
          : 0.005,
    ...(baskets && { splitAt: splitAt(facts!.time!) }),
    ...(!ordered && { heldBack: 0.1 }),
    ...(kind === 'queries' &&
      !searches &&
      columns!.rating &&
      !gradesOf(columns!.rating.column) && { relevantFrom: relevantFrom(facts!.ratings!) }),
  };
}

const SEARCH =
  'queries are graded with products that have titles: a search by words and by vectors learns from the grades, and reads new ' +
  'queries and new products';

const WHY: Readonly<Record<ModelKind, string>> = {
  next: 'rows have an order: the model reads the last items of a user and predicts the next',
  baskets:
    'users buy many things at once and again and again: the model asks what they buy in the days to come',
  set: 'rows have no order: the model reads a user as the set of their items, and rows are held back at random',
  queries:
    'queries are graded with items, but without titles of these to search in: the model brings items near that are right for the ' +
    'same query',
};

/** Whether ratings spread over a scale. */
const isScale = (ratings: NonNullable<Inspection['facts']>['ratings']): boolean =>
  ratings !== undefined &&
  ratings.missing < 0.5 &&
  ratings.most > ratings.least &&
  ratings.least >= 0 &&
  (ratings.values?.length ?? 99) >= 3 &&
  !(ratings.least === 0 && (ratings.values?.[0][1] ?? 0) > 0.3);

/** Two thirds up the scale, at a grade that occurs. */
function relevantFrom({
  least,
  most,
  values,
}: NonNullable<NonNullable<Inspection['facts']>['ratings']>): number {
  const from = least + (2 / 3) * (most - least) - 0.01;
  return values?.find(([value]) => value >= from)?.[0] ?? Math.round(100 * from) / 100;
}

/** The last four weeks, or the last tenth of a shorter time. */
const splitAt = ({ first, last }: { first: number; last: number }): number =>
  Math.round(last - Math.min(28 * 86_400, (last - first) / 10));

export const grouped = (value: number): string => value.toLocaleString('en-US');
