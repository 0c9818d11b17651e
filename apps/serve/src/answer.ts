import { Rng } from '@towerkit/core';
import type { Content, Found } from '@towerkit/recommend';
import { performance } from 'node:perf_hooks';

import type { Context } from './context.js';
import { denseIds, namesOf } from './models/item-names.js';
import type { ServedModel } from './models/served-model.js';
import { teamDraft } from './models/team-draft.js';
import { knownOf } from './models/user-history.js';
import type { Answer, QuestionBody } from './schemas/recommendations.js';

/** Says who picks first where lists are interleaved, and which answers are measured. */
const rng = new Rng(Date.now() % 2 ** 31);

/** Answers a question with the model it names, else with that of the user's share, or the lists of two interleaved. */
export async function answer(context: Context, body: QuestionBody): Promise<Answer> {
  const started = performance.now();
  const { registry, options } = context;
  const took = () => ({ took_ms: Math.round((performance.now() - started) * 1000) / 1000 });
  if (body.model !== undefined)
    return { ...(await answerWith(context, registry.named(body.model), body)), ...took() };
  if (!options.interleave)
    return { ...(await answerWith(context, registry.of(keyOf(body)), body)), ...took() };
  const [first, second] = await Promise.all(
    registry.models.slice(0, 2).map((model) => answerWith(context, model, body)),
  );
  const drafted = teamDraft(
    [first.items, second.items],
    body.k,
    () => rng.uniform() < 0.5,
    ({ id }) => id,
  );
  const items = drafted.map(({ item, team }) => ({ ...item, model: [first, second][team].model }));
  return {
    ...first,
    items,
    gates: undefined, // of who asks, each model has its own
    model: `${first.model}+${second.model}`,
    version: `${first.version}+${second.version}`,
    ...took(),
  };
}

/** Who asks, for the split: the user, or what they gave of themselves. */
const keyOf = ({ user, history, text, features }: QuestionBody): string =>
  user ?? JSON.stringify([history, text, features]);

function answerWith(
  { options, store, metrics }: Context,
  model: ServedModel,
  body: QuestionBody,
): Promise<Omit<Answer, 'took_ms'>> {
  const { k, filter, explain, diversity, exclude = [] } = body;
  return model.pool.lease(async () => {
    const limit = options.limits.history;
    const known = await knownOf(model, store, body.user, body.history ?? [], limit);
    const found = await model.pool.recommend({
      history: known.history,
      user: known.user,
      content: contentOf(body),
      k,
      where: filter,
      deny: denseIds(model, exclude).known,
      explain,
      diversity,
      rerankUser: model.rerank && body.rerank ? rerankUser(model, body.user) : undefined,
      measure: rng.uniform() < options.measureShare,
    });
    metrics.answered(model, found);
    return {
      items: itemsOf(model, found),
      ...(found.gates?.user && { gates: found.gates.user }),
      source: found.source,
      model: model.name,
      version: model.version,
      history: known.history.length,
      ...(known.unknown.length > 0 && { unknown_items: known.unknown }),
    };
  });
}

const rerankUser = ({ rerank }: ServedModel, user: string | undefined): number =>
  (user === undefined ? undefined : rerank?.users.indexOf(user)) ?? -1;

function contentOf({ text, features }: QuestionBody): Content | undefined {
  if (text !== undefined) return { text };
  return features && { features };
}

/** Items as a client sees them. */
export function itemsOf(model: ServedModel, { items, scores, reasons, gates }: Found): Answer['items'] {
  return items.map((item, place) => {
    const history = reasons?.[place].map(({ item, weight }) => ({ ...namesOf(model, item), weight }));
    return {
      ...namesOf(model, item),
      score: scores[place],
      ...(history && { reason: { history, ...(gates?.items && { gates: gates.items[place] }) } }),
    };
  });
}
