import type { Engine } from '@towerkit/engine';
import type { TwoTower } from '@towerkit/towers';

import type { ModelState } from '../tables/model-state.js';
import { UserVectors } from './user-vectors.js';

/** Steps of the graphs, as shares of the longest history that a model reads. */
const SHARES = [0.25, 0.5, 1];
/** For fewer users one graph is compiled sooner than three. */
const MANY = 10_000;

/** {@link UserVectors} with graphs of several lengths: what has few items is not padded to the longest history. */
export class UserVectorsByLength {
  private constructor(
    /** By rising number of steps. */
    readonly graphs: readonly UserVectors[],
  ) {}

  /** @param users how many are asked for, about: many are worth more graphs */
  static async create(
    model: TwoTower,
    state: ModelState,
    batch: number,
    maxLength: number,
    engine: Engine,
    users: number,
  ): Promise<UserVectorsByLength> {
    const several = users >= MANY && 'history' in model.userInputs;
    const steps = new Set((several ? SHARES : [1]).map((share) => Math.ceil(share * maxLength)));
    const graphs: UserVectors[] = [];
    for (const each of steps) graphs.push(await UserVectors.create(model, state, batch, each, engine));
    return new UserVectorsByLength(graphs);
  }

  /** As {@link UserVectors.compute}; quick where histories of about one length come together. */
  compute(...asked: Parameters<UserVectors['compute']>): Promise<Float32Array> {
    const longest = asked[0].reduce((most, { length }) => Math.max(most, length), 0);
    const graph = this.graphs.find(({ steps }) => steps >= longest) ?? this.graphs[this.graphs.length - 1];
    return graph.compute(...asked);
  }

  async dispose(): Promise<void> {
    for (const graph of this.graphs) await graph.dispose();
  }
}
