/**
 * An error a program can act on: `code` is stable across releases, `message` says what happened in one line
 * and `hint` what to do next.
 *
 * Recognise it with {@link isTowerkitError} rather than `instanceof`: an ESM and a CommonJS copy of a package
 * hold two different classes.
 *
 * @example
 * ```ts
 * throw new TowerkitError('SHAPE_MISMATCH', 'expected 3 values, got 2', { hint: 'check the column count' });
 * ```
 */
export class TowerkitError extends Error {
  override readonly name = 'TowerkitError';
  /** Stable, upper-case identifier, such as `BAD_ROW`. */
  readonly code: string;
  /** The next step, one sentence, where there is one. */
  readonly hint: string | undefined;
  /** Machine-readable particulars, such as `{file, line, column}`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/**
 * Whether `error` is a {@link TowerkitError} of any copy of this package, optionally with the given code.
 */
export function isTowerkitError(error: unknown, code?: string): error is TowerkitError {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as TowerkitError).name === 'TowerkitError' &&
    typeof (error as TowerkitError).code === 'string' &&
    (code === undefined || (error as TowerkitError).code === code)
  );
}
