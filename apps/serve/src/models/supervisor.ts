import { versionOf, WatchedArtifact } from '@towerkit/artifact';
import { isTowerkitError, TowerkitError } from '@towerkit/core';

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

/** Why an artifact that lies in a model's place does not answer. */
export interface Refusal {
  readonly version?: string;
  readonly code: string;
  readonly detail: string;
}

/** Errors of an artifact that is just being replaced: it is looked at again. */
const PASSING = ['ARTIFACT_CHANGED', 'ARTIFACT_NOT_FOUND'];
/** Errors of what an artifact needs: it is tried again. */
const TEMPORARY = ['UNWRITABLE', 'UNAVAILABLE'];

/**
 * Opens the artifacts, and swaps one when the folder behind its path changes. The new one is opened and tried beside
 * the old; the old answers until then, finishes what it was asked, and is closed. One that does not hold is refused.
 */
export class Supervisor {
  readonly #folders: readonly WatchedArtifact[];
  readonly #rerankFolder: WatchedArtifact | undefined;
  readonly #refusals = new Map<string, Refusal>();
  readonly #mounted = new Set<string>();
  readonly #closing = new AbortController();
  #rerank: RerankModel | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly registry: Registry,
    readonly options: ResolvedOptions,
    readonly settings: ModelSettings,
    readonly metrics: Metrics,
    readonly say: (text: string) => void,
  ) {
    this.#folders = options.artifacts.map((folder) => new WatchedArtifact(folder));
    this.#rerankFolder = options.rerank === undefined ? undefined : new WatchedArtifact(options.rerank);
  }

  /** By the name of the model whose place it lies in. */
  get refusals(): ReadonlyMap<string, Refusal> {
    return this.#refusals;
  }

  /** Folders that are mount points, so that an artifact that takes their name outside is never seen. */
  get mounted(): ReadonlySet<string> {
    return this.#mounted;
  }

  /** Opens every artifact, and looks at them from now on. @throws TowerkitError of the first that does not hold */
  async start(): Promise<void> {
    for (const folder of [...this.#folders, ...(this.#rerankFolder ? [this.#rerankFolder] : [])])
      if (await folder.isMountPoint()) this.#warn(folder.path);
    const rerank = this.#rerankFolder;
    if (rerank) {
      await rerank.look();
      this.#rerank = await this.#within(rerank.path, (signal) =>
        openRerank(rerank.path, this.settings, signal),
      );
    }
    for (const [place, folder] of this.#folders.entries()) {
      await folder.look();
      const model = await this.#open(folder.path);
      const other = this.registry.models.find(({ name }) => name === model.name);
      this.registry.put(place, model);
      if (other)
        throw new TowerkitError('BAD_OPTION', `two artifacts are called ${model.name}`, {
          hint: 'models are called by the name of their folder: give them different ones',
        });
    }
    if (this.options.watch > 0) this.#schedule();
  }

  /** Looks at the artifacts now; `anew` at those that were refused too. */
  look(anew = false): Promise<void> {
    this.#turn = this.#turn.then(() => this.#look(anew));
    return this.#turn;
  }

  /** Stops looking; what is being opened is given up. */
  async close(): Promise<void> {
    this.#closing.abort(new TowerkitError('UNAVAILABLE', 'the server is closing'));
    clearTimeout(this.#timer);
    await this.#turn;
    await this.#rerank?.release();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      void this.look().finally(() => {
        if (!this.#closed) this.#schedule();
      });
    }, this.options.watch).unref();
  }

  async #look(anew: boolean): Promise<void> {
    let all = anew;
    if (this.#rerankFolder && !this.#closed)
      all = (await this.#lookAtRerank(this.#rerankFolder, anew)) || all;
    for (const [place, folder] of this.#folders.entries()) {
      if (this.#closed) return;
      if ((await folder.look()) || all) await this.#swap(place, folder);
    }
  }

  async #lookAtRerank(folder: WatchedArtifact, anew: boolean): Promise<boolean> {
    const { path } = folder;
    if (!(await folder.look()) && !anew) return false;
    let version: string | undefined;
    try {
      version = await versionOf(path);
      if (version === this.#rerank?.artifact.version) return false;
      const old = this.#rerank;
      this.#rerank = await this.#within(path, (signal) => openRerank(path, this.settings, signal));
      this.#refusals.delete(path);
      await old?.release();
      return true;
    } catch (error) {
      this.#refuse(path, folder, version, error);
      return false;
    }
  }

  async #swap(place: number, folder: WatchedArtifact): Promise<void> {
    const old = this.registry.models[place];
    const { name } = old;
    let version: string | undefined;
    try {
      version = await versionOf(folder.path);
      if (version === old.version && this.#rerank?.artifact.version === old.rerank?.artifact.version) {
        this.#refusals.delete(name);
        return;
      }
      const model = await this.#open(folder.path);
      if (this.#closed) return void (await model.retire());
      this.registry.put(place, model);
      this.#refusals.delete(name);
      this.metrics.swaps.inc({ model: name, result: 'done' });
      this.say(
        `${name} is now ${model.version}, recall ${model.recall.toFixed(3)} after ${old.recall.toFixed(3)}`,
      );
      void old.retire();
    } catch (error) {
      this.#refuse(name, folder, version, error);
    }
  }

  /** Remembers why an artifact does not answer, and says it once, however often it is tried. */
  #refuse(name: string, folder: WatchedArtifact, version: string | undefined, error: unknown): void {
    if (this.#closed) return;
    const { code = 'INTERNAL', message = String(error) } = error as { code?: string; message?: string };
    if (isTowerkitError(error) && PASSING.includes(code)) return folder.forget();
    const isTemporary = TEMPORARY.includes(code);
    if (isTemporary) folder.retry();
    else folder.refused();
    const before = this.#refusals.get(name);
    this.#refusals.set(name, { version, code, detail: message });
    if (before && before.version === version && before.code === code) return;
    this.metrics.swaps.inc({ model: name, result: 'refused' });
    const again = isTemporary ? 'in a while' : 'when its files change';
    this.say(`refused the new artifact of ${name}: ${code} ${message}; it is tried again ${again}`);
  }

  /** Opens an artifact that was tried. @throws TowerkitError also `LOW_RECALL`; `TIMEOUT` */
  #open(folder: string): Promise<ServedModel> {
    return this.#within(folder, async (signal) => {
      const model = await openModel(folder, this.settings, signal, this.#rerank);
      if (model.recall >= this.options.minRecall) return model;
      await model.retire();
      throw new TowerkitError(
        'LOW_RECALL',
        `${folder}: its index finds ${model.recall.toFixed(3)} of the exact answers, and ${this.options.minRecall} is asked for`,
        { hint: 'make the index again with a higher recall, or lower minRecall' },
      );
    });
  }

  /** Opens an artifact within the time it may take. @throws TowerkitError `TIMEOUT` */
  async #within<T>(folder: string, open: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = AbortSignal.timeout(this.options.limits.open);
    try {
      return await open(AbortSignal.any([this.#closing.signal, late]));
    } catch (error) {
      if (!late.aborted) throw error;
      throw new TowerkitError('TIMEOUT', `${folder} was not open after ${this.options.limits.open} ms`, {
        hint: 'raise limits.open for a large artifact or a slow disk',
      });
    }
  }

  #warn(folder: string): void {
    this.#mounted.add(folder);
    this.say(
      `${folder} is a mount point: an artifact that is renamed into its place outside is not seen here; mount the folder above it`,
    );
  }
}
