import { Rng } from '@towerkit/core';

/** An event of a small made shop. */
export interface Event {
  readonly user: number;
  readonly item: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly stars: number;
  readonly count: number;
}

/** Events in the order of time: users with a taste for every fourth item, items of very different popularity. */
export function events(seed: number, { users = 80, items = 40 } = {}): Event[] {
  const rng = new Rng(seed);
  const rows: Event[] = [];
  for (let user = 0; user < users; user++) {
    let time = 1_600_000_000 + Math.floor(rng.uniform() * 1e7);
    const length = 4 + Math.floor(rng.uniform() * 10);
    for (let step = 0; step < length; step++) {
      time += 60 + Math.floor(rng.uniform() * 100_000);
      const item = Math.floor(rng.uniform() ** 2 * (items / 4)) * 4 + (user % 4);
      rows.push({
        user,
        item,
        time,
        stars: 1 + Math.floor(rng.uniform() * 5),
        count: 1 + Math.floor(rng.uniform() ** 4 * 9),
      });
    }
  }
  return rows.sort((a, b) => a.time - b.time);
}
