import type { Artifact } from '@towerkit/artifact';
import type { CsrMatrix, Repeats } from '@towerkit/core';
import { columnsWanted } from '@towerkit/features';
import { compareEvaluations, type LeftOut, type LeftOutTargets } from '@towerkit/metrics';
import type { OpenArtifact } from '@towerkit/recommend';

import { recipeOf, type Recipe } from '../config/recipe.js';
import { TowerkitError } from '../errors.js';
import type { Questions } from './questions.js';
import { rankModel, repeatsIn, unknownMoment, type RankOptions } from './rank-questions.js';
import { readQuestions, type QuestionOptions } from './read-questions.js';
import type { Metrics } from './reference-scores.js';
import { byTargetGroup, groupResults, type ByGroup, type GroupResult } from './target-groups.js';

/** One artifact beside the first. */
export interface ComparedModel {
  readonly artifact: string;
  /** Kind of the model. */
  readonly model: string;
  readonly metrics: Metrics;
  /** Of a paired test against the first model, by metric; null for the first itself. */
  readonly p: Readonly<Record<string, number>> | null;
  readonly groups: ByGroup<GroupResult>;
  /** Columns of the moment that it reads and the targets do not say, see `ArtifactEvaluation`. Absent where all are said. */
  readonly unknownMoment?: readonly string[];
}

/** Several artifacts on the same targets. */
export interface ArtifactComparison {
  /** Part that the targets are of. */
  readonly on: Questions['on'];
  /** What became of the items of the histories. */
  readonly repeats: Repeats;
  /** Users evaluated. */
  readonly users: number;
  /** Users who are not, by reason. */
  readonly leftOut: LeftOut;
  /** Targets that `repeats` leaves out, each item of a user once. */
  readonly leftOutTargets: LeftOutTargets;
  readonly models: readonly ComparedModel[];
}

/**
 * Evaluates several artifacts on the same users and targets, those of the first, with a paired test of each against it. What
 * becomes of items of the histories is by default what the first artifact says, for all of them.
 *
 * @param folders of the artifacts, two or more
 * @param open opens an artifact; disposed here
 * @throws TowerkitError `BAD_OPTION` for fewer than two; `OTHER_DATA` where an artifact was trained on other data, or may
 *   have seen the targets, or reads other moments under the names of the first's
 */
export async function compareArtifacts(
  folders: readonly string[],
  open: (folder: string) => Promise<OpenArtifact>,
  options: Omit<QuestionOptions, 'data'> & RankOptions = {},
): Promise<ArtifactComparison> {
  if (folders.length < 2)
    throw new TowerkitError('BAD_OPTION', 'a comparison takes two artifacts or more', {
      hint: 'give two folders: --artifacts A,B,...',
      details: { option: 'artifacts' },
    });
  const first = await open(folders[0]);
  try {
    const questions = await readQuestions(first, options);
    const repeats = repeatsIn(first, options);
    const ask = ({ model }: OpenArtifact) => rankModel(model, first, questions, { ...options, repeats });
    const reference = await ask(first);
    const parts = byTargetGroup(reference, first, questions);
    const said = (folder: string, { model }: OpenArtifact) => {
      const unsaid = unknownMoment(model, questions);
      return { artifact: folder, model: model.kind, ...(unsaid && { unknownMoment: unsaid }) };
    };
    const models: ComparedModel[] = [
      { ...said(folders[0], first), metrics: reference.metrics, p: null, groups: groupResults(parts) },
    ];
    for (const folder of folders.slice(1)) {
      const artifact = await open(folder);
      try {
        requireSameData(first, artifact, questions.on);
        if (questions.moments) requireSameMoments(first, artifact);
        const evaluation = await ask(artifact);
        const comparisons = Object.entries(compareEvaluations(evaluation, reference));
        models.push({
          ...said(folder, artifact),
          metrics: evaluation.metrics,
          p: Object.fromEntries(comparisons.map(([metric, { p }]) => [metric, p])),
          groups: groupResults(byTargetGroup(evaluation, first, questions), parts),
        });
      } finally {
        await artifact.dispose();
      }
    }
    const { users, leftOut, leftOutTargets } = reference;
    return { on: questions.on, repeats, users: users.length, leftOut, leftOutTargets, models };
  } finally {
    await first.dispose();
  }
}

/**
 * Artifacts can be compared if their ids mean the same and, on targets of their own, if they were split the same way.
 *
 * @param on the part that the targets are of
 * @throws TowerkitError `OTHER_DATA`
 */
export function requireSameData(first: Artifact, other: Artifact, on: Questions['on']): void {
  const refuse = (what: string, hint: string) => {
    throw new TowerkitError(
      'OTHER_DATA',
      `${other.folder} cannot be compared with ${first.folder}: ${what}`,
      { hint, details: { artifacts: [first.folder, other.folder] } },
    );
  };
  if (first.manifest.dataset.fingerprint !== other.manifest.dataset.fingerprint)
    refuse(
      'it was trained on other data',
      'train both on the same files, with the same data.clean and data.kCore',
    );
  if (first.items.size !== other.items.size)
    refuse('one of them has been given new items', 'compare artifacts that hold the same items');
  if (on === 'file') return;
  if (on === 'validation' && other.manifest.model.refit === true)
    refuse('it was refitted on the validation targets', 'give targets neither has seen with --targets FILE');
  if (!sameRows(first[on], other[on]))
    refuse(`its ${on} targets are others`, 'train both with the same split and seed, or give --targets FILE');
}

/** Columns of moments are told apart by name: what one model reads must be what the first artifact knows under it. */
function requireSameMoments(first: OpenArtifact, other: OpenArtifact): void {
  const [own, others] = [first, other].map((artifact) => momentSources(recipeOf(artifact)));
  const column = Object.keys(other.model.moments?.columns ?? {}).find(
    (name) => Object.hasOwn(own, name) && own[name] !== others[name],
  );
  if (column === undefined) return;
  throw new TowerkitError(
    'OTHER_DATA',
    `${other.folder} cannot be compared with ${first.folder}: ${column} of the moment is ${others[column]} there, ${own[column]} here`,
    {
      hint: 'train both with the same data.moment',
      details: { artifacts: [first.folder, other.folder], column },
    },
  );
}

/** What each column of the moment is, by name. */
function momentSources({ data: { moment } }: Recipe): Readonly<Record<string, string>> {
  if (!moment) return {};
  const { time = [], timeZone, columns, features } = moment;
  return {
    ...Object.fromEntries(Object.keys(columnsWanted(features)).map((name) => [name, columns[name] ?? name])),
    ...Object.fromEntries(time.map((part) => [part, `that of ${timeZone}`])),
  };
}

function sameRows(a: CsrMatrix | undefined, b: CsrMatrix | undefined): boolean {
  const same = (x: Int32Array, y: Int32Array) =>
    x.length === y.length && x.every((value, i) => value === y[i]);
  return a !== undefined && b !== undefined && same(a.indptr, b.indptr) && same(a.indices, b.indices);
}
