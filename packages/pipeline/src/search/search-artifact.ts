import { denseHistory, namedItems, openArtifact, type AnswerItem } from '@towerkit/recommend';
import type { Predicate } from '@towerkit/retrieval';

import { modelKinds } from '../model-kinds.js';
import { TowerkitError } from '../errors.js';

/** Options of {@link searchArtifact}. */
export interface SearchArtifactOptions {
  /** How many items. Default 10. */
  readonly k?: number;
  /** What items must meet, or that as JSON. */
  readonly where?: Predicate | string;
  /** Ids of products that the one who asks had: those like them come sooner, where the model is one of search. */
  readonly history?: readonly string[];
  /** Folder of local text models. */
  readonly models?: string;
}

/** Items found by a text, best first. */
export interface SearchAnswer {
  /** With `lexical` and `tower`, what the score is made of, where the model is one of search. */
  readonly items: readonly AnswerItem[];
  /** `text`, or `titles` where the model knows no word of the text and titles were looked through. */
  readonly source: string;
}

/**
 * Finds items of an artifact by a text.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; `EMPTY_TEXT`; `UNKNOWN_ITEM`; `NO_CONTENT` for a model that reads no texts;
 *   `BAD_OPTION` for what is no JSON, `BAD_FILTER`
 * @example
 * ```ts
 * const { items } = await searchArtifact('artifacts/search', 'cordless drill 18v', { k: 5 });
 * ```
 */
export async function searchArtifact(
  folder: string,
  text: string,
  { k = 10, where, history = [], models }: SearchArtifactOptions = {},
): Promise<SearchAnswer> {
  const predicate = typeof where === 'string' ? predicateOf(where) : where;
  const artifact = await openArtifact(folder, { kinds: modelKinds, models });
  try {
    const found = await artifact.engine.search({
      ...{ content: { text }, k, where: predicate },
      history: denseHistory(artifact, history),
    });
    return { items: namedItems(artifact, found), source: found.source };
  } finally {
    await artifact.dispose();
  }
}

/** A predicate from JSON; that it is one is checked where it filters. */
function predicateOf(text: string): Predicate {
  try {
    return JSON.parse(text) as Predicate;
  } catch (cause) {
    throw new TowerkitError('BAD_OPTION', `the filter is not JSON: ${text}`, {
      hint: 'write it as {"brand": "acme"} or {"price": {"lt": 20}}',
      details: { option: 'filter', value: text },
      cause,
    });
  }
}
