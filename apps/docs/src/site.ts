import { buildSite, BASE, SITE } from './build-site.js';
import { serveFolder } from './static-server.js';

/** `npm run docs`: builds the site; with `--serve` shows it until Ctrl-C, at `--port` (4173). */
const args = process.argv.slice(2);
const at = args.indexOf('--port');
const start = performance.now();
await buildSite();
process.stdout.write(`built ${SITE} in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
if (args.includes('--serve')) {
  const { url } = await serveFolder(SITE, at < 0 ? 4173 : Number(args[at + 1]), BASE);
  process.stdout.write(`${url}  (Ctrl-C ends it)\n`);
}
