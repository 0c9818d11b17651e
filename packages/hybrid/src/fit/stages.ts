import { writeFolderAtomic } from '@towerkit/core/files';
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What follows the name of a stage in that of its folder, and of what a killed run left of it. */
const DIGEST = /^[0-9a-f]{24}(\.lock|\.[0-9a-f-]+\.(tmp|old|lock|stale))?$/;

/** How a stage of a pipeline ran. */
export interface StageReport {
  readonly stage: string;
  readonly seconds: number;
  /** Whether the result of an earlier run was reused. */
  readonly reused: boolean;
}

/** How the result of a stage is computed, saved and loaded. */
export interface Stage<T> {
  make(): Promise<T>;
  save(result: T, folder: string): Promise<void>;
  load(folder: string): Promise<T>;
}

/**
 * Runs stages and keeps their results in a folder, under a hash of all inputs: a run with the same inputs reuses a result, one
 * with others replaces it. A result that cannot be loaded is computed again. One process at a time may use a folder: the
 * artifact beside it is to be held meanwhile.
 */
export class Stages {
  readonly reports: StageReport[] = [];

  constructor(
    readonly folder: string,
    private readonly onStage: (report: StageReport) => void = () => undefined,
  ) {}

  /** Runs and times a stage without keeping its result. */
  async run<T>(stage: string, make: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await make();
    this.#report(stage, started, false);
    return result;
  }

  /**
   * Runs a stage unless an earlier run had the same key.
   *
   * @param key all inputs that the result depends on, as JSON
   */
  async cached<T>(stage: string, key: unknown, { make, save, load }: Stage<T>): Promise<T> {
    const started = performance.now();
    const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 24);
    const prefix = `${stage.replaceAll(' ', '-')}.`;
    const place = join(this.folder, `${prefix}${digest}`);
    const present = await readdir(this.folder).catch((): string[] => []);
    const isStage = (name: string) => name.startsWith(prefix) && DIGEST.test(name.slice(prefix.length));
    const remove = (name: string) => rm(join(this.folder, name), { recursive: true, force: true });
    for (const name of present) if (name.startsWith('.') && isStage(name.slice(1))) await remove(name);
    if (present.includes(`${prefix}${digest}`)) {
      const found = await load(place).catch(() => undefined);
      if (found !== undefined) {
        this.#report(stage, started, true);
        return found;
      }
    }
    const result = await make();
    await writeFolderAtomic(place, (fresh) => save(result, fresh));
    for (const name of present) if (name !== `${prefix}${digest}` && isStage(name)) await remove(name);
    this.#report(stage, started, false);
    return result;
  }

  #report(stage: string, started: number, reused: boolean): void {
    const report = { stage, seconds: (performance.now() - started) / 1000, reused };
    this.reports.push(report);
    this.onStage(report);
  }
}
