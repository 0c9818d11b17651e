import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A copy of the workspace, built as it stands, with the versions and changelogs that a release would give it.
 *
 * @param {string} root the workspace
 * @param {string} copy a folder that is not there yet
 * @returns {{folder: string, name: string, version: string}[]} the packages that would be published
 */
export function releaseIn(root, copy) {
  const git = (args, cwd) =>
    execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  git(['clone', '--quiet', '--shared', root, copy], root); // changelogs name the commits of changesets
  const left = ['./node_modules', './.git', './.turbo', './artifacts'].map((name) => `--exclude=${name}`);
  const tar = execFileSync('tar', [...left, '-cf', '-', '.'], { cwd: root, maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-xf', '-'], { cwd: copy, input: tar });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const changesets = join(root, 'node_modules/@changesets/cli/bin.js');
  execFileSync(process.execPath, [changesets, 'version'], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return publicPackages(copy);
}

/** Publishes all packages of a copy, as the release workflow does. @returns {string} what it said */
export function publish(root, copy, npmrc) {
  const changesets = join(root, 'node_modules/@changesets/cli/bin.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [changesets, 'publish', '--no-git-tag'], {
    cwd: copy,
    encoding: 'utf8',
    env: registryEnv(npmrc),
    timeout: 900_000,
  });
  if (status !== 0) throw new Error(`publishing ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

/** The environment in which npm and its like know the registry of a file, and nothing of a release for real. */
export function registryEnv(npmrc) {
  const [, url] = /^registry=(.*)$/m.exec(readFileSync(npmrc, 'utf8'));
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_config_|NPM_TOKEN|NODE_AUTH_TOKEN)/i.test(name),
  );
  return {
    ...Object.fromEntries(own),
    npm_config_userconfig: npmrc,
    npm_config_registry: url,
    YARN_REGISTRY: url,
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  };
}

function publicPackages(root) {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  );
  return [...folders, join(root, 'datasets')].flatMap((folder) => {
    if (!existsSync(join(folder, 'package.json'))) return [];
    const {
      name,
      version,
      private: isPrivate,
    } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (isPrivate) return [];
    rmSync(join(folder, 'test-results.json'), { force: true });
    return [{ folder, name, version }];
  });
}
