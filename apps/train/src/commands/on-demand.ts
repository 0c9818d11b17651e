import { TowerkitError } from '@towerkit/core';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Command = (flags: Readonly<Record<string, unknown>>) => Promise<number>;

/** A command of a package that is loaded when it is asked for. @throws TowerkitError `MISSING_PACKAGE` */
const commandOf =
  (name: string, command: string): Command =>
  async (flags) =>
    ((await load(name)) as Record<string, Command>)[command](flags);

/** `towerkit serve`. */
export const serve = commandOf('@towerkit/serve', 'serveCommand');

/** `towerkit events prune`. */
export const pruneEvents = commandOf('@towerkit/serve', 'pruneCommand');

/** `towerkit mcp`. */
export const mcp = commandOf('@towerkit/mcp', 'mcpCommand');

/** Packages that training does not need are not installed with it: they are beside this one, or in the project it is run in. */
async function load(name: string): Promise<unknown> {
  const missing = (error: unknown) =>
    ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String((error as NodeJS.ErrnoException).code)) &&
    String((error as Error).message).includes(name);
  const here = () => import(name) as Promise<unknown>;
  const there = () =>
    import(pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(name)).href);
  for (const attempt of [here, there])
    try {
      return await attempt();
    } catch (error) {
      if (!missing(error)) throw error;
    }
  throw new TowerkitError('MISSING_PACKAGE', `the package ${name} is not installed`, {
    hint: `npm install ${name}`,
  });
}
