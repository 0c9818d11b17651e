import type { Predicate } from '@towerkit/retrieval';

import { TowerkitError } from '../errors.js';
import type { Ranker } from '../ranker.js';
import { encodeKnown } from './contents.js';
import type { ItemFilter } from './item-filter.js';
import type { Content, ContentEncoder, Found } from './question.js';
import type { TitleSearch } from './title-search.js';

/** What items are looked for in. */
interface Searched {
  readonly ranker: Ranker;
  readonly filter: ItemFilter;
  readonly titles: TitleSearch;
}

/** What is looked for. */
export interface SearchQuestion {
  readonly content: Content;
  readonly k: number;
  readonly where?: Predicate;
  /** Dense ids of items that the one who asks had; only a model of search reads it. */
  readonly history?: readonly number[];
}

/**
 * The items most similar to a text or other content. A text of which the model knows nothing is looked for in the titles, and the source
 * then is `titles`.
 *
 * @throws TowerkitError `NO_CONTENT`, `BAD_FILTER`; `EMPTY_TEXT` for a text without a word, where the model is one of search
 */
export async function searchItems(
  searched: Searched,
  { content, k, where, history }: SearchQuestion,
): Promise<Found> {
  const { ranker, filter } = searched;
  if ('text' in content && ranker.searchText) {
    const found = await filter.among(where, (allow) =>
      ranker.searchText!(content.text, k, { allow, history }),
    );
    return found.items.length > 0
      ? { ...found, source: 'text' }
      : findTitles(searched, { query: content.text, k, where });
  }
  const [vector] = await encodeKnown(encoderOf(ranker), [content]);
  const isText = 'text' in content;
  if (!vector && isText) return findTitles(searched, { query: content.text, k, where });
  const found = await filter.among(where, (allow) =>
    vector ? ranker.nearest(vector, k, allow) : { items: [], scores: [] },
  );
  return { ...found, source: isText ? 'text' : 'features' };
}

/**
 * Items by the words of their titles, the popular ones first; see {@link TitleSearch}.
 *
 * @param asked all items where it has no `query`
 * @throws TowerkitError `BAD_FILTER`
 */
export async function findTitles(
  { filter, titles }: Pick<Searched, 'filter' | 'titles'>,
  { query, k, where }: { query?: string; k: number; where?: Predicate },
): Promise<Found> {
  const found = await filter.among(where, (allow) => titles.find(query, k, allow));
  return { ...found, source: 'titles' };
}

/** What encodes contents for a model. @throws TowerkitError `NO_CONTENT` where it reads none */
export function encoderOf({ content, kind }: Pick<Ranker, 'content' | 'kind'>): ContentEncoder {
  if (content) return content;
  throw new TowerkitError('NO_CONTENT', `a model of the kind ${kind} reads no texts or features`, {
    hint: 'give a user or a history, or use a model that reads titles',
  });
}
