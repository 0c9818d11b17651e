import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import type { Block } from '../markdown/blocks.js';
import { MADE, ROOT } from '../repository.js';

/** Blocks that are programs: TypeScript, and JavaScript, which is checked as strictly. */
const CHECKED = ['ts', 'js'];

/** Folder of the blocks as files; packages resolve from here as they do for this package. */
const FOLDER = join(MADE, 'blocks');

/**
 * Type-checks blocks as modules, strict, against the types that the packages publish.
 *
 * @returns how many there were, and what is wrong, by page and line
 */
export function typeCheck(blocks: readonly Block[]): { checked: number; problems: string[] } {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const files = new Map<string, Block>();
  for (const block of blocks) {
    if (!CHECKED.includes(block.language)) continue;
    const file = join(FOLDER, `block-${files.size}.${block.language === 'ts' ? 'mts' : 'mjs'}`).replaceAll(
      '\\',
      '/',
    );
    // A block without imports is a module all the same: names of one do not meet those of another.
    writeFileSync(file, `${block.code}export {};\n`);
    files.set(file, block);
  }
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, MADE);
  const program = ts.createProgram([...files.keys()], {
    ...options,
    ...{ allowJs: true, checkJs: true, noUnusedLocals: false, noUnusedParameters: false },
    // As without any `lib`: examples also run in pages.
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    const block = file && files.get(file.fileName);
    if (!block) return `${file?.fileName ?? 'the checker'}: ${text}`;
    return `${block.page}:${block.line + file.getLineAndCharacterOfPosition(start!).line}: ${text}`;
  });
  return { checked: files.size, problems };
}
