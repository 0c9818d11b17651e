import { badArtifact, TowerkitError } from './errors.js';
import type { FileFacts } from './manifest.js';

/** Name of the browser's cache that files of artifacts are kept in. */
const CACHE = 'towerkit';

/** Files of an artifact at a URL, each verified before it is used or kept. */
export class ArtifactFiles {
  /** @param base ends with a slash */
  constructor(
    readonly base: string,
    readonly keep: boolean,
  ) {}

  /** The manifest, always asked for anew. @throws TowerkitError `ARTIFACT_NOT_FOUND`, `NO_CORS`, `UNAVAILABLE` */
  async manifest(): Promise<string> {
    const response = await this.#fetch('manifest.json', 'no-cache');
    if (response.status === 404 || response.status === 410)
      throw new TowerkitError('ARTIFACT_NOT_FOUND', `there is no artifact at ${this.base}`, {
        hint: 'the URL is that of the folder with manifest.json in it',
        details: { url: this.base, status: response.status },
      });
    return this.#ok(response, 'manifest.json').text();
  }

  /**
   * A file, from the cache where it is kept in exactly this version.
   *
   * @throws TowerkitError `BAD_ARTIFACT` for one that is absent, or not as long or not what the manifest says; `NO_CORS`,
   *   `UNAVAILABLE`
   */
  async read(name: string, facts: FileFacts): Promise<ArrayBuffer> {
    const cache = await this.#cache();
    const key = this.#key(name, facts);
    const kept = await cache?.match(key);
    if (kept) {
      const bytes = await kept.arrayBuffer();
      if ((await this.#fault(bytes, facts)) === undefined) return bytes;
      await cache!.delete(key);
    }
    const response = await this.#fetch(name, kept ? 'reload' : 'default');
    if (response.status === 404 || response.status === 410) throw badArtifact(this.base, `it has no ${name}`);
    const bytes = await this.#ok(response, name).arrayBuffer();
    const fault = await this.#fault(bytes, facts);
    if (fault !== undefined) throw badArtifact(this.base, `${name} ${fault}`);
    await cache?.put(key, new Response(bytes)).catch(() => undefined); // a full disk is no reason not to answer
    return bytes;
  }

  /** Removes other versions of this artifact's files from the cache. */
  async forgetOthers(files: Readonly<Record<string, FileFacts>>): Promise<void> {
    const cache = await this.#cache();
    const current = new Set(Object.entries(files).map(([name, facts]) => this.#key(name, facts)));
    for (const { url } of (await cache?.keys()) ?? [])
      if (url.startsWith(this.base) && !current.has(url)) await cache!.delete(url);
  }

  #key = (name: string, { sha256 }: FileFacts) => `${new URL(name, this.base).href}?sha256=${sha256}`;

  /** The cache, or nothing where the browser allows none, as in private windows. */
  async #cache(): Promise<Cache | undefined> {
    if (!this.keep || typeof caches === 'undefined') return undefined;
    return caches.open(CACHE).catch(() => undefined);
  }

  async #fault(bytes: ArrayBuffer, facts: FileFacts): Promise<string | undefined> {
    if (bytes.byteLength !== facts.bytes)
      return `has ${bytes.byteLength} bytes, and the manifest says ${facts.bytes}`;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex === facts.sha256 ? undefined : 'is another one than the manifest says';
  }

  async #fetch(name: string, cache: RequestCache): Promise<Response> {
    const url = new URL(name, this.base).href;
    try {
      return await fetch(url, { cache });
    } catch (cause) {
      // A server that answers, but not to this page: the browser tells these apart only in this way.
      const answers = await fetch(url, { mode: 'no-cors', cache: 'no-store' }).then(
        () => true,
        () => false,
      );
      throw answers
        ? new TowerkitError('NO_CORS', `${url} may not be read by this page`, {
            hint: 'have its server send access-control-allow-origin, or serve the folder with the page',
            details: { url },
            cause,
          })
        : new TowerkitError('UNAVAILABLE', `${url} cannot be reached`, {
            hint: 'look at the address and the connection, and try again',
            details: { url },
            cause,
          });
    }
  }

  #ok(response: Response, name: string): Response {
    if (response.ok) return response;
    throw new TowerkitError(
      'UNAVAILABLE',
      `${this.base}${name} was answered with status ${response.status}`,
      {
        hint: 'try again later',
        details: { status: response.status },
      },
    );
  }
}
