/** A fenced block of a Markdown file. */
export interface Block {
  /** The file, as it was given. */
  readonly page: string;
  /** Line of its first line of code, counted from 1. */
  readonly line: number;
  readonly language: string;
  /** Name of the file that the block is, from a fence such as `ts [towerkit.config.ts]`. */
  readonly file?: string;
  readonly code: string;
  /** What the comment right above the block says of it. */
  readonly marker?: Marker;
}

/** `<!-- not run: why -->`, `<!-- server: URL -->` that answers once the block serves, or `<!-- fails: TEXT -->` that it prints then. */
export interface Marker {
  readonly kind: 'not run' | 'server' | 'fails';
  readonly text: string;
}

const MARKER = /^<!--\s*(not run|server|fails):\s*(\S.*?)\s*-->$/;

/**
 * The fenced blocks of a Markdown text, in order.
 *
 * @param page name to tell them apart by
 */
export function blocksOf(page: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; info: string; line: number; indent: number } | undefined;
  let code: string[] = [];
  let marker: Marker | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line);
    if (open) {
      if (fence && fence[2].startsWith(open.fence) && fence[3].trim() === '') {
        blocks.push({ page, line: open.line, ...infoOf(open.info), code: `${code.join('\n')}\n`, marker });
        open = marker = undefined;
      } else code.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    } else if (fence) {
      open = { fence: fence[2], info: fence[3].trim(), line: at + 2, indent: fence[1].length };
      code = [];
    } else if (line.trim() !== '' && !line.startsWith(':::')) marker = markerOf(line);
  }
  return blocks;
}

/** The name of the page in whose folder the blocks of this one run: `<!-- folder: quick-start -->`. */
export const folderOf = (text: string): string | undefined =>
  /^<!--\s*folder:\s*(\S+)\s*-->$/m.exec(text)?.[1];

function infoOf(info: string): Pick<Block, 'language' | 'file'> {
  const [, language, file] = /^([^\s[{]*)[^[]*(?:\[([^\]]+)\])?/.exec(info)!;
  return { language, file };
}

function markerOf(line: string): Marker | undefined {
  const found = MARKER.exec(line.trim());
  return found ? { kind: found[1] as Marker['kind'], text: found[2] } : undefined;
}
