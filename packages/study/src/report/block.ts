/** A part of a report, which is written as HTML and as Markdown. */
export type Block = TextBlock | TableBlock | FigureBlock;

export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
}

/** The first column names its row. */
export interface TableBlock {
  readonly kind: 'table';
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Whether cells are words rather than numbers. Default false. */
  readonly words?: boolean;
}

export interface FigureBlock {
  readonly kind: 'figure';
  /** Of its file beside the Markdown, without the ending. */
  readonly name: string;
  readonly caption: string;
  readonly svg: string;
  /** What its colors mean. */
  readonly legend?: readonly { readonly label: string; readonly color: string }[];
}

/** A section of a report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export const text = (text: string): TextBlock => ({ kind: 'text', text });

export const table = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  words = false,
): TableBlock => ({ kind: 'table', caption, head, rows, words });
