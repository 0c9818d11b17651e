import * as api from './api.js';
import { byId, count, showProblem } from './dom.js';
import { lineOf } from './sketch.js';

/** Items found, at most. */
const SHOWN = 10;
/** Milliseconds without a key before the server is asked, and letters before it is worth it. */
const [PAUSE, LETTERS] = [180, 2];

/**
 * The search: as one types, and at once on Enter. Only the answer to the newest text is shown.
 *
 * @param {{pick: (item: object) => void, fail: (problem: Error, showAt: (problem?: Error) => void) => void}} then
 */
export function searchBox({ pick, fail }) {
  const problemAt = (problem) => showProblem(byId('search-problem'), problem);
  let asking = new AbortController();
  let timer;

  const searchNow = async () => {
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    problemAt();
    const text = byId('query').value.trim();
    if (text === '') {
      byId('found').replaceChildren();
      byId('search-status').textContent = '';
      return problemAt(new Error('Say what to look for'));
    }
    try {
      const started = performance.now();
      const answer = await api.search(text, SHOWN, signal);
      if (!signal.aborted) show(answer, performance.now() - started);
    } catch (problem) {
      if (!signal.aborted) fail(problem, problemAt);
    }
  };

  const show = ({ items, source, model }, milliseconds) => {
    const how = source === 'text' ? `by what the text means to ${model}` : 'by the words of titles';
    byId('search-status').textContent =
      items.length === 0
        ? `Nothing found ${how}.`
        : `${count(items.length, 'item')} ${how}, in ${milliseconds.toFixed(0)} ms with the way here.`;
    byId('found').replaceChildren(...items.map((item) => lineOf(item, 'Pick', () => pick(item))));
  };

  byId('search').addEventListener('submit', (event) => (event.preventDefault(), void searchNow()));
  byId('query').addEventListener('input', ({ target }) => {
    clearTimeout(timer);
    if (target.value.trim().length >= LETTERS) timer = setTimeout(() => void searchNow(), PAUSE);
  });
}
