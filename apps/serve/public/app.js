import * as api from './api.js';
import { combobox } from './combobox.js';
import { byId, count, h, nameOf, showProblem } from './dom.js';
import { resultsOf } from './results.js';

/** Items of an answer, and picked at most. */
const SHOWN = 10;
const MOST = 20;
/** Items that stand in for words where a model reads none. */
const STAND_IN = 3;

/** Items picked, oldest first. */
let picked = [];
/** The question asked last; answers to older ones are not shown. */
let asked = 0;

const say = (text) => (byId('status').textContent = text);
const kind = () => document.querySelector('input[name=kind]:checked').value;
const askProblem = (problem) => showProblem(byId('ask-problem'), problem);

function pick(item) {
  if (picked.some(({ id }) => id === item.id)) return say(`${nameOf(item)} is picked already`);
  if (picked.length === MOST) return askProblem(new Error(`${MOST} items are enough`));
  picked = [...picked, item];
  askProblem();
  showPicked();
  say(`${nameOf(item)} picked, ${picked.length} in all`);
}

function unpick(place) {
  const [item] = picked.slice(place);
  picked = picked.filter((_, at) => at !== place);
  showPicked();
  say(`${nameOf(item)} removed`);
  const buttons = byId('picked').querySelectorAll('button');
  (buttons[Math.min(place, buttons.length - 1)] ?? byId('pick')).focus();
}

function showPicked() {
  byId('picked-none').hidden = picked.length > 0;
  byId('picked').replaceChildren(
    ...picked.map((item, place) =>
      h(
        'li',
        {},
        h('span', { class: 'name' }, nameOf(item)),
        h(
          'button',
          {
            type: 'button',
            class: 'small',
            'aria-label': `Remove ${nameOf(item)}`,
            click: () => unpick(place),
          },
          'Remove',
        ),
      ),
    ),
  );
}

/** What is known of somebody, as questions to each model say it. @throws Error saying what is missing */
async function knownNow() {
  switch (kind()) {
    case 'picks': {
      if (picked.length === 0) throw new Error('Pick an item first; three are better');
      return {
        about: `For somebody who had ${picked.map(nameOf).join('; ')}.`,
        body: () => ({ history: picked.map(({ id }) => id) }),
      };
    }
    case 'ids': {
      const ids = byId('ids')
        .value.split(/[\s,;]+/)
        .filter(Boolean);
      if (ids.length === 0) throw new Error('Give an item id first; three are better');
      return {
        about: `For a new user of whom ${count(ids.length, 'item')} are known: ${ids.join(', ')}.`,
        body: () => ({ history: ids }),
      };
    }
    case 'words': {
      const text = byId('words').value.trim();
      if (text === '') throw new Error('Say in words what they like');
      return { about: `For a new user who likes “${text}”.`, body: await bodyOfWords(text) };
    }
    default:
      return { about: 'For a new user of whom nothing is known.', body: () => ({}) };
  }
}

async function bodyOfWords(text) {
  const { items } = await api.search(text, STAND_IN);
  return ({ reads = [] }) =>
    reads.includes('text') ? { text } : { history: items.map(({ id }) => id), stood: items };
}

async function askAll() {
  const turn = ++asked;
  const results = byId('results');
  askProblem();
  results.setAttribute('aria-busy', 'true');
  say('Asking');
  try {
    const [models, known] = await Promise.all([api.models(), knownNow()]);
    const outcomes = await Promise.all(models.map((model) => askOne(model, known.body(model))));
    if (turn === asked) showResults(outcomes, known.about);
  } catch (problem) {
    if (turn !== asked) return;
    say('');
    results.hidden = true;
    fail(problem, askProblem);
  } finally {
    if (turn === asked) results.removeAttribute('aria-busy');
  }
}

async function askOne(model, { stood, ...body }) {
  if (stood?.length === 0)
    return { model, problem: new Error('It reads no text, and no item was found by these words.') };
  try {
    const context = model.context && momentNow(model.context);
    const answer = await api.recommend({ ...body, context, k: SHOWN, explain: true, model: model.name });
    return { model, answer, stood };
  } catch (problem) {
    return { model, problem };
  }
}

