import * as api from './api.js';
import { combobox } from './combobox.js';
import { askOne, knownNow } from './ask.js';
import { changesOf } from './changes.js';
import { showControls, showDiversity } from './controls.js';
import { byId, h, nameOf, showProblem } from './dom.js';
import { noteTimes, showModels, showOutcomes } from './facts.js';
import { markMaps, showMaps } from './map.js';
import { resultsOf } from './results.js';
import { searchBox } from './search-box.js';
import { learnKinds, lineOf } from './sketch.js';
import { showStart } from './start.js';

/** Items picked at most, and of somebody of the data. */
const MOST = 20;

/** Items picked, oldest first. */
let picked = [];
/** The question asked last; answers to older ones are not shown. */
let asked = 0;
/** The answers shown last, by model. */
let before = new Map();

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
  again();
}

function unpick(place) {
  const [item] = picked.slice(place);
  picked = picked.filter((_, at) => at !== place);
  showPicked();
  say(`${nameOf(item)} removed`);
  again();
  const buttons = byId('picked').querySelectorAll('button');
  (buttons[Math.min(place, buttons.length - 1)] ?? byId('pick')).focus();
}

/** What is shown is brought up to date; nothing is asked before somebody has asked. */
function again() {
  const ready = kind() !== 'picks' || picked.length > 0;
  if (!byId('results').hidden && ready) void askAll({ quietly: true });
}

/** Takes an item of the opening, or what somebody of the data had, and asks. */
function begin(items) {
  document.querySelector('input[name=kind][value=picks]').checked = true;
  showKind();
  for (const item of items) if (picked.every(({ id }) => id !== item.id)) picked.push(item);
  picked = picked.slice(-MOST);
  showPicked();
  void askAll();
}

function showPicked() {
  if (byId('results').hidden) markMaps(picked, []);
  byId('picked-none').hidden = picked.length > 0;
  byId('picked').replaceChildren(...picked.map((item, place) => lineOf(item, 'Remove', () => unpick(place))));
}

/** @param options `quietly` leaves the focus where it is */
async function askAll({ quietly = false } = {}) {
  const turn = ++asked;
  const results = byId('results');
  askProblem();
  results.setAttribute('aria-busy', 'true');
  say('Asking');
  try {
    const [models, known] = await Promise.all([api.models(), knownNow(kind(), picked)]);
    const outcomes = await Promise.all(
      models.map((model) => askOne(model, known.body(model), picked.at(-1))),
    );
    if (turn === asked) showResults(outcomes, known.about, quietly);
  } catch (problem) {
    if (turn !== asked) return;
    say('');
    results.hidden = true;
    fail(problem, askProblem);
  } finally {
    if (turn === asked) results.removeAttribute('aria-busy');
  }
}

function showResults(outcomes, about, quietly) {
  for (const outcome of outcomes)
    if (outcome.answer) outcome.changes = changesOf(before.get(outcome.model.name), outcome.answer);
  before = new Map(outcomes.flatMap(({ model, answer }) => (answer ? [[model.name, answer]] : [])));
  const { columns, jump, overlap, said } = resultsOf(outcomes);
  byId('asked').textContent = about;
  byId('overlap').textContent = overlap;
  byId('jump').replaceChildren(...jump);
  byId('jump').hidden = jump.length === 0;
  byId('columns').replaceChildren(...columns);
  byId('results').hidden = false;
  if (!quietly) byId('results-title').focus();
  say(said);
  noteTimes(outcomes);
  const [first] = outcomes.filter(({ answer }) => answer);
  markMaps(kind() === 'picks' ? picked : [], first?.answer.items ?? [], first?.model.name);
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

function startOver() {
  asked++; // an answer on its way is not wanted any more
  picked = [];
  before = new Map();
  byId('results').hidden = true;
  showPicked();
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
    showModels(models);
    const overview = await api.overview();
    learnKinds(overview);
    showStart(overview, {
      pick: (item) => begin([item]),
      stepInto: ({ latest }) => (startOver(), begin(latest)),
    });
    showControls(overview, again);
    showMaps(overview, pickFound);
    markMaps(picked, []);
    showOutcomes(await api.outcomes());
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
  startOver();
  setTimeout(showKind); // the controls are reset after this event
  setTimeout(() => showDiversity());
  say('Started over');
});
searchBox({ pick: pickFound, fail });
showKind();
void start();
