import { performance } from 'node:perf_hooks';

import type { Context } from './context.js';
import { denseIds, namesOf } from './models/item-names.js';
import type { ServedModel } from './models/served-model.js';
import { knownOf } from './models/user-history.js';
import type { Answer, QuestionBody } from './schemas/recommendations.js';
import type { Content, Found } from './worker/protocol.js';

/** Answers a question with the model it names, or with that of the user's share. */
export async function answer(context: Context, body: QuestionBody): Promise<Answer> {
  const model =
    body.model === undefined ? context.registry.of(keyOf(body)) : context.registry.named(body.model);
  return answerWith(context, model, body);
}

/** Who asks, for the split: the user, or what they gave of themselves. */
const keyOf = ({ user, history, text, features }: QuestionBody): string =>
  user ?? JSON.stringify([history, text, features]);

async function answerWith(
  { options, store }: Context,
  model: ServedModel,
  body: QuestionBody,
): Promise<Answer> {
  const started = performance.now();
  const { k, filter, explain, diversity, exclude = [] } = body;
  const { user, history, unknown } = await knownOf(
    model,
    store,
    body.user,
    body.history ?? [],
    options.limits.history,
  );
  const content = contentOf(body);
  const found = await model.pool.recommend({
    history,
    user,
    content,
    k,
    where: filter,
    deny: denseIds(model, exclude).known,
    explain,
    diversity,
    rerankUser:
      model.rerank && body.rerank
        ? ((body.user === undefined ? undefined : model.rerank.users.indexOf(body.user)) ?? -1)
        : undefined,
  });
  return {
    items: itemsOf(model, found),
    source: found.source,
    model: model.name,
    version: model.version,
    took_ms: Math.round((performance.now() - started) * 1000) / 1000,
    history: history.length,
    ...(unknown.length > 0 && { unknown_items: unknown }),
  };
}

function contentOf({ text, features }: QuestionBody): Content | undefined {
  if (text !== undefined) return { text };
  return features && { features };
}

/** Items as a client sees them. */
export function itemsOf(model: ServedModel, { items, scores, reasons }: Found): Answer['items'] {
  return items.map((item, place) => {
    const reason = reasons?.[place].map(({ item, weight }) => ({ ...namesOf(model, item), weight }));
    return { ...namesOf(model, item), score: scores[place], ...(reason && { reason: { history: reason } }) };
  });
}
