import { isTowerkitError, type TowerkitError } from '@towerkit/core';

/** Milliseconds after a failure in which nobody tries again. */
const REST = 1000;

/** What a circuit tells of. */
export interface CircuitListener {
  failed(error: TowerkitError): void;
  /** @param failures how many there were. @param milliseconds since the first of them */
  recovered(failures: number, milliseconds: number): void;
}

/**
 * Keeps callers from waiting for something that does not work. After a failure (`STORE_UNAVAILABLE`) one call a second
 * goes through; the others fail at once with the error of the last one that did, until such a call succeeds. One that was
 * begun before the failure says nothing of the time after it.
 */
export class Circuit {
  #error: TowerkitError | undefined;
  #since = 0;
  #failures = 0;
  #next = 0;
  #trying = false;
  #succeeded = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds that never go back */
  constructor(
    readonly listener: CircuitListener,
    readonly now: () => number,
  ) {}

  /** Why nothing works at the moment; `undefined` where all does. */
  get error(): TowerkitError | undefined {
    return this.#error;
  }

  /** When a call succeeded last. */
  get succeeded(): number {
    return this.#succeeded;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const trial = this.#error !== undefined;
    if (this.#error && (this.#trying || this.now() < this.#next)) {
      this.#fail(this.#error);
      throw this.#error;
    }
    this.#trying = trial;
    try {
      const result = await work();
      if (trial || !this.#error) this.#succeed();
      return result;
    } catch (error) {
      // Anything else is the fault of what was asked.
      if (isTowerkitError(error, 'STORE_UNAVAILABLE')) {
        this.#next = this.now() + REST;
        this.#fail(error);
      }
      throw error;
    } finally {
      if (trial) this.#trying = false;
    }
  }

  #fail(error: TowerkitError): void {
    if (!this.#error) {
      this.#since = this.now();
      this.#failures = 0;
    }
    this.#error = error;
    this.#failures++;
    this.listener.failed(error);
  }

  #succeed(): void {
    this.#succeeded = this.now();
    if (!this.#error) return;
    this.#error = undefined;
    this.listener.recovered(this.#failures, this.now() - this.#since);
  }
}
