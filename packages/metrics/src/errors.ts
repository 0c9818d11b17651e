/**
 * An error a program can act on: `code` is stable across releases, `message` says what happened in one line
 * and `hint` what to do next. It has the shape of the error of the same name in `@towerkit/core`, which this
 * package does not import: recognise either by `name` and `code`, as {@link isTowerkitError} does.
 */
export class TowerkitError extends Error {
  override readonly name = 'TowerkitError';
  /** Stable, upper-case identifier, such as `NON_FINITE_SCORE`. */
  readonly code: string;
  /** The next step, one sentence, where there is one. */
  readonly hint: string | undefined;
  /** Machine-readable particulars, such as `{user, item}`. */
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

/** Whether `error` is a Towerkit error of any package or copy, optionally with the given code. */
export function isTowerkitError(error: unknown, code?: string): error is TowerkitError {
  return (
    error instanceof Error &&
    error.name === 'TowerkitError' &&
    typeof (error as TowerkitError).code === 'string' &&
    (code === undefined || (error as TowerkitError).code === code)
  );
}
