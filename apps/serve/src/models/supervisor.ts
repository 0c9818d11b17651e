import { isTowerkitError, TowerkitError } from '@towerkit/core';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Metrics } from '../metrics/metrics.js';
import type { ResolvedOptions } from '../options.js';
import type { Registry } from './registry.js';
import {
  openModel,
  openRerank,
  type ModelSettings,
  type RerankModel,
  type ServedModel,
} from './served-model.js';
import { versionOf } from '@towerkit/artifact';

/** Histories that a new artifact is tried with. */
const TRIALS = 32;
const TRIAL_K = 10;
/** Items of each, the newest: longer ones ask for so many candidates that an index in memory scans instead. */
const TRIAL_LENGTH = 20;

/** Why an artifact that lies in a model's place does not answer. */
export interface Refusal {
  readonly version?: string;
  readonly code: string;
  readonly detail: string;
}

/** Errors of an artifact that is just being replaced: it is looked at again. */
const PASSING = ['ARTIFACT_CHANGED', 'ARTIFACT_NOT_FOUND'];

/**
 * Opens the artifacts, and swaps one when the folder behind its path changes. The new one is opened and tried beside
 * the old; the old answers until then, finishes what it was asked, and is closed. One that does not hold is refused.
 */
export class Supervisor {
  /** By place: what was there when it was last looked at, and was opened or refused. */
  readonly #seen: (string | undefined)[] = [];
  readonly #refusals = new Map<string, Refusal>();
  #rerank: RerankModel | undefined;
  #seenRerank: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    readonly registry: Registry,
    readonly options: ResolvedOptions,
    readonly settings: ModelSettings,
    readonly metrics: Metrics,
    readonly say: (text: string) => void,
  ) {}

  /** By the name of the model whose place it lies in. */
  get refusals(): ReadonlyMap<string, Refusal> {
    return this.#refusals;
  }

  /** Opens every artifact, and looks at them from now on. @throws TowerkitError of the first that does not hold */
  async start(): Promise<void> {
    const { artifacts, rerank, watch } = this.options;
    if (rerank !== undefined) {
      this.#seenRerank = await identityOf(rerank);
      this.#rerank = await openRerank(rerank);
    }
    for (const [place, folder] of artifacts.entries()) {
      this.#seen[place] = await identityOf(folder);
      const model = await this.#open(folder);
      const other = this.registry.models.find(({ name }) => name === model.name);
      this.registry.put(place, model);
      if (other)
        throw new TowerkitError('BAD_OPTION', `two artifacts are called ${model.name}`, {
          hint: 'models are called by the name of their folder: give them different ones',
        });
    }
    if (watch > 0) this.#schedule();
  }

  /** Looks at the artifacts now; `anew` at those that were refused too. */
  look(anew = false): Promise<void> {
    this.#turn = this.#turn.then(() => this.#look(anew));
    return this.#turn;
  }

  /** Stops looking, once what was begun is done. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      void this.look().finally(() => {
        if (!this.#closed) this.#schedule();
      });
    }, this.options.watch).unref();
  }

  async #look(anew: boolean): Promise<void> {
    const { artifacts, rerank } = this.options;
    let all = anew;
    if (rerank !== undefined && !this.#closed) all = (await this.#lookAtRerank(rerank, anew)) || all;
    for (const [place, folder] of artifacts.entries()) {
      if (this.#closed) return;
      const identity = await identityOf(folder);
      if (!all && (identity === undefined || identity === this.#seen[place])) continue;
      this.#seen[place] = identity;
      await this.#swap(place, folder);
    }
  }

  async #lookAtRerank(folder: string, anew: boolean): Promise<boolean> {
    const identity = await identityOf(folder);
    if (identity === undefined || (!anew && identity === this.#seenRerank)) return false;
    this.#seenRerank = identity;
    try {
      if ((await versionOf(folder)) === this.#rerank?.artifact.version) return false;
      this.#rerank = await openRerank(folder);
      return true;
    } catch (error) {
      this.#refuse(folder, undefined, error);
      if (isTowerkitError(error) && PASSING.includes(error.code)) this.#seenRerank = undefined;
      return false;
    }
  }

  async #swap(place: number, folder: string): Promise<void> {
    const old = this.registry.models[place];
    const { name } = old;
    let version: string | undefined;
    try {
      version = await versionOf(folder);
      if (version === old.version && this.#rerank?.artifact.version === old.rerank?.artifact.version) {
        this.#refusals.delete(name);
        return;
      }
      const model = await this.#open(folder);
      if (this.#closed) return void (await model.pool.close());
      this.registry.put(place, model);
      this.#refusals.delete(name);
      this.metrics.swaps.inc({ model: name, result: 'done' });
      this.say(
        `${name} is now ${model.version}, recall ${model.recall.toFixed(3)} after ${old.recall.toFixed(3)}`,
      );
      void old.pool.drain();
    } catch (error) {
      if (isTowerkitError(error) && PASSING.includes(error.code)) {
        this.#seen[place] = undefined;
        return;
      }
      this.metrics.swaps.inc({ model: name, result: 'refused' });
      this.#refuse(name, version, error);
    }
  }

  #refuse(name: string, version: string | undefined, error: unknown): void {
    const { code = 'INTERNAL', message = String(error) } = error as { code?: string; message?: string };
    this.#refusals.set(name, { version, code, detail: message });
    this.say(`refused the new artifact of ${name}: ${code} ${message}`);
  }

  /** Opens an artifact and tries it. @throws TowerkitError also `LOW_RECALL` */
  async #open(folder: string): Promise<ServedModel> {
    const model = await openModel(folder, this.settings, this.#rerank);
    try {
      const { recall } = await model.pool.ask('check', { histories: trials(model), k: TRIAL_K });
      if (recall < this.options.minRecall)
        throw new TowerkitError(
          'LOW_RECALL',
          `${folder}: its index finds ${recall.toFixed(3)} of the exact answers, and ${this.options.minRecall} is asked for`,
          { hint: 'make the index again with a higher recall, or lower minRecall' },
        );
      return { ...model, recall };
    } catch (error) {
      await model.pool.close();
      throw error;
    }
  }
}

/** Some of the histories, spread over the users. */
function trials({ histories }: ServedModel): number[][] {
  const step = Math.max(1, Math.floor(histories.rows / TRIALS));
  const found: number[][] = [];
  for (let user = 0; user < histories.rows && found.length < TRIALS; user += step) {
    const row = histories.row(user);
    if (row.length > 0) found.push(Array.from(row.subarray(-TRIAL_LENGTH)));
  }
  return found;
}

/** Tells one folder from another without reading it; `undefined` where there is none. */
const identityOf = (folder: string): Promise<string | undefined> =>
  stat(join(folder, 'manifest.json')).then(
    ({ dev, ino, size, mtimeMs, ctimeMs }) => [dev, ino, size, mtimeMs, ctimeMs].join(),
    () => undefined,
  );
