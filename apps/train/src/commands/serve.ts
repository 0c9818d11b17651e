import { TowerkitError } from '@towerkit/core';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type ServerCommand = (flags: Readonly<Record<string, unknown>>) => Promise<number>;

/** The server is a package of its own, so that training does not need it: it is loaded when it is asked for. */
const SERVER = '@towerkit/serve';

/** Runs a command of the server's. @throws TowerkitError `MISSING_PACKAGE` where the server is not installed */
const command =
  (name: 'serveCommand' | 'pruneCommand'): ServerCommand =>
  async (flags) =>
    ((await load()) as Record<typeof name, ServerCommand>)[name](flags);

/** `towerkit serve`. */
export const serve = command('serveCommand');

/** `towerkit events prune`. */
export const pruneEvents = command('pruneCommand');

/** Beside this package, or in the project it is run in. */
async function load(): Promise<unknown> {
  const missing = (error: unknown) =>
    ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String((error as NodeJS.ErrnoException).code)) &&
    String((error as Error).message).includes(SERVER);
  const here = () => import(SERVER) as Promise<unknown>;
  const there = () =>
    import(pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(SERVER)).href);
  for (const attempt of [here, there])
    try {
      return await attempt();
    } catch (error) {
      if (!missing(error)) throw error;
    }
  throw new TowerkitError('MISSING_PACKAGE', `the package ${SERVER} is not installed`, {
    hint: `npm install ${SERVER}`,
  });
}
