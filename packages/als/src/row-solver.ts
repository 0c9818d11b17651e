import type { Settings } from './options.js';

/** How the rows of one side are solved. */
export interface RowSolver {
  /** Rows with at most so many entries are solved exactly in the dual form. */
  readonly limit: number;
  /** Conjugate gradient steps for longer rows, at most; 0 for the exact ordinary form. */
  readonly steps: number;
  /** Whether conjugate gradients start from the factors that are there. */
  readonly warm: boolean;
}

/** Every row exactly, in the form that takes fewer multiplications: n x n or width x width. */
export const exact = (width: number): RowSolver => ({ limit: width, steps: 0, warm: false });

/** The solver of a fit's iterations. The length from which conjugate gradients are quicker was measured. */
export function rowSolver({ solver, cgSteps }: Settings, width: number): RowSolver {
  if (solver === 'exact') return exact(width);
  return { limit: solver === 'cg' ? 0 : Math.min(width, 8 + (width >> 4)), steps: cgSteps, warm: true };
}

/** Multiplications that a row of n entries takes. */
export const cost =
  ({ limit, steps }: RowSolver, width: number) =>
  (n: number): number =>
    width * width +
    (n <= limit
      ? n * n * (width + n / 3)
      : steps > 0
        ? 4 * n * width * (steps + 1)
        : width * width * (n + width / 3));
