import type { CsrMatrix, FitOptions, Recommender, Vocabulary } from '@towerkit/core';
import { openArtifact, type OpenArtifact } from '@towerkit/recommend';
import { distillation, type TwoTower } from '@towerkit/towers';
import type { Teacher } from '@towerkit/training';

import type { BaselineName } from '../config/baseline-options.js';
import type { ResolvedConfig } from '../config/schema.js';
import { TowerkitError } from '../errors.js';
import { modelKinds } from '../model-kinds.js';
import { idsIn, inIds } from '../data/matrix-rows.js';
import type { Prepared } from '../data/prepare.js';
import { fitBaseline } from './fit-baseline.js';

/** An artifact as a teacher, to be disposed of after the training. */
export interface OpenTeacher extends Teacher {
  /** Closes the artifact. */
  dispose(): Promise<void>;
}

/** What of the data a teacher is asked about. */
type Asked = Pick<Prepared, 'fingerprint' | 'histories'> & {
  readonly log: { readonly users: Vocabulary; readonly items: Vocabulary };
};

/** The model with the loss that a config with `distill` asks for. */
export function distilled(model: TwoTower, { distill }: Pick<ResolvedConfig, 'distill'>): TwoTower {
  if (!distill) return model;
  const { alpha, by } = distill;
  return { ...model, loss: distillation({ loss: model.loss, alpha, by }) };
}

/**
 * Opens an artifact of any kind as a teacher of a model on other, or the same, data. Users and items are matched by their ids. A user is
 * scored by their training rows here, as far as the teacher knows the items; it has no score (NaN) for items it does not know,
 * nor for people of whom it knows nothing at all.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; `NO_OVERLAP` for an artifact that knows none of the items;
 *   `OTHER_DATA` for one that was refitted on the validation rows of the same data, which would no longer be held back
 */
export async function openTeacher(
  folder: string,
  asked: Asked,
  options: { readonly threads?: number; readonly models?: string } = {},
): Promise<OpenTeacher> {
  const artifact = await openArtifact(folder, { kinds: modelKinds, ...options });
  try {
    return teacherOf(artifact, asked);
  } catch (error) {
    await artifact.dispose();
    throw error;
  }
}

function teacherOf(artifact: OpenArtifact, { fingerprint, histories, log }: Asked): OpenTeacher {
  const { folder, manifest, version, model, items } = artifact;
  if (manifest.model.refit === true && manifest.dataset.fingerprint === fingerprint)
    throw new TowerkitError(
      'OTHER_DATA',
      `the teacher ${folder} was refitted on the validation rows of this data`,
      {
        hint: 'take a teacher that was trained without --refit: what is learned from it is measured on those rows',
      },
    );
  const itemOf = idsIn(log.items.names, items);
  if (itemOf.every((item) => item < 0))
    throw new TowerkitError('NO_OVERLAP', `the teacher ${folder} knows none of the items`, {
      hint: 'items are matched by their ids: take a teacher of the same catalog',
    });
  const userOf = idsIn(log.users.names, artifact.users);
  return {
    name: `${manifest.name}@${version}`,
    ...scoresOf(model, {
      items: items.size,
      itemOf,
      userOf,
      histories: inIds(histories, itemOf, items.size),
    }),
    dispose: () => artifact.dispose(),
  };
}

/**
 * Fits a baseline on the training rows as a teacher. A user without any of them has no score (NaN).
 *
 * @throws TowerkitError what the model throws
 */
export async function fitTeacher(
  name: BaselineName,
  prepared: Prepared,
  config: ResolvedConfig,
  options: FitOptions,
): Promise<OpenTeacher> {
  const model = await fitBaseline(name, prepared, config, options);
  const { items, users } = prepared.log;
  const { histories } = prepared;
  return {
    name,
    ...scoresOf(model, {
      items: items.size,
      itemOf: Int32Array.from({ length: items.size }, (_, item) => item),
      userOf: Int32Array.from({ length: users.size }, (_, user) =>
        histories.row(user).length > 0 ? user : -1,
      ),
      histories,
    }),
    dispose: async () => model.dispose?.(),
  };
}

/** What a teacher's model knows under which ids. */
interface Known {
  /** Items of the teacher. */
  readonly items: number;
  /** Its id of each item of the data, -1 for one it does not know: [items]. */
  readonly itemOf: ArrayLike<number>;
  /** Its id of each user of the data, -1 for one it does not know: [users]. */
  readonly userOf: ArrayLike<number>;
  /** Histories of the data's users in its ids. */
  readonly histories: CsrMatrix;
}

function scoresOf(
  model: Pick<Recommender, 'score'>,
  { items, itemOf, userOf, histories }: Known,
): Pick<Teacher, 'scores'> {
  let scratch = new Float32Array(0);
  return {
    async scores(users, candidates) {
      if (scratch.length < users.length * items) scratch = new Float32Array(users.length * items);
      const all = scratch.subarray(0, users.length * items);
      const own = Array.from(users, (user) => histories.row(user));
      const ids = users.map((user) => userOf[user]);
      await model.score(own, all, ids);
      const out = new Float32Array(users.length * candidates.length).fill(NaN);
      for (let row = 0; row < users.length; row++) {
        if (ids[row] < 0 && own[row].length === 0) continue;
        for (let column = 0; column < candidates.length; column++) {
          const item = itemOf[candidates[column]];
          if (item >= 0) out[row * candidates.length + column] = all[row * items + item];
        }
      }
      return out;
    },
  };
}
