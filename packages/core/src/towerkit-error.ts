/**
 * An error a program can act on: `code` is stable across releases, `message` says what happened in one line (line ends, such as
 * those of a library's message within it, become blanks) and `hint` what to do next.
 *
 * Recognize it with {@link isTowerkitError} rather than `instanceof`: an ESM and a CommonJS copy of a package
 * hold two different classes.
 *
 * @typeParam Code the codes it may have; any by default. A package names its own in a type `ErrorCode`
 *
 * @example
 * ```ts
 * throw new TowerkitError('SHAPE_MISMATCH', 'expected 3 values, got 2', { hint: 'check the column count' });
 * ```
 */
export class TowerkitError<Code extends string = string> extends Error {
  override readonly name = 'TowerkitError';
  /** Stable, upper-case identifier, such as `BAD_ROW`. */
  readonly code: Code;
  /** The next step, one sentence, where there is one. */
  readonly hint: string | undefined;
  /** Machine-readable particulars, such as `{file, line, column}`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: Code,
    message: string,
    options: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(oneLine(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint === undefined ? undefined : oneLine(options.hint);
    this.details = options.details ?? {};
  }
}

const oneLine = (text: string): string => text.trim().replace(/\s*[\r\n]\s*/g, ' ');

/**
 * Whether `error` is a {@link TowerkitError} of any copy of this package, optionally with the given code, which is
 * then the type of `error.code`.
 *
 * @typeParam Code give a package's `ErrorCode` to have the compiler check `code` against what that package throws
 *
 * @example
 * ```ts
 * import type { ErrorCode } from '@towerkit/core';
 *
 * if (isTowerkitError<ErrorCode>(error, 'OUT_OF_RANGE')) console.log(error.details.index);
 * ```
 */
export function isTowerkitError<Code extends string = string>(
  error: unknown,
  code?: Code,
): error is TowerkitError<Code> {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as TowerkitError).name === 'TowerkitError' &&
    typeof (error as TowerkitError).code === 'string' &&
    (code === undefined || (error as TowerkitError).code === code)
  );
}
