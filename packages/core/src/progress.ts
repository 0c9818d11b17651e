/** What a long operation reports while it runs; a command shows it as a bar, a library user does as they like. */
export interface ProgressEvent {
  /** What is going on: `read`, `train`, `evaluate`, ... */
  readonly stage: string;
  /** Units done so far. */
  readonly done: number;
  /** Units in all, where known. */
  readonly total?: number;
  /** What a unit is: `rows`, `examples`, `users`, ... */
  readonly unit?: string;
  /** Figures worth showing beside the bar, such as `{loss: 6.1}`. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** Receives progress; called often, so it must be quick. */
export type OnProgress = (event: ProgressEvent) => void;
