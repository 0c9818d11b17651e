import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const IMPORT =
  /(?:^|[\s;])(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s*['"]([^'"]+)['"]/gm;

/** A file and a module that it imports. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** The TypeScript files of a folder by name, without comments: those hold examples, which may import what they like. */
export async function sources(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const entries = names.map(async (name) => {
    const file = join(folder, name);
    return [file, (await readFile(file, 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '')] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Every module that the TypeScript files of a folder import, with the file that does. */
export async function imports(folder: string): Promise<Import[]> {
  return [...(await sources(folder))].flatMap(([file, code]) =>
    [...code.matchAll(IMPORT)].map(([, a, b, c]) => ({ file, specifier: a ?? b ?? c })),
  );
}

/** The files of a folder, each with those it imports by a relative path. */
export async function graphOf(folder: string): Promise<Map<string, string[]>> {
  const edges = new Map([...(await sources(folder)).keys()].map((file) => [file, [] as string[]]));
  for (const { file, specifier } of await imports(folder))
    if (specifier.startsWith('.'))
      edges.get(file)!.push(resolve(file, '..', specifier).replace(/\.js$/, '.ts'));
  return edges;
}

/** The package that a specifier is of: `@towerkit/core/files` is of `@towerkit/core`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier[0] === '@' ? 2 : 1)
    .join('/');
