import { isTowerkitError, TowerkitError, type Rng } from '@towerkit/core';
import { denseIds, placeOf, teamDraft, userHistory, type UserHistory } from '@towerkit/events';
import { namedItems, rerankFound, type Content, type Found, type Question } from '@towerkit/recommend';
import { performance } from 'node:perf_hooks';

import type { Context } from './context.js';
import type { ServedModel } from './models/served-model.js';
import type { Answer, QuestionBody } from './schemas/recommendations.js';

/** What came of asking one model. */
interface Reply {
  readonly model: ServedModel;
  readonly found: Found;
  readonly known: Known;
}

/** What is known of who asks; `blind` where the store of events could not be read. */
type Known = UserHistory & { readonly blind?: boolean };

/** Stands for a store that cannot be read: an answer from the training alone is better than none. */
const NO_EVENTS = { history: () => Promise.resolve([]) };

/** What an answer holds beside its id and the time it took, and whose items it shows. */
interface Served {
  readonly answer: Omit<Answer, 'id' | 'took_ms'>;
  readonly arms: readonly string[];
  /** For each item, the place in `arms` of the model that gave it. */
  readonly teams: readonly number[];
}

/** Answers a question with the model it names, else with that of the user's share, or the lists of two interleaved. */
export async function answer(context: Context, body: QuestionBody): Promise<Answer> {
  const started = performance.now();
  const { options, registry, impressions } = context;
  const id = context.newId();
  const rng = context.nextRng();
  const measure = rng.uniform() < options.measureShare;
  const ask = (model: ServedModel) => askModel(context, model, body, measure);
  const alone = async (model: ServedModel) => single(context, await ask(model));
  let served: Served;
  if (body.model !== undefined) served = await alone(registry.named(body.model));
  else if (options.interleave)
    served = interleaved(context, await Promise.all(registry.pair.map(ask)), body.k, rng);
  else {
    const { model, experiment } = armOf(context, body, rng);
    const { answer, ...rest } = await alone(model);
    served = { ...rest, answer: { ...answer, experiment } };
  }
  const { arms, teams } = served;
  const { items, version, experiment } = served.answer;
  impressions.add({
    id,
    at: Date.now(),
    experiment: experiment?.kind ?? 'none',
    arms,
    version,
    user: body.user,
    session: body.session,
    items: items.map((item) => item.id),
    teams,
  });
  const took_ms = Math.round((performance.now() - started) * 1000) / 1000;
  return { id, ...served.answer, took_ms };
}

/** The model of the user's share, of the session's, or of a draw; and what to say of it where there are shares. */
function armOf(
  { registry }: Context,
  { user, session }: QuestionBody,
  rng: Rng,
): { model: ServedModel; experiment: Answer['experiment'] } {
  const key = user ?? session;
  const model = registry.at(key === undefined ? rng.uniform() : placeOf(key));
  if (!registry.split) return { model, experiment: undefined };
  const by = user !== undefined ? 'user' : session !== undefined ? 'session' : 'draw';
  return { model, experiment: { kind: 'split', arm: model.name, by } };
}

/** The answer of one model. */
function single({ metrics }: Context, reply: Reply): Served {
  const { model, found } = reply;
  metrics.answered(model, found);
  const items = itemsOf(model, found);
  return { answer: { ...about(reply), items }, arms: [model.name], teams: items.map(() => 0) };
}

/** The lists of two models by team draft; only what is shown counts for a model. */
function interleaved({ metrics }: Context, replies: readonly Reply[], k: number, rng: Rng): Served {
  const [first, second] = replies.map(({ model, found }) =>
    itemsOf(model, found).map((item, place) => ({ ...item, model: model.name, dense: found.items[place] })),
  );
  const drafted = teamDraft(
    [first, second],
    k,
    () => rng.uniform() < 0.5,
    ({ id }) => id,
  );
  for (const [place, { model, found }] of replies.entries()) {
    const shown = drafted.flatMap(({ item, team }) => (team === place ? item.dense : []));
    if (shown.length > 0) metrics.answered(model, { ...found, items: shown });
  }
  const both = (of: (model: ServedModel) => string) => replies.map(({ model }) => of(model)).join('+');
  const arm = both(({ name }) => name);
  return {
    answer: {
      ...about(replies[0]),
      gates: undefined, // of who asks, each model has its own
      items: drafted.map(({ item: { dense: _, ...item } }) => item),
      model: arm,
      version: both(({ version }) => version),
      experiment: { kind: 'interleave', arm },
    },
    arms: replies.map(({ model }) => model.name),
    teams: drafted.map(({ team }) => team),
  };
}

