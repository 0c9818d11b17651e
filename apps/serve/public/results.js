import { changeOf } from './changes.js';
import { count, distance, h, nameOf } from './dom.js';
import { sketchOf } from './sketch.js';

/**
 * The answers side by side.
 *
 * @param {{model: object, answer?: object, problem?: Error, stood?: object[], changes?: object, alike?: boolean}[]} outcomes
 *   of each model; `stood` are the items that stood in for words, `changes` what became of the list before, `alike` says that
 *   the model could not make items unlike each other
 * @returns {{columns: Node[], jump: Node[], overlap: string, said: string}}
 */
export function resultsOf(outcomes) {
  const answered = outcomes.filter(({ answer }) => answer);
  const lists = new Map();
  for (const { model, answer } of answered)
    for (const { id } of answer.items) lists.set(id, [...(lists.get(id) ?? []), model.name]);
  const shared = [...lists.values()].filter((names) => names.length > 1).length;
  const several = answered.length > 1;
  return {
    columns: outcomes.map((outcome, at) => columnOf(outcome, at, lists, several)),
    jump: several ? outcomes.map(({ model }, at) => h('a', { href: `#model-${at}` }, model.name)) : [],
    overlap: !several
      ? ''
      : shared === 0
        ? 'No item stands in more than one list.'
        : `${count(shared, 'item stands', 'items stand')} in more than one list, marked with how many.`,
    said: `${count(answered.length, 'model')} answered${several ? `, ${count(shared, 'item')} in more than one list` : ''}`,
  };
}

function columnOf({ model, answer, problem, stood, changes, alike }, at, lists, several) {
  const title = `model-${at}`;
  const quality = model.metrics?.['hr@10'];
  return h(
    'section',
    { class: 'card column', 'aria-labelledby': title },
    h('h3', { id: title, tabindex: '-1' }, model.name),
    h(
      'p',
      { class: 'facts' },
      h('span', {}, model.rerank ? `${model.kind}, ranked again by ${model.rerank}` : model.kind),
      quality !== undefined &&
        h(
          'span',
          { title: 'share of held-out items among the first ten' },
          `hit rate@10 ${quality.toFixed(3)}`,
        ),
      answer && h('strong', {}, `${answer.took_ms.toFixed(1)} ms`),
    ),
    ...(problem
      ? [h('p', { class: 'problem', role: 'alert' }, problem.text ?? problem.message)]
      : bodyOf(model, answer, stood, alike)),
    answer &&
      h(
        'ol',
        { 'aria-labelledby': title },
        ...answer.items.map((item) => itemOf(item, lists.get(item.id), several, model, changes)),
      ),
    answer?.items.length === 0 && h('p', { class: 'help' }, 'It has nothing to recommend.'),
    changes?.left.length > 0 &&
      h('p', { class: 'help left' }, `No longer here: ${changes.left.map(nameOf).join('; ')}.`),
  );
}

function bodyOf(model, { source, unknown_items: unknown = [], history, gates }, stood, alike) {
  return [
    alike && note('It has no vectors of items: diversity does not reach it.'),
    stood?.length > 0 && note(`Reads no text: made from ${stood.map(nameOf).join('; ')}.`),
    unknown.length > 0 && note(`It does not know ${unknown.join(', ')}.`),
    source === 'popularity' &&
      note(
        model.kind === 'popularity'
          ? 'The same for everybody: what is popular.'
          : 'Not personal: what is popular, as it knows nothing of this user.',
      ),
    history > 0 && !model.explains && model.kind !== 'popularity' && note('It cannot say why.'),
    gates &&
      h(
        'details',
        {},
        h('summary', {}, 'How it reads your picks'),
        h('p', { class: 'help' }, 'How much the model makes of what it reads of the history:'),
        gateBars(gates),
      ),
  ];
}

const note = (text) => h('p', { class: 'note' }, text);

function itemOf(item, names, several, model, changes) {
  const shared = several && names.length > 1;
  const others = names.filter((name) => name !== model.name);
  const change = changes && changeOf(changes.rose.get(item.id));
  return h(
    'li',
    { 'data-id': item.id, ...(shared && { class: 'shared' }) },
    sketchOf(item),
    h('span', { class: 'name' }, nameOf(item)),
    ' ',
    change &&
      h(
        'span',
        { class: 'change', title: change.words },
        h('span', { 'aria-hidden': 'true' }, change.sign),
        h('span', { class: 'visually-hidden' }, change.words),
      ),
    shared &&
      h(
        'span',
        { class: 'badge', title: `also ${others.join(', ')}` },
        `in ${names.length} lists`,
        h('span', { class: 'visually-hidden' }, `, also of ${others.join(', ')}`),
      ),
    item.distanceKm !== undefined && h('span', { class: 'far' }, `${distance(item.distanceKm)} away`),
    item.reason && because(item.reason.history),
    item.reason && whyOf(item),
  );
}

/** The weightiest reasons, in words. */
function because(history) {
  const reasons = history.filter(({ weight }) => weight > 0).slice(0, 2);
  return (
    reasons.length > 0 &&
    h('p', { class: 'because' }, `Because of ${reasons.map((one) => shortened(nameOf(one))).join(' and ')}.`)
  );
}

/** A title that fits a line of a list; whole, it stands among the bars below. */
const shortened = (name) => (name.length > 40 ? `${name.slice(0, 40).replace(/[\s,;:-]+\S*$/, '')} …` : name);

function whyOf({ reason: { history, gates }, ...item }) {
  if (history.length === 0 && !gates) return undefined;
  const most = Math.max(...history.map(({ weight }) => Math.abs(weight)), Number.MIN_VALUE);
  return h(
    'details',
    {},
    h('summary', {}, 'Why', h('span', { class: 'visually-hidden' }, ` ${nameOf(item)}`)),
    history.length > 0 &&
      h(
        'ul',
        { class: 'bars' },
        ...history.map((one) =>
          bar(nameOf(one), one.weight, Math.abs(one.weight) / most, one.weight < 0 ? 'against' : 'for'),
        ),
      ),
    gates && h('p', { class: 'help' }, 'How much the model makes of what it reads of this item:'),
    gates && gateBars(gates),
  );
}

/** Gate weights are in (0, 2); 1 changes nothing. */
const gateBars = (gates) =>
  h(
    'ul',
    { class: 'bars' },
    ...Object.entries(gates).map(([name, weight]) => bar(name, weight, Math.min(1, weight / 2), 'gate')),
  );

/** A labelled bar; its length is `share` of the room there is. */
function bar(label, weight, share, kind) {
  const line = h('span', { class: `bar ${kind}`, 'aria-hidden': 'true' });
  line.style.setProperty('--share', share.toFixed(3));
  const figure = `${kind === 'for' ? '+' : ''}${weight.toFixed(2)}`;
  return h(
    'li',
    {},
    h('span', { class: 'bar-label' }, label, ' ', h('span', { class: 'figure' }, figure)),
    line,
  );
}
