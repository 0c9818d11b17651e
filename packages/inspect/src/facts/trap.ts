/** Something about the data that leads models astray. */
export interface Trap {
  /** What sort of thing it is, for programs. */
  readonly id: string;
  /** What was seen. */
  readonly what: string;
  /** What to do about it. */
  readonly advice: string;
}