/** What a question has to say of its moment: this page knows no more than the time, which the server has. */
const momentNow = (columns) =>
  Object.fromEntries(
    Object.keys(columns).flatMap((name) => (columns[name] === 'time' ? [] : [[name, null]])),
  );

function showResults(outcomes, about) {
  const { columns, jump, overlap, said } = resultsOf(outcomes);
  byId('asked').textContent = about;
  byId('overlap').textContent = overlap;
  byId('jump').replaceChildren(...jump);
  byId('jump').hidden = jump.length === 0;
  byId('columns').replaceChildren(...columns);
  byId('results').hidden = false;
  byId('results-title').focus();
  say(said);
}

async function searchNow() {
  const problemAt = (problem) => showProblem(byId('search-problem'), problem);
  problemAt();
  const text = byId('query').value.trim();
  byId('found').replaceChildren();
  byId('search-status').textContent = '';
  if (text === '') return problemAt(new Error('Say what to look for'));
  try {
    const started = performance.now();
    const { items, source, model } = await api.search(text, SHOWN);
    const took = `${(performance.now() - started).toFixed(0)} ms`;
    const how = source === 'text' ? `by what the text means to ${model}` : 'by the words of titles';
    byId('search-status').textContent =
      items.length === 0
        ? `Nothing found ${how}.`
        : `${count(items.length, 'item')} ${how}, in ${took} with the way here.`;
    byId('found').replaceChildren(
      ...items.map((item) =>
        h(
          'li',
          {},
          h('span', { class: 'name' }, nameOf(item)),
          h(
            'button',
            {
              type: 'button',
              class: 'small',
              'aria-label': `Pick ${nameOf(item)}`,
              click: () => pickFound(item),
            },
            'Pick',
          ),
        ),
      ),
    );
  } catch (problem) {
    fail(problem, problemAt);
  }
}

function pickFound(item) {
  document.querySelector('input[name=kind][value=picks]').checked = true;
  showKind();
  pick(item);
}

function showKind() {
  for (const part of document.querySelectorAll('[data-kind]')) part.hidden = part.dataset.kind !== kind();
  askProblem();
}

/** Shows a problem where it arose; where a key is missing, asks for it. */
function fail(problem, showAt) {
  showAt(problem);
  if (problem.code === 'UNAUTHORIZED') askForKey(() => (showAt(), start()));
}

function askForKey(then) {
  const input = h('input', { id: 'key', type: 'password', autocomplete: 'off' });
  const form = h(
    'form',
    {
      class: 'card',
      submit: (event) => (event.preventDefault(), api.useKey(input.value.trim()), form.remove(), then()),
    },
    h('label', { for: 'key' }, 'This server asks for an API key'),
    h('div', { class: 'row' }, input, h('button', { type: 'submit' }, 'Use it')),
  );
  byId('key-place').replaceChildren(form);
  input.focus();
}

async function start() {
  try {
    const models = await api.models();
    const many = models.length > 1;
    byId('about').textContent =
      `Pick three items. ${many ? `${models.length} models answer, side by side` : `${models[0].name} answers`}, from ` +
      `${models[0].items.toLocaleString('en')} items: what, why and how quickly.`;
  } catch (problem) {
    fail(problem, askProblem);
  }
}

combobox({
  input: byId('pick'),
  list: byId('pick-list'),
  find: api.itemsBy,
  render: (item) => [
    h('span', {}, nameOf(item)),
    h('small', {}, `${item.id}, had by ${item.training_count.toLocaleString('en')}`),
  ],
  pick,
  say,
  fail: (problem) => (problem ? fail(problem, askProblem) : askProblem()),
});
byId('ask').addEventListener('change', ({ target }) => target.name === 'kind' && showKind());
byId('ask').addEventListener('submit', (event) => (event.preventDefault(), void askAll()));
byId('ask').addEventListener('reset', () => {
  asked++; // an answer on its way is not wanted any more
  picked = [];
  showPicked();
  byId('results').hidden = true;
  setTimeout(showKind); // the controls are reset after this event
  say('Started over');
});
byId('search').addEventListener('submit', (event) => (event.preventDefault(), void searchNow()));
showKind();
void start();
