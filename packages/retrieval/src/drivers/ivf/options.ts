/** Of the driver `ivf`, beside those that all have. */
export interface IvfOptions {
  /** Lists, 1 to 65,536; twice the square root of the number of items by default, and at most as many as items. */
  readonly lists?: number;
  /** Lists that a search looks into, 16 by default. */
  readonly nprobe?: number;
  /** Of the first centres, 0 by default. */
  readonly seed?: number;
  /** Threads of builds and batches; one per core by default, and at most. The lists are the same on any number. */
  readonly threads?: number;
}
