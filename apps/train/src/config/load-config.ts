import { loadConfig as load, type LoadedConfig } from '@towerkit/pipeline/config-files';
import { fileURLToPath } from 'node:url';

const NAMED = fileURLToPath(new URL('../configs/', import.meta.url));
const OWN = /^(towerkit|@towerkit\/[^/]+|@tensorflow\/tfjs(-core|-backend-\w+)?)(\/|$)/;

/** Loads a config, or one that comes with the command by its name; it shares the modules of this command. */
export const loadConfig = (given: string): Promise<LoadedConfig> =>
  load(given, { named: NAMED, resolve: ownModule });

function ownModule(specifier: string): string | undefined {
  if (!OWN.test(specifier)) return undefined;
  try {
    return import.meta.resolve(specifier);
  } catch {
    return undefined;
  }
}
