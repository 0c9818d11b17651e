#!/usr/bin/env node
// Writes the declarations of every package that is published, from one program over all of them: once for ES modules to `types/`,
// once for CommonJS to `types/cjs/`, which a package.json of its own marks as such. One program takes a tenth of the time that
// one for each package and format takes.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

import { root } from './pnpm.mjs';

/** The folder, name and entries of every package with types; entries by what they are imported as. */
const packages = ['packages', 'apps']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
  .concat(join(root, 'datasets'))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
  .filter(({ manifest }) => !manifest.private)
  .map(({ folder, manifest }) => ({ folder, entries: entriesOf(folder, manifest) }));

/** @returns {Record<string, string>} the source file of each entry */
function entriesOf(folder, { name, exports }) {
  return Object.fromEntries(
    Object.entries(exports)
      .filter(([, entry]) => typeof entry === 'object')
      .map(
        ([
          path,
          {
            import: { types },
          },
        ]) => [
          name + path.slice(1),
          join(folder, types.replace('./types/', 'src/').replace(/\.d\.ts$/, '.ts')),
        ],
      ),
  );
}

const entries = Object.assign({}, ...packages.map((each) => each.entries));
const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config.compilerOptions;
const { options } = ts.convertCompilerOptionsFromJson(
  {
    ...base,
    lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    typeRoots: [join(root, 'packages/core/node_modules/@types')],
    paths: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, [file]])),
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
  },
  root,
);
const program = ts.createProgram({ rootNames: Object.values(entries), options });

/** Files to write, by their path. */
const files = new Map();
const { diagnostics } = program.emit(undefined, (path, text) => files.set(path, text), undefined, true);
const wrong = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (wrong.length > 0) {
  process.stderr.write(
    ts.formatDiagnosticsWithColorAndContext(wrong, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  );
  process.exit(1);
}

for (const { folder, entries } of packages) {
  const types = join(folder, 'types');
  rmSync(types, { recursive: true, force: true });
  write(join(types, 'cjs/package.json'), '{ "type": "commonjs" }\n');
  for (const path of reached(Object.values(entries))) {
    const name = relative(join(folder, 'src'), path);
    write(join(types, name), files.get(path));
    write(join(types, 'cjs', name), files.get(path));
  }
}

/** The declarations that those of some sources lead to, themselves among them. */
function reached(sources) {
  const declarations = new Set(sources.map((path) => path.replace(/\.ts$/, '.d.ts')));
  for (const path of declarations)
    for (const { fileName } of ts.preProcessFile(files.get(path)).importedFiles)
      if (fileName.startsWith('.')) declarations.add(join(dirname(path), fileName.replace(/\.js$/, '.d.ts')));
  return declarations;
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