/** What an answer says beside its items. */
function about({ model, found, known }: Reply): Omit<Served['answer'], 'items'> {
  return {
    ...(found.gates?.user && { gates: found.gates.user }),
    source: found.source,
    model: model.name,
    version: model.version,
    ...(known.blind && { without_events: true as const }),
    history: known.history.length,
    ...(known.unknown.length > 0 && { unknown_items: known.unknown }),
  };
}

function askModel(
  context: Context,
  model: ServedModel,
  body: QuestionBody,
  measure: boolean,
): Promise<Reply> {
  const { options } = context;
  const { filter, near, explain, diversity, exclude = [] } = body;
  return model.pool.lease(async () => {
    const most = wanted(context, body);
    if (explain) checkReasons(options, most, body.history?.length ?? 0);
    const known = await knownOf(context, model, body);
    if (explain) checkReasons(options, most, known.history.length);
    const found = await model.pool.recommend({
      history: known.history,
      user: known.user,
      userFeatures: body.user_features,
      ...momentOf(context, model, body),
      content: contentOf(body),
      k: most,
      where: filter,
      near,
      repeats: body.repeats ?? model.repeats,
      deny: [...known.deny, ...denseIds(model.items, exclude).known],
      keep: known.keep,
      explain,
      diversity,
      rerankUser: model.rerank && body.rerank ? rerankUser(model, body.user) : undefined,
      measure,
    });
    return { model, found: await byEndpoint(context, model, body, known.history, found), known };
  });
}

/** Items to ask a model for: more than are wanted where an endpoint chooses among them. */
const wanted = ({ options, endpoint }: Context, { k, rerank }: QuestionBody): number =>
  endpoint && rerank ? Math.max(k, options.rerankEndpoint!.candidates) : k;

/** A list ranked again by the endpoint, or as it was. */
async function byEndpoint(
  { endpoint, options, metrics }: Context,
  model: ServedModel,
  { text, k, rerank }: QuestionBody,
  history: readonly number[],
  list: Found,
): Promise<Found> {
  if (!endpoint || !rerank) return list;
  const { columns } = options.rerankEndpoint!;
  const { found, result } = await rerankFound(endpoint, model, { found: list, text, history, columns, k });
  metrics.endpointReranks.inc({ model: model.name, result });
  return found;
}

/** What is known of who asks: without the events, and said so, while their store does not answer. */
export async function knownOf(
  { options, store, kinds, metrics }: Context,
  model: ServedModel,
  { user, history: added, repeats = model.repeats }: Pick<QuestionBody, 'user' | 'history' | 'repeats'>,
): Promise<Known> {
  const question = { model, kinds, user, added, repeats, limit: options.limits.history };
  try {
    return await userHistory({ ...question, store });
  } catch (error) {
    if (!isTowerkitError(error, 'STORE_UNAVAILABLE')) throw error;
    metrics.withoutEvents.inc();
    return { ...(await userHistory({ ...question, store: NO_EVENTS })), blind: true };
  }
}

/** The moment of a question. Models of one experiment may differ here: one that reads no moments is asked without. */
function momentOf(
  { registry }: Context,
  model: ServedModel,
  { context, at, model: named }: QuestionBody,
): Pick<Question, 'context' | 'at'> {
  if (named === undefined && !model.context && registry.models.some((one) => one.context)) return {};
  return { context, at: at === undefined ? undefined : Date.parse(at) / 1000 };
}

/** @throws TowerkitError `TOO_LARGE` for reasons of too many items from too many */
function checkReasons({ limits }: Context['options'], k: number, history: number): void {
  if (k * history > limits.reasons)
    throw new TowerkitError(
      'TOO_LARGE',
      `reasons of ${k} items from a history of ${history} are more than ${limits.reasons}`,
      { hint: `ask for ${Math.floor(limits.reasons / history)} items, or without \`explain\`` },
    );
}

const rerankUser = ({ rerank }: ServedModel, user: string | undefined): number =>
  (user === undefined ? undefined : rerank?.users.indexOf(user)) ?? -1;

function contentOf({ text, features }: QuestionBody): Content | undefined {
  if (text !== undefined) return { text };
  return features && { features };
}

/** Items as a client sees them. */
export const itemsOf = (model: ServedModel, found: Found): Answer['items'] =>
  namedItems(model, found).map(({ reasons: history, gates, reviews, ...item }) => ({
    ...item,
    ...(history && {
      reason: { history: [...history], ...(gates && { gates }), ...(reviews && { reviews: [...reviews] }) },
    }),
  }));
