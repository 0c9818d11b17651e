import { TowerkitError } from '@towerkit/core';
import { createHash } from 'node:crypto';

import type { ServedModel } from './served-model.js';

/** The models that answer now, in the order they were given, and which of them answers whom. */
export class Registry {
  readonly #models: ServedModel[] = [];
  readonly #bounds: readonly number[] | undefined;

  /** @param split shares of the users, in the order of the models; all go to the first when absent */
  constructor(split?: readonly number[]) {
    if (!split) return;
    const total = split.reduce((a, b) => a + b, 0);
    let sum = 0;
    this.#bounds = split.map((share) => (sum += share) / total);
  }

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

  /** Whether there are shares of users. */
  get splits(): boolean {
    return this.#bounds !== undefined;
  }

  /**
   * The model whose share holds a number.
   *
   * @param at in [0, 1): {@link placeOf} somebody, who then always gets the same model while the shares stay, or a draw
   */
  at(at: number): ServedModel {
    if (!this.#bounds) return this.first;
    const place = this.#bounds.findIndex((bound) => at < bound);
    return this.#models[place < 0 ? this.#models.length - 1 : place] ?? this.first;
  }
}

/** A number in [0, 1) that follows from a key, independent of how ids are made. */
export const placeOf = (key: string): number =>
  createHash('sha256').update('split:').update(key).digest().readUInt32BE(0) / 2 ** 32;
