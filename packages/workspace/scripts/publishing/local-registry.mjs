/* global fetch */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line that runs on Node 20. What it wants of node-fetch by a tag, which not every registry has, is named by its version. */
const PROGRAM = {
  private: true,
  dependencies: { verdaccio: '6.3.2' },
  overrides: { 'node-fetch': '2.7.0' },
};

/** A port that nobody listens at: two registries on one machine must not answer for each other. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/**
 * Starts a registry of its own, which keeps what is published in a folder and passes everything else on to the usual one.
 *
 * @param {string} folder for its program, its storage and its log
 * @returns {Promise<{url: string, npmrc: string, stop(): void}>} `npmrc` is a file with which anybody may publish there
 */
export async function localRegistry(folder) {
  const uplink = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(PROGRAM));
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--silent'];
  execFileSync('npm', ['install', ...quiet], { cwd: folder, stdio: 'inherit' });
  const open = { access: '$all', publish: '$anonymous', unpublish: '$anonymous' };
  const config = {
    storage: join(folder, 'storage'),
    uplinks: { usual: { url: uplink, cache: false, maxage: '60m', max_fails: 20, timeout: '60s' } },
    packages: { '@towerkit/*': open, towerkit: open, '**': { access: '$all', proxy: 'usual' } },
    max_body_size: '50mb',
    server: { keepAliveTimeout: 0 },
    log: { type: 'stdout', level: 'warn' },
  };
  const file = join(folder, 'config.yaml'); // JSON is YAML
  writeFileSync(file, JSON.stringify(config));
  const log = openSync(join(folder, 'log'), 'a');
  const port = await freePort();
  const bin = join(folder, 'node_modules/verdaccio/bin/verdaccio');
  const server = spawn(process.execPath, [bin, '--config', file, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', log, log],
  });
  const url = `http://127.0.0.1:${port}/`;
  const npmrc = join(folder, 'npmrc');
  writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=anybody\n`);
  for (let tries = 0; ; tries++) {
    const up = await fetch(`${url}-/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return { url, npmrc, stop: () => void server.kill() };
    if (tries === 720 || server.exitCode !== null)
      throw new Error(`the registry does not start; see ${join(folder, 'log')}`);
    await sleep(250);
  }
}
