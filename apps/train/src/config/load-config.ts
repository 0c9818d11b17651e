import { TowerkitError, isTowerkitError } from '@towerkit/core';
import { build, type Message, type Plugin } from 'esbuild';
import { readdir, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { badConfig, checkConfig, extendedConfig, nearestName, type ResolvedConfig } from '@towerkit/pipeline';

/** A config and where it came from. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** The folder that paths in it are relative to. */
  readonly folder: string;
}

const BUILT_IN = fileURLToPath(new URL('../configs/', import.meta.url));

/**
 * Loads a config: a TypeScript, JavaScript or JSON file with a default export, or the name of one that comes with
 * the package.
 *
 * The file is bundled with its own relative imports and run without leaving anything on disk. Packages stay
 * outside: those this command uses itself are the very same module instances (two copies of tfjs would split its
 * gradient registry), others are looked up from the file.
 *
 * @throws TowerkitError `CONFIG_NOT_FOUND`, `BAD_CONFIG`
 */
export async function loadConfig(given: string): Promise<LoadedConfig> {
  const file = await locate(given);
  const base = async (name: string) => run(await locate(name, dirname(file)), name);
  const exported = await extendedConfig(await run(file, given), base);
  return { config: checkConfig(exported, given), folder: dirname(file) };
}

async function locate(given: string, from = '.'): Promise<string> {
  const isFile = (path: string) =>
    stat(path).then(
      (info) => info.isFile(),
      () => false,
    );
  for (const path of [resolve(from, given), join(BUILT_IN, `${given}.ts`)])
    if (await isFile(path)) return path;
  const names = (await readdir(BUILT_IN, { recursive: true }))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll(sep, '/').slice(0, -'.ts'.length));
  const close = nearestName(given, names);
  throw new TowerkitError('CONFIG_NOT_FOUND', `there is no config ${given}`, {
    hint: close ? `did you mean ${close}?` : `give a file, or one of ${names.join(', ')}`,
    details: { config: given },
  });
}

async function run(file: string, given: string): Promise<unknown> {
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
    plugins: [packagesOutside],
  }).catch((error: { errors?: Message[] }) => {
    const [message] = error.errors ?? [];
    if (!message) throw error;
    const { location, text } = message;
    const where = location ? `${relative(process.cwd(), resolve(location.file))}:${location.line}` : given;
    throw badConfig(`${where}: ${text}`, error);
  });
  const code = Buffer.from(result.outputFiles[0].contents).toString('base64');
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

/** Turns every import of a package into one of a file, as this command or else the importer would resolve it. */
const packagesOutside: Plugin = {
  name: 'packages-outside',
  setup({ onResolve, resolve: lookUp }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === 'looked-up' || isAbsolute(path)) return undefined;
      if (isBuiltin(path) || /^(file|data):/.test(path)) return { path, external: true };
      const own = ownModule(path);
      if (own !== undefined) return { path: own, external: true };
      const found = await lookUp(path, { kind, resolveDir, pluginData: 'looked-up' });
      if (found.errors.length > 0) return { errors: found.errors };
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

const OWN = /^(towerkit|@towerkit\/[^/]+|@tensorflow\/tfjs)(\/|$)/;

function ownModule(specifier: string): string | undefined {
  if (!OWN.test(specifier)) return undefined;
  try {
    return import.meta.resolve(specifier);
  } catch {
    return undefined;
  }
}

const firstLine = (error: unknown) => String((error as Error)?.message ?? error).split('\n')[0];
