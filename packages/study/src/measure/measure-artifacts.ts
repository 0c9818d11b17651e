import { isTowerkitError, type OnProgress } from '@towerkit/core';
import { readQuestions, recipeOf, requireSameData, type Questions } from '@towerkit/pipeline';
import type { OpenArtifact } from '@towerkit/recommend';

import { TowerkitError } from '../errors.js';
import { failureOf, type RunFailure } from '../runs/job.js';
import { coldStartUsers, type ColdStartUsers } from './cold-start.js';
import { measureArtifact, type Measured } from './measure-artifact.js';
import { shownLists, type ShownUser } from './shown-lists.js';
import { variantsOf, type Named, type Variant } from './variant.js';

/** Options of {@link measureArtifacts}. */
export interface MeasureOptions {
  /** Which targets: by default the test targets where the first artifact has any, else the validation targets. */
  readonly on?: 'validation' | 'test';
  /** Users to ask, the same for every artifact. Default 5000. */
  readonly users?: number;
  /** Stops it, with its reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** An artifact that is not in the report. */
export interface LeftOutArtifact extends RunFailure {
  readonly artifact: string;
}

/** Several artifacts on the same questions. */
export interface MeasuredStudy {
  readonly dataset: {
    readonly name: string;
    readonly users: number;
    readonly items: number;
    readonly interactions: number;
  };
  readonly on: Questions['on'];
  /** Users asked. */
  readonly users: number;
  /** In the order given, without those left out. */
  readonly artifacts: readonly Measured[];
  readonly variants: readonly Variant[];
  readonly cold?: ColdStartUsers;
  readonly shown: readonly ShownUser[];
  readonly leftOut: readonly LeftOutArtifact[];
}

/**
 * Asks several artifacts the questions of the first. One that cannot be opened, or is of other data, is left out and said; the others
 * go on.
 *
 * @param folders one or more
 * @param open opens an artifact; disposed here
 * @throws TowerkitError `BAD_OPTION` for none; `EMPTY_DATA` where none of them can be opened
 */
export async function measureArtifacts(
  folders: readonly string[],
  open: (folder: string) => Promise<OpenArtifact>,
  { on, users = 5000, signal, onProgress }: MeasureOptions = {},
): Promise<MeasuredStudy> {
  if (folders.length === 0)
    throw new TowerkitError('BAD_OPTION', 'a report is of one artifact or more', {
      details: { option: 'artifacts' },
    });
  const onStep: OnProgress = (event) => {
    signal?.throwIfAborted();
    onProgress?.(event);
  };
  const leftOut: LeftOutArtifact[] = [];
  const orLeftOut = async <T>(artifact: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isTowerkitError(error)) throw error;
      leftOut.push({ artifact, ...failureOf(error) });
      return undefined;
    }
  };
  let first: OpenArtifact | undefined;
  let rest = [...folders];
  while (!first && rest.length > 0) {
    const [folder] = rest;
    first = await orLeftOut(folder, () => open(folder));
    if (!first) rest = rest.slice(1);
  }
  if (!first)
    throw new TowerkitError('EMPTY_DATA', `none of the artifacts can be opened: ${leftOut[0].message}`, {
      hint: leftOut[0].hint,
    });
  const reference = first;
  try {
    const questions = await readQuestions(reference, { on });
    const cold = coldStartUsers(questions, recipeOf(reference).seed);
    const asked = { first: reference, questions, sample: users, ...(cold && { cold }) };
    const artifacts: Measured[] = [];
    const named: Named[] = [];
    for (const [place, folder] of rest.entries())
      await orLeftOut(folder, async () => {
        const artifact = place === 0 ? reference : await open(folder);
        try {
          if (place > 0) requireSameData(reference, artifact, questions.on);
          artifacts.push(await measureArtifact(artifact, asked, onStep));
          named.push(artifact);
        } finally {
          if (place > 0) await artifact.dispose();
        }
      });
    if (artifacts.length === 0)
      throw new TowerkitError('EMPTY_DATA', `nothing can be measured: ${leftOut[0].message}`);
    const variants = variantsOf(named);
    const { dataset } = reference.manifest;
    return {
      dataset,
      on: questions.on,
      users: artifacts[0].evaluation.users.length,
      artifacts,
      variants,
      ...(cold && { cold }),
      shown: shownLists(reference, questions, artifacts, variants),
      leftOut,
    };
  } finally {
    await reference.dispose();
  }
}
