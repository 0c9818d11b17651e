/** What the victim is told to try. */
export interface Attempt {
  readonly id: number;
  readonly tried: unknown;
}

/** What came of it. */
export interface Told {
  readonly id: number;
  /** A documented way to refuse. */
  readonly refused?: { readonly code: string; readonly message: string };
  /** An error that is none of ours: a bug. */
  readonly bug?: string;
  /** An answer that is not the right one. */
  readonly wrong?: { readonly what: string; readonly detail: string };
  /** Most resident bytes there ever were. */
  readonly peak: number;
}

/** Thrown by a subject that got an answer, and the wrong one. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';

  /** @param what the same for cases that show the same fault */
  constructor(
    readonly what: string,
    detail = '',
  ) {
    super(`${what}${detail && `: ${detail}`}`);
  }
}

/** Tries one case, in a folder of its own that is empty. Throws what the product throws. */
export type Subject = (tried: never, folder: string, root: string) => Promise<void>;
