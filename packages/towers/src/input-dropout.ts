import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { isMoment } from './layers/per-position.js';
import type { Tower, TowerContext, TowerInput } from './tower.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Declared = Readonly<Record<string, TowerInput>>;

/** Whether an input is a row that belongs to one item, or user, alone. */
export const isId = (input: TowerInput): boolean => input.kind === 'embedding' && input.of === 'id';

/** A learned bias of each item or user: an input of one column that starts from 0. */
export const BIAS = { kind: 'embedding', of: 'id', dimensions: 1, stddev: 0 } as const;

/**
 * Inputs of a batch, of a share of whose rows nothing that hangs on the id is seen: one draw a row. Unscaled, since a row without
 * an id is a case of its own. As they are outside training, or at a rate of 0.
 */
export const dropIds = (inputs: Tensors, declared: Declared, rate: number, context: TowerContext): Tensors =>
  dropRows(inputs, (name) => isId(declared[name]), rate, context);

/** The same of what is known of moments: a row without it is a question that says nothing of its moment. */
export const dropMoments = (
  inputs: Tensors,
  declared: Declared,
  rate: number,
  context: TowerContext,
): Tensors => dropRows(inputs, (name) => isMoment(declared[name]), rate, context);

function dropRows(
  inputs: Tensors,
  drops: (name: string) => boolean,
  rate: number,
  context: TowerContext,
): Tensors {
  if (!context.training || rate === 0) return inputs;
  const names = Object.keys(inputs).filter(drops);
  const rows = inputs[names[0]].shape[0];
  const kept = tf.mul(context.dropout(tf.ones([rows, 1]), rate), 1 - rate);
  return { ...inputs, ...Object.fromEntries(names.map((name) => [name, tf.mul(inputs[name], kept)])) };
}

/** @throws TowerkitError `BAD_TOWER` for shares that are none, or a tower that would read nothing, or has no id to drop */
export function checkInputDropout(
  { item, user, userBias }: { readonly item: Tower; readonly user: Tower; readonly userBias: boolean },
  rates: { readonly idDropout: number; readonly userIdDropout: number; readonly momentDropout: number },
): void {
  for (const [option, rate] of Object.entries(rates))
    if (!(rate >= 0 && rate < 1))
      throw new TowerkitError('BAD_TOWER', `${option} is a share in [0, 1), got ${rate}`);
  if (rates.idDropout > 0 && Object.values(item.inputs).every(isId))
    throw new TowerkitError('BAD_TOWER', 'an item tower that reads ids alone cannot do without them', {
      hint: 'give it categories, numbers or content, or leave out idDropout',
    });
  if (rates.userIdDropout > 0 && !userBias && !Object.values(user.inputs).some(isId))
    throw new TowerkitError('BAD_TOWER', 'a user tower that reads no ids has none to do without', {
      hint: 'leave out userIdDropout, or let the tower read the id',
    });
  if (rates.momentDropout > 0 && !Object.values(user.inputs).some(isMoment))
    throw new TowerkitError('BAD_TOWER', 'a user tower that reads no moment has none to do without', {
      hint: 'leave out momentDropout, or let the tower read what is known of the moment',
    });
}
