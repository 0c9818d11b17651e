import { TowerkitError } from '@towerkit/core';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type ServeCommand = (flags: Readonly<Record<string, unknown>>) => Promise<number>;

/** The server is a package of its own, so that training does not need it: it is loaded when it is asked for. */
const SERVER = '@towerkit/serve';

/** Runs `towerkit serve`. @throws TowerkitError `MISSING_PACKAGE` where the server is not installed */
export async function serve(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const { serveCommand } = (await load()) as { serveCommand: ServeCommand };
  return serveCommand(flags);
}

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
