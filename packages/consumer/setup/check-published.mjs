// node check-published.mjs TARBALL ...: what publint and attw find in packages, as JSON by tarball. One process for all: most
// of its time goes into loading TypeScript and its library.
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';
import { readFile } from 'node:fs/promises';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** How a program finds types; that of Node 10 knows no `exports`. */
const RESOLUTIONS = ['node16-cjs', 'node16-esm', 'bundler'];

async function lint(data) {
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true });
  const serious = messages.filter(({ type }) => type !== 'suggestion');
  return serious.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function types(data) {
  const read = createPackageFromTarballData(new Uint8Array(data));
  // A program for a thread is loaded by its URL: it has no types, and nothing imports it.
  const { exports } = JSON.parse(read.readFile(`/node_modules/${read.packageName}/package.json`));
  const programs = Object.keys(exports ?? {}).filter(
    (entry) => typeof exports[entry] === 'string' && exports[entry].endsWith('.js'),
  );
  const analysis = await checkPackage(read, {
    excludeEntrypoints: programs.map((entry) => entry.replace('./', '')),
  });
  if (!analysis.types) return ['attw: it has no types'];
  return analysis.problems
    .filter((problem) => RESOLUTIONS.some((kind) => problemAffectsResolutionKind(problem, kind, analysis)))
    .map((problem) => `attw: ${JSON.stringify(problem)}`);
}

const found = {};
for (const tarball of process.argv.slice(2)) {
  const { buffer, byteOffset, byteLength } = await readFile(tarball);
  const data = buffer.slice(byteOffset, byteOffset + byteLength);
  found[tarball] = [...(await lint(data)), ...(await types(data))];
}
process.stdout.write(JSON.stringify(found));
