import { TowerkitError } from '@towerkit/core';
import type { TrafficSplit } from '@towerkit/events';

import type { ServedModel } from './served-model.js';

/** The models that answer now, in the order they were given, and which of them answers whom. */
export class Registry {
  readonly #models: ServedModel[] = [];

  /** @param split which arm, and so which place, a user belongs to; all go to the first when absent */
  constructor(readonly split?: TrafficSplit) {}

  get models(): readonly ServedModel[] {
    return this.#models;
  }

  /** @throws TowerkitError `NOT_READY` until it is open */
  get first(): ServedModel {
    return this.#at(0);
  }

  /** The two whose lists are interleaved. @throws TowerkitError `NOT_READY` until both are open */
  get pair(): readonly [ServedModel, ServedModel] {
    return [this.#at(0), this.#at(1)];
  }

  #at(place: number): ServedModel {
    if (this.#models[place]) return this.#models[place];
    throw new TowerkitError('NOT_READY', 'not every model is open yet', { hint: 'try again in a moment' });
  }

  /** Puts a model in its place. @returns the one that was there */
  put(place: number, model: ServedModel): ServedModel | undefined {
    const old = this.#models[place];
    this.#models[place] = model;
    return old;
  }

  /** @throws TowerkitError `UNKNOWN_MODEL` */
  named(name: string): ServedModel {
    const model = this.#models.find((one) => one.name === name);
    if (model) return model;
    throw new TowerkitError('UNKNOWN_MODEL', `there is no model ${JSON.stringify(name)}`, {
      hint: `there are ${this.#models.map((one) => one.name).join(', ')}`,
    });
  }

  /**
   * The model whose share holds a number.
   *
   * @param place in [0, 1), see {@link TrafficSplit.armAt}
   * @throws TowerkitError `NOT_READY` until it is open
   */
  at(place: number): ServedModel {
    return this.#models[this.split?.armAt(place) ?? 0] ?? this.first;
  }
}
