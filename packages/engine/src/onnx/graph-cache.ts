import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';

import { runtimeVersion } from './runtime.js';
import { createSession, type InferenceSession, type SessionOptions } from './session.js';

/** Graphs that are kept, at most. */
const MOST = 64;
const EXTENSION = '.onnx';

/**
 * Graphs as ONNX Runtime has optimized them, in a folder. A graph goes by a hash of all that decides it: its bytes, and the
 * library, processor, threads and providers it was optimized for. What cannot be read or written is made again without a word.
 */
export class GraphCache {
  readonly #about: string;

  private constructor(
    private readonly folder: string,
    private readonly options: Required<SessionOptions>,
    private readonly known: Set<string>,
  ) {
    const { threads, executionProviders } = options;
    const machine = [platform(), arch(), cpus()[0]?.model ?? ''];
    this.#about = JSON.stringify([runtimeVersion(), ...machine, threads, executionProviders]);
  }

  /** Removes what a killed process left, and the oldest graphs where there are many. The folder is made with the first graph: a run that is refused leaves none. */
  static async open(folder: string, options: Required<SessionOptions>): Promise<GraphCache> {
    const names = await readdir(folder).catch((): string[] => []);
    for (const name of names.filter(isAbandoned)) await rm(join(folder, name), { force: true });
    const graphs = names.filter((name) => name.endsWith(EXTENSION));
    if (graphs.length > MOST) {
      const aged = await Promise.all(
        graphs.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
      );
      for (const { name } of aged.sort((a, b) => b.at - a.at).slice(MOST)) await rm(join(folder, name));
    }
    return new GraphCache(folder, options, new Set(graphs));
  }

  /** The name of a graph. */
  keyOf(model: Uint8Array): string {
    return createHash('sha256').update(this.#about).update(model).digest('hex').slice(0, 40) + EXTENSION;
  }

  /** Whether a graph of this name was kept before. */
  has(key: string): boolean {
    return this.known.has(key);
  }

  /** A session of a graph: the kept one, or a new one that is kept. */
  async session(key: string, model: Uint8Array): Promise<InferenceSession> {
    const file = join(this.folder, key);
    if (this.has(key)) {
      const kept = await createSession(file, this.options, { optimize: false }).catch(() => undefined);
      if (kept) return kept;
      this.known.delete(key);
    }
    const aside = `${file}.${process.pid}.tmp`;
    try {
      await mkdir(this.folder, { recursive: true });
      const made = await createSession(model, this.options, { keepAs: aside });
      await rename(aside, file);
      this.known.add(key);
      return made;
    } catch {
      await rm(aside, { force: true }).catch(() => undefined);
      return createSession(model, this.options); // says what is wrong, if it is the graph
    }
  }
}

/** Whether a graph was being written by a process that is no more. */
function isAbandoned(name: string): boolean {
  const [, writer] = /\.onnx\.(\d+)\.tmp$/.exec(name) ?? [];
  if (writer === undefined || Number(writer) === process.pid) return false;
  try {
    process.kill(Number(writer), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
