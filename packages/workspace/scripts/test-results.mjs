import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What the total says of a run: which tests it left out, and how to have them. */
const TIERS = { quick: 'quick tier; npm run test:full runs all', full: 'full tier' };

const FILE = 'test-results.json';

/** Every package of the workspace that has tests: its name and folder. */
function tested(root) {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  );
  return [...folders, join(root, 'datasets')]
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .filter(({ scripts }) => scripts?.test !== undefined)
    .map(({ folder, name }) => ({ folder, name }));
}

/** Removes the results of earlier runs, so that what is counted is what this run made or took from the cache. */
export function clearResults(root) {
  for (const { folder } of tested(root)) rmSync(join(folder, FILE), { force: true });
}

/**
 * What each package's tests came to, from the report that jest wrote there.
 *
 * @returns {{name: string, ran: boolean, passed: number, failed: string[], skipped: string[]}[]}
 */
export function collectResults(root) {
  return tested(root).map(({ folder, name }) => {
    const file = join(folder, FILE);
    if (!existsSync(file)) return { name, ran: false, passed: 0, failed: [], skipped: [] };
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const tests = report.testResults.flatMap((suite) => suite.assertionResults);
    const named = (...states) => tests.filter((t) => states.includes(t.status)).map((t) => t.fullName);
    const broken = report.testResults
      .filter(
        (suite) => suite.status === 'failed' && suite.assertionResults.every((t) => t.status !== 'failed'),
      )
      .map((suite) => `${suite.name.slice(folder.length + 1)} (the file itself)`);
    return {
      name,
      ran: true,
      passed: named('passed').length,
      failed: [...named('failed'), ...broken],
      skipped: named('pending', 'skipped', 'todo', 'disabled'),
    };
  });
}

/**
 * How long each test file took, from the reports that jest wrote.
 *
 * @returns {{name: string, seconds: number}[]}
 */
export function testFiles(root) {
  return tested(root).flatMap(({ folder, name }) => {
    const file = join(folder, FILE);
    if (!existsSync(file)) return [];
    return JSON.parse(readFileSync(file, 'utf8')).testResults.map((suite) => ({
      name: `${name}: ${suite.name.slice(folder.length + 1)}`,
      seconds: (suite.endTime - suite.startTime) / 1000,
    }));
  });
}

/**
 * Prints skipped and failed tests by package and, last, the total over all packages.
 *
 * With `TOWERKIT_FULL` set (CI, which provides everything a test may want) a skipped test is a failure.
 *
 * @param {{ranWell: boolean, all: boolean, tier?: 'quick' | 'full'}} run whether turbo ended well, whether every package was
 *   to run, and which tests of each
 * @returns {0 | 1} the exit status
 */
export function printResults(results, { ranWell, all, tier = 'full' }) {
  const print = (text) => process.stdout.write(`${text}\n`);
  const list = (kind, pick) => {
    for (const result of results) {
      if (pick(result).length === 0) continue;
      print(`${kind} in ${result.name}:`);
      for (const name of pick(result)) print(`  - ${name}`);
    }
  };
  list('Skipped', (result) => result.skipped);
  list('Failed', (result) => result.failed);

  const sum = (count) => results.reduce((total, result) => total + count(result), 0);
  const passed = sum((result) => result.passed);
  let skipped = sum((result) => result.skipped.length);
  let failed = sum((result) => result.failed.length);
  const silent = all ? results.filter((result) => !result.ran).map((result) => result.name) : [];
  if (silent.length > 0) print(`Tests that did not run: ${silent.join(', ')}`);
  failed += silent.length;
  if (!ranWell && failed === 0) failed = 1;
  if (process.env.TOWERKIT_FULL) {
    failed += skipped;
    skipped = 0;
  }
  print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${TIERS[tier]})`);
  return failed > 0 ? 1 : 0;
}
