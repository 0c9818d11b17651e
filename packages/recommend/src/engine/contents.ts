import { Matrix } from '@towerkit/core';

import { failureOf } from './outcome.js';
import type { ContentEncoder, Failure, Question } from './question.js';

/** A question that something is known of: its place among those asked, and the items that pass its filter. */
export interface Warm {
  readonly place: number;
  readonly question: Question;
  readonly allow?: Float64Array;
}

/** The same with the vector of its content, where it has any. */
export interface Encoded extends Warm {
  readonly vector?: Float32Array;
}

/**
 * Encodes the contents of questions, together where that goes well. Where it does not, one by one: a content that cannot be
 * encoded takes nobody else's answer away.
 *
 * @param encoder is asked for where there is a content; may throw `NO_CONTENT`
 * @returns the questions that can be answered, and what became of the others by their place
 */
export async function encodeContents(
  warm: readonly Warm[],
  encoder: () => ContentEncoder,
): Promise<{ encoded: Encoded[]; failures: Map<number, Failure> }> {
  const asked = warm.filter(({ question }) => question.content);
  if (asked.length === 0) return { encoded: [...warm], failures: new Map() };
  try {
    const vectors = await encoder().encode(asked.map(({ question }) => question.content!));
    const rows = new Map(asked.map((each, row) => [each, vectors.row(row)]));
    return { encoded: warm.map((each) => ({ ...each, vector: rows.get(each) })), failures: new Map() };
  } catch (error) {
    if (warm.length === 1) return { encoded: [], failures: new Map([[warm[0].place, failureOf(error)]]) };
  }
  const encoded: Encoded[] = [];
  const failures = new Map<number, Failure>();
  for (const each of warm) {
    const alone = await encodeContents([each], encoder);
    encoded.push(...alone.encoded);
    for (const [place, failure] of alone.failures) failures.set(place, failure);
  }
  return { encoded, failures };
}

/**
 * Histories as a model reads them: a content is the last item, with an id beyond those of the catalog.
 *
 * @param items of the catalog
 * @returns also what those ids stand for, [contents, dimensions]
 */
export function historiesOf(
  questions: readonly Encoded[],
  items: number,
): { histories: (readonly number[])[]; contentVectors: Matrix | undefined } {
  const vectors = questions.flatMap(({ vector }) => vector ?? []);
  const contentVectors = vectors.length > 0 ? new Matrix(vectors.length, vectors[0].length) : undefined;
  vectors.forEach((vector, row) => contentVectors!.row(row).set(vector));
  let next = items;
  const histories = questions.map(({ question: { history }, vector }) =>
    vector ? [...history, next++] : history,
  );
  return { histories, contentVectors };
}
