/** What a server that cannot answer has said: a problem document of RFC 9457, or none because it was not reached. */
export class Problem extends Error {
  /** @param {{detail: string, code?: string, hint?: string, status?: number, retryAfter?: number}} about */
  constructor({ detail, code = 'UNREACHABLE', hint, status = 0, retryAfter }) {
    super(detail);
    Object.assign(this, { code, hint, status, retryAfter });
  }

  /** What to show: what happened, and what to do about it. */
  get text() {
    const wait = this.retryAfter ? `Try again in ${this.retryAfter} s` : undefined;
    return [this.message, this.hint ?? wait].filter(Boolean).join('. ');
  }
}

/** Milliseconds before a question is given up. */
const PATIENCE = 15_000;
/** Kept while the page is open, and nowhere else. */
let key;

/** @param {string} value */
export function useKey(value) {
  key = value;
}

/** The models that are loaded. */
export const models = async () => (await ask('v1/models')).models;

/** What there is to see before anything is asked. */
export const overview = () => ask('v1/overview');

/** What came of experiments in the last 30 days, by arm. */
export const outcomes = async () => (await ask('v1/experiments/outcomes')).arms;

/** Items whose titles have words that begin so; the most popular ones without any. */
export const itemsBy = async (text, signal) =>
  (await ask(`v1/items?${new URLSearchParams({ ...(text && { q: text }), k: '8' })}`, { signal })).items;

/** One item of the catalog. */
export const item = (id) => ask(`v1/items/${encodeURIComponent(id)}`);

/** Items by a text. */
export const search = (text, k, signal) =>
  ask(`v1/search?${new URLSearchParams({ q: text, k: String(k) })}`, { signal });

/** What a model recommends; a question is the body of `POST /v1/recommendations`. */
export const recommend = (question) =>
  ask('v1/recommendations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });

async function ask(path, { signal, headers, ...rest } = {}) {
  const given = AbortSignal.timeout(PATIENCE);
  let response, said;
  try {
    response = await fetch(path, {
      ...rest,
      headers: { ...headers, ...(key && { 'x-api-key': key }) },
      signal: signal ? AbortSignal.any([signal, given]) : given,
    });
    said = await response.text(); // a question may also be given up, or the server gone, while an answer comes in
  } catch (error) {
    if (signal?.aborted) throw error;
    const late = error.name === 'TimeoutError';
    throw new Problem({
      detail: late ? 'The server took too long' : 'The server does not answer',
      hint: 'Is it running? Try again.',
    });
  }
  const body = parsed(said);
  if (response.ok && body !== undefined) return body;
  throw new Problem({
    detail: sentence(body?.detail ?? `The server answered ${response.status}`),
    code: body?.code ?? 'UNKNOWN',
    hint: body?.hint && sentence(body.hint),
    status: response.status,
    retryAfter: Number(response.headers.get('retry-after')) || undefined,
  });
}

/** What a text in JSON says; nothing for any other. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
