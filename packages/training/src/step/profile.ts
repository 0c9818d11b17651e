/** The parts of a step. `wait` is time spent waiting for the next batch (sampling, masks) to be ready. */
export type ProfilePart = 'wait' | 'gather' | 'step' | 'update' | 'compile' | 'other';

/** Where the time of a run goes: a stopwatch that is always in exactly one part. */
export class Profile {
  /** Seconds spent in each part. */
  readonly seconds: Record<ProfilePart, number> = {
    wait: 0,
    gather: 0,
    step: 0,
    update: 0,
    compile: 0,
    other: 0,
  };
  #part: ProfilePart = 'other';
  #since = performance.now();

  /** Ends the present part and begins another. */
  begin(part: ProfilePart): void {
    const now = performance.now();
    this.seconds[this.#part] += (now - this.#since) / 1000;
    this.#since = now;
    this.#part = part;
  }
}
