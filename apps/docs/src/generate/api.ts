import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Application, Logger, LogLevel, ReflectionKind } from 'typedoc';

import { MADE, publicPackages, ROOT } from '../repository.js';

/** What TypeDoc made and found. */
export interface Api {
  /** Entry points, such as `@towerkit/core/files`. */
  readonly entries: readonly string[];
  /** Exported symbols of all entry points, with the methods of classes. */
  readonly symbols: number;
  /** Those without a docstring. */
  readonly undocumented: readonly string[];
  /** `{@link}`s that lead nowhere, and whatever else it warned of. */
  readonly warnings: readonly string[];
}

/** Everything exported must say what it is; the fields of an interface may be told by its own comment. */
const DOCUMENTED = [
  'Enum',
  'Variable',
  'Function',
  'Class',
  'Interface',
  'Method',
  'Accessor',
  'TypeAlias',
] as const;

/**
 * Writes a Markdown page for each entry point of each public package, from the types and docstrings that it publishes.
 *
 * @param out folder of the pages
 */
export async function writeApi(out: string): Promise<Api> {
  const packages = publicPackages();
  const names = new Map(packages.flatMap(({ name, folder, exports }) => entriesOf(name, folder, exports)));
  const tsconfig = join(MADE, 'api.tsconfig.json');
  // One program of all declarations, so that types of one package link to the pages of another.
  const files = [...names.keys()];
  writeFileSync(tsconfig, JSON.stringify({ extends: '../../../tsconfig.base.json', files }));

  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: files,
    tsconfig,
    skipErrorChecking: true,
    disableSources: true,
    readme: 'none',
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeExternals: true,
    // Configs are deep: their keys have a page of their own.
    maxTypeConversionDepth: 3,
    validation: { notDocumented: true, notExported: false, invalidLink: true },
    requiredToBeDocumented: [...DOCUMENTED],
    packagesRequiringDocumentation: packages.map(({ name }) => name),
    outputs: [{ name: 'markdown', path: out }],
    ...({ outputFileStrategy: 'modules', hideBreadcrumbs: true, hidePageHeader: true } as object),
    ...({
      entryFileName: 'index.md',
      typeDeclarationVisibility: 'compact',
      useHTMLEncodedBrackets: true,
    } as object),
    ...({ parametersFormat: 'list', sanitizeComments: true } as object),
  });
  const warned = new Warnings();
  app.logger = warned;
  const project = await app.convert();
  if (!project) throw new Error(`TypeDoc made nothing:\n${warned.lines.join('\n')}`);
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    const [file] = module.sources?.map(({ fullFileName }) => fullFileName) ?? [];
    module.name = names.get(file ?? '') ?? nameOf(module.name, names);
  }
  project.name = 'API';
  app.validate(project);
  await app.generateOutputs(project);

  const missing = / does not have any documentation/;
  const field = / \(Property\), defined in /; // a function as a field counts as a method to TypeDoc
  const symbols = project.getReflectionsByKind(
    ReflectionKind.SomeType |
      ReflectionKind.Variable |
      ReflectionKind.Function |
      ReflectionKind.ClassOrInterface |
      ReflectionKind.Method |
      ReflectionKind.Accessor,
  );
  return {
    entries: [...names.values()],
    symbols: symbols.length,
    undocumented: warned.lines.filter((line) => missing.test(line) && !field.test(line)),
    warnings: warned.lines.filter((line) => !missing.test(line)),
  };
}

/** Files of declarations by the name that imports them; what is called internal is left out. */
function entriesOf(name: string, folder: string, exports: object): [string, string][] {
  return Object.entries(exports).flatMap(([entry, target]): [string, string][] => {
    const { import: imported, types } = target as { import?: { types?: string }; types?: string };
    const file = imported?.types ?? types;
    if (!file || entry === './internal') return [];
    return [[join(ROOT, folder, file), name + entry.slice(1)]];
  });
}

/** Without sources TypeDoc names a module by its path, such as `packages/core/types/files`. */
function nameOf(path: string, names: ReadonlyMap<string, string>): string {
  const tails = [`${path}.d.ts`, `${path}/index.d.ts`].map((tail) => tail.replaceAll('\\', '/'));
  const found = [...names].find(([file]) =>
    tails.some((tail) => file.replaceAll('\\', '/').endsWith(`/${tail}`)),
  );
  if (!found) throw new Error(`no entry point is called ${path}`);
  return found[1];
}

/** Keeps what TypeDoc warns of. */
class Warnings extends Logger {
  readonly lines: string[] = [];

  override log(message: string, level: LogLevel): void {
    super.log(message, level);
    if (level >= LogLevel.Warn) this.lines.push(message);
  }
}
