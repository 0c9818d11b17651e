import * as api from './api.js';
import { controlsNow, radiusNow } from './controls.js';
import { byId, count, nameOf } from './dom.js';
import { kilometres } from './map.js';
import { knownItem } from './sketch.js';

/** Items of an answer. */
const SHOWN = 10;
/** Models that have said that they have no vectors of items: diversity does not reach them. */
const alike = new Set();
/** Items that stand in for words where a model reads none. */
const STAND_IN = 3;

/**
 * What is known of somebody, as questions to each model say it.
 *
 * @param {string} kind what was chosen: picks, ids, words, nothing
 * @param {object[]} picked oldest first
 * @throws Error saying what is missing
 */
export async function knownNow(kind, picked) {
  switch (kind) {
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

/**
 * Asks one model, as the controls say. A model without vectors of items is asked without diversity (`alike` then says so).
 *
 * @param {object} model
 * @param {object} body what is known of somebody; `stood` are the items that stand in for words
 * @param {object} [last] the last pick, whose place distances are from
 */
export async function askOne(model, { stood, ...body }, last) {
  if (stood?.length === 0)
    return { model, problem: new Error('It reads no text, and no item was found by these words.') };
  const context = model.context && momentNow(model.context);
  const from = body.history && last && knownItem(last.id);
  const { diversity, ...controls } = controlsNow();
  const ask = async (more) => {
    const answer = await api.recommend({
      ...{ ...body, ...controls, ...more, context, k: SHOWN, explain: true, model: model.name },
      ...nearOf(from),
    });
    return { model, answer: from ? withDistances(answer, from) : answer, stood };
  };
  try {
    return await ask({ diversity: alike.has(model.name) ? undefined : diversity })
      .catch((problem) => {
        if (problem.code !== 'NO_VECTORS' || !diversity) throw problem;
        alike.add(model.name);
        return ask({});
      })
      .then((outcome) => ({ ...outcome, alike: diversity > 0 && alike.has(model.name) }));
  } catch (problem) {
    return { model, problem };
  }
}

/** Only what lies around the last pick, where that is asked for. */
function nearOf(from) {
  const radiusKm = radiusNow();
  if (radiusKm === undefined || from?.latitude === undefined) return {};
  return { near: { lat: from.latitude, lon: from.longitude, radiusKm } };
}

function withDistances(answer, from) {
  if (from.latitude === undefined) return answer;
  const items = answer.items.map((item) => {
    const place = knownItem(item.id);
    return item.distanceKm === undefined && place?.latitude !== undefined
      ? { ...item, distanceKm: kilometres(from, place) }
      : item;
  });
  return { ...answer, items };
}

/** What a question has to say of its moment: this page knows no more than the time, which the server has. */
const momentNow = (columns) =>
  Object.fromEntries(
    Object.keys(columns).flatMap((name) => (columns[name] === 'time' ? [] : [[name, null]])),
  );
