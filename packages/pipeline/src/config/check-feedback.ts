import type { FeedbackRules, InteractionColumns } from '@towerkit/data';

/** The keys of `data` that say what rows count as. */
type Feedback = Pick<FeedbackRules, 'kinds' | 'dislikes' | 'weights'>;

/** The columns that such keys need. */
type Columns = Partial<Record<keyof InteractionColumns, unknown>>;

/** What is wrong, and with which key under `data`. */
export interface FeedbackFault {
  readonly key: 'kinds' | 'dislikes' | 'weights';
  readonly message: string;
}

/** The first key under `data` that does not fit the columns of the interactions. */
export function feedbackFault(
  { kinds, dislikes, weights }: Feedback,
  columns: Columns,
): FeedbackFault | undefined {
  const lacks = (key: FeedbackFault['key'], column: keyof Columns, what = 'it needs'): FeedbackFault => ({
    key,
    message: `${what} a column of interactions: data.dataset.columns.${column}`,
  });
  if (kinds && columns.kind === undefined) return lacks('kinds', 'kind');
  if (!kinds && columns.kind !== undefined)
    return {
      key: 'kinds',
      message: 'say what each kind of the column counts as, such as {view: {target: false}, purchase: {}}',
    };
  if (dislikes && columns.rating === undefined) return lacks('dislikes', 'rating');
  if (!weights) return undefined;
  if (weights.halfLife !== undefined && columns.time === undefined)
    return lacks('weights', 'time', 'halfLife needs');
  const { transform, cap } = weights;
  const own = transform !== undefined ? 'transform' : cap !== undefined ? 'cap' : undefined;
  return own && columns.weight === undefined ? lacks('weights', 'weight', `${own} needs`) : undefined;
}

/** The rules of a config, or `undefined` where all rows are history and target alike and weigh the same. */
export function feedbackRules(
  { kinds, dislikes, weights }: Feedback,
  columns: Pick<Columns, 'weight'>,
): FeedbackRules | undefined {
  if (!kinds && !dislikes && weights?.halfLife === undefined && columns.weight === undefined)
    return undefined;
  return { ...(kinds && { kinds }), ...(dislikes && { dislikes }), ...(weights && { weights }) };
}
