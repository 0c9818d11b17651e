import { TowerkitError as AnyError } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import type { BrowserAnswer, Call, Opened, OpenOptions, Reply } from './protocol.js';

/** An artifact that answers in a worker of its own. */
export interface BrowserArtifact {
  /** How many items it recommends. */
  readonly items: number;
  /** Which files exactly. */
  readonly version: string;
  /**
   * The best items after a history, which are none of it; the popular ones for an empty history.
   *
   * @param history item ids, oldest first
   * @param k how many items. Default 10
   * @throws TowerkitError `UNKNOWN_ITEM`, `BAD_OPTION`, `CLOSED`
   */
  recommend(history: readonly string[], k?: number): Promise<BrowserAnswer>;
  /** Ends the worker. */
  close(): void;
}

/**
 * Opens an artifact by the URL of its folder: fetches what is needed of it, or takes it from the browser's cache, and verifies
 * sizes, checksums, the version of the format and the kind of model before anything is used.
 *
 * @param url of the folder that `packForBrowser` wrote; relative ones are the page's
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`, `NEWER_ARTIFACT`, `NO_CORS`, `UNAVAILABLE`, `OTHER_MODEL`; `NO_RUNTIME`;
 *   `UNSUPPORTED` for a tower that reads more than a history, and where the page is neither https nor localhost
 * @example
 * ```ts
 * const artifact = await openArtifact('/model', { runtime: '/ort' });
 * const { items } = await artifact.recommend(['P0001', 'P0002'], 5);
 * artifact.close();
 * ```
 */
export async function openArtifact(
  url: string,
  { runtime, cache = true }: OpenOptions,
): Promise<BrowserArtifact> {
  if (typeof Worker === 'undefined' || !globalThis.crypto?.subtle)
    throw new TowerkitError('UNSUPPORTED', 'this page has no workers, or no checksums', {
      hint: 'serve it over https, or from localhost; Node has @towerkit/recommend',
    });
  const here = globalThis.location.href;
  const folder = (of: string) => new URL(of.endsWith('/') ? of : `${of}/`, here).href;
  const worker = new AnsweringWorker();
  try {
    const opened = (await worker.ask({
      open: { url: folder(url), runtime: folder(runtime), cache },
    })) as Opened;
    return {
      ...opened,
      recommend: async (history, k = 10) =>
        (await worker.ask({ recommend: { history: [...history], k } })) as BrowserAnswer,
      close: () => worker.close(),
    };
  } catch (error) {
    worker.close();
    throw error;
  }
}

/** A worker whose answers are promises. */
class AnsweringWorker {
  readonly #worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #calls = 0;
  #ended: TowerkitError | undefined;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const call = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('value' in data) return call?.resolve(data.value);
      const { code, message, hint, details } = data.error;
      call?.reject(new AnyError(code, message, { hint, details: details as Record<string, unknown> }));
    };
    this.#worker.onerror = ({ message }) =>
      this.#end(
        new TowerkitError('UNAVAILABLE', `the worker ended: ${message || 'its file cannot be loaded'}`, {
          hint: "worker.js must lie beside index.js, on the page's own origin",
        }),
      );
  }

  ask(call: Call): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = this.#calls++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...call });
    });
  }

  close(): void {
    this.#end(new TowerkitError('CLOSED', 'the artifact is closed', { hint: 'open it again' }));
  }

  #end(why: TowerkitError): void {
    this.#ended ??= why;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
