import { TowerkitError } from '../errors.js';
import type { Labels } from '../schema.js';

/**
 * The gain of a label, from 0 for irrelevant to 1: by the table, or (label - low) / (high - low) in a range.
 *
 * @returns undefined for a label outside the table or the range
 */
export function gainOf(labels: Labels, label: string): number | undefined {
  if ('table' in labels) return Object.hasOwn(labels.table, label) ? labels.table[label] : undefined;
  const [low, high] = labels.range;
  const value = label.trim() === '' ? NaN : Number(label);
  return value >= low && value <= high ? (value - low) / (high - low) : undefined;
}

/** @returns what labels there may be, for messages */
export const describeLabels = (labels: Labels): string =>
  'table' in labels ? Object.keys(labels.table).join(', ') : `numbers from ${labels.range.join(' to ')}`;

/** @throws TowerkitError `BAD_LABEL` naming the judgment */
export function requireGain(
  labels: Labels,
  label: string,
  { file, query, product }: { file: string; query: string; product: string },
): number {
  const gain = gainOf(labels, label);
  if (gain !== undefined) return gain;
  throw new TowerkitError(
    'BAD_LABEL',
    `${file}: ${JSON.stringify(query)} and product ${product} have the label ${JSON.stringify(label)}`,
    {
      hint: `the labels known are ${describeLabels(labels)}; see search.judgments.labels of the config`,
      details: { file, query, product, label },
    },
  );
}
