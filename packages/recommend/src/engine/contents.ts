import { Matrix } from '@towerkit/core';

import { isZero } from './best-of.js';
import { failureOf } from './outcome.js';
import type { Asker, Content, ContentEncoder, Failure, Question } from './question.js';

/** A question: its place among those asked, the items that pass its filter, and what is known of who asks. */
export interface Asked {
  readonly place: number;
  readonly question: Question;
  readonly asker?: Asker;
  readonly allow?: Float64Array;
}

/** The same with the vector of its content, where it has any of which something is known. */
export interface Encoded extends Asked {
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
  questions: readonly Asked[],
  encoder: () => ContentEncoder,
): Promise<{ encoded: Encoded[]; failures: Map<number, Failure> }> {
  const asked = questions.filter(({ question }) => question.content);
  if (asked.length === 0) return { encoded: [...questions], failures: new Map() };
  try {
    const vectors = await encodeKnown(
      encoder(),
      asked.map(({ question }) => question.content!),
    );
    const rows = new Map(asked.map((each, row) => [each, vectors[row]]));
    return { encoded: questions.map((each) => ({ ...each, vector: rows.get(each) })), failures: new Map() };
  } catch (error) {
    if (questions.length === 1)
      return { encoded: [], failures: new Map([[questions[0].place, failureOf(error)]]) };
  }
  const encoded: Encoded[] = [];
  const failures = new Map<number, Failure>();
  for (const each of questions) {
    const alone = await encodeContents([each], encoder);
    encoded.push(...alone.encoded);
    for (const [place, failure] of alone.failures) failures.set(place, failure);
  }
  return { encoded, failures };
}

/** Vectors of contents; `undefined` for one of which the encoder knows nothing. @throws TowerkitError what it throws */
export async function encodeKnown(
  encoder: ContentEncoder,
  contents: readonly Content[],
): Promise<(Float32Array | undefined)[]> {
  const vectors = await encoder.encode(contents);
  return contents.map((_, row) => (isZero(vectors.row(row)) ? undefined : vectors.row(row)));
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
