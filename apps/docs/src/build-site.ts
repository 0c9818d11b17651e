import { join } from 'node:path';

import { build } from 'vitepress';

import type { Api } from './generate/api.js';
import { assemble } from './generate/assemble.js';
import { DOCS, MADE } from './repository.js';

/** Folder of the site. */
export const SITE = join(MADE, 'site');

/** Path that the site lies under: `/` unless `DOCS_BASE` says otherwise, as the workflow for Pages does. */
export const BASE = process.env.DOCS_BASE ?? '/';

/** Puts the pages together and builds the site. A link to a page that is not there ends it. */
export async function buildSite(): Promise<Api> {
  const api = await assemble();
  await build(DOCS);
  return api;
}
