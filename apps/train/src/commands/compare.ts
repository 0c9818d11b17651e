import { TowerkitError } from '@towerkit/core';
import { compareEvaluations } from '@towerkit/metrics';

import { modelScorer, rank } from '../artifact/judge.js';
import { openArtifact, type OpenArtifact } from '../artifact/open.js';
import { askFor } from '../artifact/questions.js';
import { byTargetGroup, groupResults } from '../artifact/target-groups.js';
import { Console } from '../report/console.js';
import { progressDisplay } from '../report/progress.js';
import { ratingGroups } from '../pipeline/rating-groups.js';
import { comparisonTable, groupTitle, type ComparedModel } from '../report/tables.js';

/** Flags of `towerkit compare`. */
export interface CompareFlags {
  readonly artifacts: string;
  readonly targets?: string;
  readonly users?: number;
  readonly json?: boolean;
}

/**
 * Evaluates several artifacts on the very same questions, those of the first, and tests each against the first.
 *
 * @throws TowerkitError `OTHER_DATA` where an artifact was trained on other data, or may have seen the targets
 */
export async function compare(flags: CompareFlags): Promise<number> {
  const folders = flags.artifacts.split(',').flatMap((folder) => folder.trim() || []);
  if (folders.length < 2)
    throw new TowerkitError('BAD_USAGE', 'give two artifacts or more: --artifacts A,B,...');
  const out = new Console(flags.json === true);
  const progress = progressDisplay();
  const first = await openArtifact(folders[0]);
  try {
    const questions = await askFor(first, { targets: flags.targets });
    const ask = ({ model }: OpenArtifact) =>
      rank(modelScorer(model, questions), first, questions, {
        sample: flags.users,
        onProgress: progress.update,
      });
    const reference = await ask(first);
    const parts = byTargetGroup(reference, first, questions);
    const models: ComparedModel[] = [
      {
        artifact: folders[0],
        model: first.model.kind,
        metrics: reference.metrics,
        p: null,
        groups: groupResults(parts),
      },
    ];
    for (const folder of folders.slice(1)) {
      const artifact = await openArtifact(folder);
      try {
        requireSameData(first, artifact, flags.targets === undefined);
        const evaluation = await ask(artifact);
        const comparisons = Object.entries(compareEvaluations(evaluation, reference));
        const p = Object.fromEntries(comparisons.map(([metric, { p }]) => [metric, p]));
        const groups = groupResults(byTargetGroup(evaluation, first, questions), parts);
        models.push({
          artifact: folder,
          model: artifact.model.kind,
          metrics: evaluation.metrics,
          p,
          groups,
        });
      } finally {
        await artifact.model.dispose?.();
      }
    }
    progress.stop();
    out.show(`${reference.users.length} users; p is of a paired test against the first\n`);
    out.show(comparisonTable(models));
    for (const group of ratingGroups) {
      const within = models.flatMap(({ groups, ...model }) => {
        const result = groups[group];
        return result ? [{ ...model, ...result }] : [];
      });
      if (within.length > 0) out.show(`\n${groupTitle(group)}\n${comparisonTable(within)}`);
    }
    out.result({ users: reference.users.length, models });
    return 0;
  } finally {
    progress.stop();
    await first.model.dispose?.();
  }
}

/**
 * An artifact can be asked another one's questions if its ids mean the same and if, where the questions are its own
 * validation targets, it was split the same way.
 */
function requireSameData(first: OpenArtifact, other: OpenArtifact, validation: boolean): void {
  const refuse = (what: string, hint: string) => {
    throw new TowerkitError(
      'OTHER_DATA',
      `${other.folder} cannot be compared with ${first.folder}: ${what}`,
      {
        hint,
        details: { artifacts: [first.folder, other.folder] },
      },
    );
  };
  if (first.manifest.dataset.fingerprint !== other.manifest.dataset.fingerprint)
    refuse(
      'it was trained on other data',
      'train both on the same files, with the same data.clean and data.kCore',
    );
  if (first.items.size !== other.items.size)
    refuse('one of them has been given new items', 'compare artifacts that hold the same items');
  if (!validation) return;
  if (other.manifest.model.refit === true)
    refuse('it was refitted on the validation targets', 'give targets neither has seen with --targets FILE');
  const same = (a: Int32Array, b: Int32Array) =>
    a.length === b.length && a.every((value, i) => value === b[i]);
  const [a, b] = [first.validation, other.validation];
  if (!a || !b || !same(a.indptr, b.indptr) || !same(a.indices, b.indices))
    refuse(
      'its validation targets are others',
      'train both with the same split and seed, or give --targets FILE',
    );
}
