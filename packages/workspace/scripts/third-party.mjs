// The licenses of all that the published packages bring along: checks them, and prints THIRD_PARTY.md, or writes it with
// `--write` (`pnpm run licenses`).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { pnpm, root } from './pnpm.mjs';

/** Licenses that ask for no more than their own text, by SPDX id. */
const ALLOWED = new Set(
  'MIT ISC BSD-2-Clause BSD-3-Clause 0BSD Apache-2.0 BlueOak-1.0.0 CC0-1.0 Zlib Unlicense Python-2.0'.split(
    ' ',
  ),
);

/**
 * Whether an SPDX expression can be met by allowed licenses alone.
 *
 * @param {string} expression
 */
export const isAllowed = (expression) =>
  expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((id) => ALLOWED.has(id.trim())));

/** The packages of one system or processor, of which an installation has some: `@esbuild/linux-x64` as `@esbuild/*`. */
const anySystem = (name) => name.replace(/(linux|darwin|win32|android|freebsd)[-.\w]*$/, '*');

/** Names of the packages that are published. */
const published = () =>
  ['packages', 'apps', '.']
    .flatMap((parent) =>
      readdirSync(join(root, parent)).map((name) => join(root, parent, name, 'package.json')),
    )
    .flatMap((file) => {
      try {
        return [JSON.parse(readFileSync(file, 'utf8'))];
      } catch {
        return []; // no package
      }
    })
    .filter((manifest) => !manifest.private)
    .map(({ name }) => name);

/**
 * What the published packages depend on, however deep, without the packages of this workspace.
 *
 * @returns {Map<string, string[]>} by license: names with versions, sorted
 */
export function thirdParty() {
  const filters = published().map((name) => `--filter=${name}`);
  const { status, stdout, stderr } = pnpm([...filters, 'licenses', 'list', '--prod', '--json']);
  if (status !== 0) throw new Error(`pnpm licenses failed: ${stderr || stdout}`);
  const byLicense = new Map();
  for (const [license, packages] of Object.entries(JSON.parse(stdout))) {
    const lines = packages.map(({ name, versions }) => `${anySystem(name)} ${versions.join(', ')}`);
    byLicense.set(license.replace(/^\((.*)\)$/, '$1'), [...new Set(lines)].sort());
  }
  return new Map([...byLicense].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param {Map<string, string[]>} licenses */
export const thirdPartyText = (licenses) => `# Third-party software

What the published packages of Towerkit depend on, however deep, by license as its authors declare it. npm installs each with
its own license text; copied is one part of one alone: \`@towerkit/engine\` bundles the gradients and methods of tensors of
\`@tensorflow/tfjs-core\` (Apache-2.0, its text in \`dist/tfjs-license.txt\`), which Node cannot load from there. Written by \`pnpm run licenses\`; a test
compares it with the lockfile and refuses a license that asks for more than its own text.

Optional peers are installed by those who use them, and not listed: \`@huggingface/transformers\`, say, brings \`sharp\`,
whose libvips is LGPL-3.0-or-later.
${[...licenses].map(([license, lines]) => `\n## ${license}\n\n${lines.map((line) => `- ${line}\n`).join('')}`).join('')}`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const licenses = thirdParty();
  const unknown = [...licenses].filter(([license]) => !isAllowed(license));
  for (const [license, lines] of unknown) process.stderr.write(`${license}: ${lines.join('; ')}\n`);
  const text = thirdPartyText(licenses);
  if (process.argv.includes('--write')) writeFileSync(join(root, 'THIRD_PARTY.md'), text);
  else process.stdout.write(text);
  process.exitCode = unknown.length > 0 ? 1 : 0;
}
