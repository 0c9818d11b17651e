/**
 * An error a program can act on: `code` is stable across releases, `message` says what happened in one line
 * and `hint` what to do next. It has the shape of the error of the same name in `@towerkit/core`, which this
 * package does not import: recognize either by `name` and `code`, as {@link isTowerkitError} does.
 *
 * @typeParam Code the codes it may have; any by default. `ErrorCode` are those of this package
 */
export class TowerkitError<Code extends string = string> extends Error {
  override readonly name = 'TowerkitError';
  /** Stable, upper-case identifier, such as `NON_FINITE_SCORE`. */
  readonly code: Code;
  /** The next step, one sentence, where there is one. */
  readonly hint: string | undefined;
  /** Machine-readable particulars, such as `{user, item}`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: Code,
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
 * Whether `error` is a Towerkit error of any package or copy, optionally with the given code, which is then the type of
 * `error.code`.
 *
 * @typeParam Code give a package's `ErrorCode` to have the compiler check `code` against what that package throws
 */
export function isTowerkitError<Code extends string = string>(
  error: unknown,
  code?: Code,
): error is TowerkitError<Code> {
  return (
    error instanceof Error &&
    error.name === 'TowerkitError' &&
    typeof (error as TowerkitError).code === 'string' &&
    (code === undefined || (error as TowerkitError).code === code)
  );
}
