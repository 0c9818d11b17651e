// Publishes every public package to a registry of its own, from a throwaway copy with the versions that a release would give,
// installs the packages that users begin with from there with npm, pnpm and yarn into empty folders, and uses them. Prints a table.
//   node packages/workspace/scripts/try-publishing.mjs [FOLDER to work in, kept]
/* global fetch */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { installed, measure, MANAGERS } from './publishing/install.mjs';
import { localRegistry } from './publishing/local-registry.mjs';
import { publish, registryEnv, releaseIn } from './publishing/release.mjs';
import { use } from './publishing/use.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
/** What users install by name. */
const ENTRIES = [
  ...['metrics', 'als', 'retrieval', 'browser', 'mcp', 'serve'].map((name) => `@towerkit/${name}`),
  'towerkit',
];
/** What programs that use them name beside: pnpm shows a program only what it asks for. */
const BESIDE = ['@towerkit/core', '@towerkit/artifact'];

const [kept] = process.argv.slice(2);
const work = kept ?? mkdtempSync(join(realpathSync(tmpdir()), 'towerkit-publishing-'));
const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0);
const must = (what, holds) => {
  if (!holds) throw new Error(what);
  console.log(`ok: ${what}`);
};

let registry;
try {
  const copy = join(work, 'copy');
  const packages = releaseIn(ROOT, copy);
  const others = packages
    .filter(({ version }) => version !== '0.1.0')
    .map(({ name, version }) => `${name}@${version}`);
  must(
    `the first versions of ${packages.length} packages are 0.1.0 (${others.join(', ') || 'all'})`,
    others.length === 0,
  );
  const unnoted = packages.filter(
    ({ folder }) => !readFileSync(join(folder, 'CHANGELOG.md'), 'utf8').includes('## 0.1.0'),
  );
  must('each has a changelog', unnoted.length === 0);

  registry = await localRegistry(join(work, 'registry'));
  publish(ROOT, copy, registry.npmrc);
  const facts = new Map();
  for (const { name } of packages) {
    const { dist, ...rest } = await (await fetch(`${registry.url}${name.replace('/', '%2f')}/0.1.0`)).json();
    const { size } = await (await fetch(dist.tarball)).blob();
    facts.set(name, {
      packed: size,
      keywords: rest.keywords,
      repository: rest.repository,
    });
  }
  must(
    'every one is in the registry, with keywords and repository',
    [...facts.values()].every(({ keywords, repository }) => keywords?.length > 0 && repository?.url),
  );

  must(
    'publishing again publishes nothing, and is no error',
    /No unpublished projects/.test(publish(ROOT, copy, registry.npmrc)),
  );
  must('the registry refuses a version that it has', refusesTwice(packages[0].folder));

  const rows = [];
  for (const name of ENTRIES) {
    const { folder, seconds } = installed(
      join(work, 'alone', name.replace('/', '-')),
      'npm',
      [name],
      registry.npmrc,
    );
    const { bytes, packages: count } = measure(folder);
    const { packed } = facts.get(name);
    rows.push({
      package: name,
      version: '0.1.0',
      'packed MB': megabytes(packed),
      'packages installed': count,
      'installed MB': megabytes(bytes),
      seconds: seconds.toFixed(0),
      managers: [],
    });
    rmSync(folder, { recursive: true });
  }
  for (const manager of Object.keys(MANAGERS)) {
    const { folder, seconds } = installed(
      join(work, manager),
      manager,
      [...ENTRIES, ...BESIDE],
      registry.npmrc,
    );
    use(ROOT, folder, ENTRIES);
    must(
      `with ${manager}, all ${ENTRIES.length}: from ES modules, CommonJS, and TypeScript under node16, nodenext and bundler (${seconds.toFixed(0)} s to install)`,
      true,
    );
    for (const row of rows) row.managers.push(manager);
    rmSync(folder, { recursive: true });
  }
  console.table(rows.map(({ managers, ...row }) => ({ ...row, managers: managers.join(' ') })));
  console.table(
    [...facts]
      .filter(([name]) => !ENTRIES.includes(name))
      .map(([name, { packed }]) => ({
        package: name,
        version: '0.1.0',
        'packed MB': megabytes(packed),
      })),
  );
} finally {
  registry?.stop();
  if (!kept) rmSync(work, { recursive: true, force: true });
}

/** Whether npm is refused where it publishes what is there already. */
function refusesTwice(folder) {
  try {
    execFileSync('npm', ['publish', '--access', 'public', '--ignore-scripts'], {
      cwd: folder,
      env: registryEnv(registry.npmrc),
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return false;
  } catch ({ stderr }) {
    return /E409|EPUBLISHCONFLICT|cannot publish over|already present/i.test(stderr);
  }
}
