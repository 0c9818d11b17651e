import { TowerkitError, isTowerkitError } from '@towerkit/core';
import { loadTfjs } from '@towerkit/engine';
import { build, type Message, type Plugin } from 'esbuild';
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import { badConfig, checkConfig } from './check-config.js';
import { extendedConfig } from './extend-config.js';
import { nearestName } from './nearest-name.js';
import type { ResolvedConfig } from './schema.js';

/** A config and where it came from. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** The file it was read from, absolute. */
  readonly file: string;
  /** The folder that paths in it are relative to. */
  readonly folder: string;
  /** SHA-256 of its text with that of the files it imports and extends: another one where what it says has changed. */
  readonly hash: string;
}

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions {
  /** A folder whose `.ts` files may be given by name, without their ending. Default: none. */
  readonly named?: string;
  /**
   * The URL of a package that the config shall share with the program, `undefined` for any other. A program that calls tfjs itself
   * answers with its own, so that there is one. Default: every package is looked up from the
   * config.
   */
  readonly resolve?: (specifier: string) => string | undefined;
}

/**
 * Loads a config: a TypeScript, JavaScript or JSON file with a default export, or the name of one in a folder.
 *
 * The file is bundled with its own relative imports and run without leaving anything on disk. Packages stay outside: those that
 * `options.resolve` answers for are the very same module instances, others are looked up from the file.
 *
 * @param given path of a file, or a name within `options.named`
 * @throws TowerkitError `CONFIG_NOT_FOUND`; `BAD_CONFIG` for a file that does not compile, throws or holds no valid config
 *
 * @example
 * const { config } = await loadConfig('towerkit.config.ts');
 */
export async function loadConfig(given: string, options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const file = await locate(given, options.named);
  const folder = dirname(file);
  const texts: Uint8Array[] = [];
  const load = async (path: string, name: string) => {
    const text = await bundle(path, name, options.resolve ?? (() => undefined));
    texts.push(text);
    return run(text, name);
  };
  const base = async (name: string) => load(await locate(name, options.named, folder), name);
  const config = checkConfig(await extendedConfig(await load(file, given), base), given);
  return { config, file, folder, hash: hashOf(Buffer.concat(texts)) };
}

async function locate(given: string, named: string | undefined, from = '.'): Promise<string> {
  const isFile = (path: string) =>
    stat(path).then(
      (info) => info.isFile(),
      () => false,
    );
  const places = [resolve(from, given), ...(named === undefined ? [] : [join(named, `${given}.ts`)])];
  for (const path of places) if (await isFile(path)) return path;
  const names = named === undefined ? [] : await namesIn(named);
  const close = nearestName(given, names);
  throw new TowerkitError('CONFIG_NOT_FOUND', `there is no config ${given}`, {
    hint: close
      ? `did you mean ${close}?`
      : `give ${['a file', ...(names.length > 0 ? [`one of ${names.join(', ')}`] : [])].join(', or ')}`,
    details: { config: given },
  });
}

const namesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll(sep, '/').slice(0, -'.ts'.length));

/** Packages count by the names of their files, wherever they are installed. */
function hashOf(text: Uint8Array): string {
  const code = Buffer.from(text)
    .toString('utf8')
    .replaceAll(/"file:[^"]*\/(?=[^"/]*")/g, '"');
  return createHash('sha256').update(code).digest('hex');
}

async function bundle(
  file: string,
  given: string,
  shared: NonNullable<LoadConfigOptions['resolve']>,
): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [file],
    absWorkingDir: dirname(file), // the text names files from here, wherever the program runs
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
    plugins: [packagesOutside(shared)],
  }).catch((error: { errors?: Message[] }) => {
    const [message] = error.errors ?? [];
    if (!message) throw error;
    const { location, text } = message;
    const where = location
      ? `${relative(process.cwd(), resolve(dirname(file), location.file))}:${location.line}`
      : given;
    throw badConfig(`${where}: ${text}`, error);
  });
  return result.outputFiles[0].contents;
}

async function run(text: Uint8Array, given: string): Promise<unknown> {
  // A tower may make tensors as soon as its file is read, which takes a backend.
  const bytes = Buffer.from(text);
  if (bytes.includes('tfjs')) await loadTfjs();
  const code = bytes.toString('base64');
  const loaded = await import(`data:text/javascript;base64,${code}`).catch((error: unknown) => {
    if (isTowerkitError(error))
      throw new TowerkitError(error.code, `${given}: ${error.message.replace(/^config: /, '')}`, {
        hint: error.hint,
        details: error.details,
        cause: error,
      });
    throw badConfig(`${given}: it threw: ${firstLine(error)}`, error);
  });
  if (loaded.default === undefined)
    throw badConfig(`${given}: it has no default export; write export default defineConfig({...})`);
  return loaded.default;
}

/** Turns every import of a package into one of a file, as the program or else the importer would resolve it. */
const packagesOutside = (shared: NonNullable<LoadConfigOptions['resolve']>): Plugin => ({
  name: 'packages-outside',
  setup({ onResolve, resolve: lookUp }) {
    const core = () => ({ path: shared('@tensorflow/tfjs-core') ?? ownCore(), external: true });
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === 'looked-up' || isAbsolute(path)) return undefined;
      if (isBuiltin(path) || /^(file|data):/.test(path)) return { path, external: true };
      const own = shared(path);
      if (own !== undefined) return { path: own, external: true };
      const found = await lookUp(path, { kind, resolveDir, pluginData: 'looked-up' });
      if (found.errors.length === 0) return { path: pathToFileURL(found.path).href, external: true };
      // Of the union of tfjs's packages, which is ten times as large, a tower needs what its core has.
      if (path === '@tensorflow/tfjs') return core();
      return { errors: found.errors };
    });
  },
});

const ownCore = () => pathToFileURL(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core')).href;

const firstLine = (error: unknown) => String((error as Error)?.message ?? error).split('\n')[0];
