import { isTowerkitError } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import { readJson } from './read-json.js';

/** An endpoint that ranks documents for a query, in the shape of Cohere and Jina. */
export interface HttpRerankerOptions {
  /** Such as `https://api.jina.ai/v1/rerank`. */
  readonly url: string;
  /** What the endpoint calls its model; not sent when absent. */
  readonly model?: string;
  /** Sent as `authorization: Bearer KEY`. */
  readonly key?: string;
  /** Milliseconds until the answer must be there in whole. Default 500. */
  readonly timeout?: number;
}

/** A document by its place in the question, with the endpoint's score. */
export interface Scored {
  readonly index: number;
  readonly score: number;
}

/** Asks an endpoint: `{model, query, documents, top_n}` -> `{results: [{index, relevance_score}]}`. */
export class HttpReranker {
  constructor(readonly options: HttpRerankerOptions) {
    const { url, timeout = 500 } = options;
    const bad = (option: string, value: unknown, hint: string) =>
      new TowerkitError('BAD_OPTION', `the reranker's ${option} is ${JSON.stringify(value)}`, {
        hint,
        details: { option, value },
      });
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw bad('url', url, 'give an address that begins with http:// or https://');
    if (!(timeout > 0 && Number.isFinite(timeout)))
      throw bad('timeout', timeout, 'give a number of milliseconds greater than 0');
  }

  /**
   * The best documents for a query, best first.
   *
   * @param documents texts; must not be empty
   * @param most how many; fewer where there are fewer documents, or the endpoint leaves some out
   * @throws TowerkitError `TIMEOUT`; `UNAVAILABLE` where it cannot be reached or has a status of 300 or more; `BAD_ANSWER` for what
   *   is not of that shape: no JSON, places that are not there or twice, scores that are no finite numbers
   */
  async rank(query: string, documents: readonly string[], most: number): Promise<Scored[]> {
    const { url, model, key, timeout = 500 } = this.options;
    const top_n = Math.min(most, documents.length);
    const signal = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({ ...(model !== undefined && { model }), query, documents, top_n }),
        redirect: 'manual', // the key is for this address
        signal,
      });
      if (response.status >= 300 || response.status < 200) {
        await response.body?.cancel();
        throw new TowerkitError('UNAVAILABLE', `the reranker answered with status ${response.status}`);
      }
      return scoredOf(await readJson(response), documents.length);
    } catch (cause) {
      if (signal.aborted)
        throw new TowerkitError('TIMEOUT', `the reranker took more than ${timeout} ms`, { cause });
      if (isTowerkitError(cause)) throw cause;
      throw new TowerkitError('UNAVAILABLE', 'the reranker cannot be reached', { cause });
    }
  }
}

/** @throws TowerkitError `BAD_ANSWER` */
function scoredOf(answer: unknown, documents: number): Scored[] {
  const bad = (what: string) => new TowerkitError('BAD_ANSWER', `the reranker's answer ${what}`);
  const { results } = (answer ?? {}) as { results?: unknown };
  if (!Array.isArray(results)) throw bad('has no list of results');
  const seen = new Set<number>();
  return results
    .map((one: unknown) => {
      const { index, relevance_score: score } = (one ?? {}) as { index?: unknown; relevance_score?: unknown };
      if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= documents)
        throw bad(`names a document that was not sent: ${JSON.stringify(index)}`);
      if (seen.size === seen.add(index).size) throw bad(`names document ${index} twice`);
      if (typeof score !== 'number' || !Number.isFinite(score))
        throw bad(`has no score for document ${index}`);
      return { index, score };
    })
    .sort((a, b) => b.score - a.score || a.index - b.index);
}
