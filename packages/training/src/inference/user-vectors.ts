import { fillHistories, type Matrix } from '@towerkit/core';
import type { CompiledFunction, Engine, Feeds, TensorFunction, TensorSpec } from '@towerkit/engine';
import { scope, servingContext, type TwoTower } from '@towerkit/towers';
import type * as tf from '@tensorflow/tfjs-core';

import type { InputRows } from '../tables/input-rows.js';
import type { ModelState } from '../tables/model-state.js';

/**
 * The user side as a tensor function for serving: of `parameter/*`, `history` [batch, steps, dimensions] (item
 * vectors, right-padded; of towers that read it), `mask` [batch, steps], `user/*` and `moment/*` [batch, dimensions], giving `vectors`.
 *
 * @param reading what is computed of users instead of their vectors
 */
export function userFunction(
  model: TwoTower,
  state: ModelState,
  batch: number | string,
  steps: number,
  reading: TwoTower['userVectors'] = model.userVectors,
): { fn: TensorFunction; inputs: Record<string, TensorSpec> } {
  const inputs: Record<string, TensorSpec> = {
    ...('history' in model.userInputs && { history: { shape: [batch, steps, model.dimensions] } }),
    mask: { shape: [batch, steps] },
  };
  for (const [name, { shape }] of Object.entries(state.parameters))
    if (name.startsWith('parameter/user.')) inputs[name] = { shape };
  for (const [name, { dimensions }] of Object.entries(state.inputs))
    if (/^(user|moment)\//.test(name)) inputs[name] = { shape: [batch, dimensions] };
  const fn: TensorFunction = (given) => ({
    vectors: reading(
      scope(given, 'parameter/'),
      {
        ...scope(given, 'user/'),
        ...scope(given, 'moment/'),
        ...(given.history && { history: given.history }),
      },
      servingContext(given.mask as tf.Tensor2D),
    ),
  });
  return { fn, inputs };
}

/** Computes user vectors while a model trains: weights are read anew at every call. */
export class UserVectors {
  readonly #history: Float32Array;
  readonly #mask: Float32Array;

  private constructor(
    readonly model: TwoTower,
    readonly state: ModelState,
    /** Users a call can take. */
    readonly batch: number,
    readonly steps: number,
    readonly inputs: Record<string, TensorSpec>,
    readonly compiled: CompiledFunction,
  ) {
    this.#history = new Float32Array(batch * steps * model.dimensions);
    this.#mask = new Float32Array(batch * steps);
  }

  static async create(
    model: TwoTower,
    state: ModelState,
    batch: number,
    steps: number,
    engine: Engine,
    reading?: TwoTower['userVectors'],
  ): Promise<UserVectors> {
    const { fn, inputs } = userFunction(model, state, batch, steps, reading);
    return new UserVectors(model, state, batch, steps, inputs, await engine.compile(fn, { inputs }));
  }

  /**
   * @param histories at most `batch` of them, oldest item first
   * @param users who they are, for towers that know users by id or by features
   * @param itemVectors [items, dimensions], as the model is now
   * @param moments what is known of moments, see `momentInputs`; one of which nothing is known is all zeros
   * @param at row of each user's moment among them; the users' own numbers when absent
   * @returns [batch, dimensions of what is computed]; rows behind the histories mean nothing
   */
  async compute(
    histories: readonly ArrayLike<number>[],
    users: Int32Array,
    itemVectors: Matrix,
    moments: Readonly<Record<string, InputRows>> = {},
    at: Int32Array = users,
  ): Promise<Float32Array> {
    fillHistories(histories, itemVectors, this.steps, this.#history, this.#mask);
    const feeds: Feeds = { mask: this.#mask, ...('history' in this.inputs && { history: this.#history }) };
    for (const name of Object.keys(this.inputs)) {
      if (this.state.parameters[name]) feeds[name] = this.state.parameters[name].table.values;
      else if (this.state.inputs[name]) {
        const isMoment = name.startsWith('moment/');
        const rows = isMoment ? moments[name] : this.state.inputs[name];
        feeds[name] = new Float32Array(this.batch * this.state.inputs[name].dimensions);
        rows?.gather(isMoment ? at : users, users.length, feeds[name] as Float32Array);
      }
    }
    const { outputs } = await this.compiled.run(feeds);
    return outputs.vectors as Float32Array;
  }

  dispose(): Promise<void> {
    return this.compiled.dispose();
  }
}
