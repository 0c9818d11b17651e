import type { TowerInputs } from '@towerkit/towers';

/** What a model can be built on: the sizes of the data at hand. */
export interface ModelShapes {
  readonly users: number;
  readonly items: number;
  /**
   * Categories asked for under `data.features`, by name with how many codes each has (code 0: unknown). That is no width of
   * an embedding, which the config chooses, and so not a bare number: `itemTower({ categories })` does not take these.
   */
  readonly categories: Readonly<Record<string, { readonly size: number }>>;
  /** Numeric features by name with their width: 1, or 2 where a flag for missing values comes second. */
  readonly numeric: Readonly<Record<string, number>>;
  /** Texts by name with the width of their vectors. */
  readonly content: Readonly<Record<string, number>>;
  /** Vectors of files by name with their width: `itemTower({ content: vectors })`. */
  readonly vectors: Readonly<Record<string, number>>;
  /** The ratings of the training rows, for a loss of ratings: their mean, the lowest and the highest; zeros without ratings. */
  readonly ratings: { readonly mean: number; readonly range: readonly [number, number] };
  /** What is asked for under `data.users.features`, in the same terms. */
  readonly user: Pick<ModelShapes, 'categories' | 'numeric' | 'content' | 'vectors'> & {
    /** All of it as inputs of a user tower, with 8 dimensions for each category: `gruTower({ inputs: user.inputs })`. */
    readonly inputs: TowerInputs;
  };
  /** What is asked for under `data.moment`, in the same terms. */
  readonly moment: Pick<ModelShapes, 'categories' | 'numeric'> & {
    /** All of it as inputs of a user tower, with 8 dimensions for each category and `at: 'moment'`. */
    readonly inputs: TowerInputs;
  };
}
