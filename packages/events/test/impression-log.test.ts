import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { ImpressionLog, type Impression } from '../src/index.js';
import { impression } from './setup/impression.js';

describe('the log of impressions', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const start = (policy: 'experiments' | 'all' | 'none') => {
    const written: string[][] = [];
    const state = { fails: false, lost: 0 };
    const record = async (batch: readonly Impression[]) => {
      if (state.fails) throw new Error('no disk');
      written.push(batch.map(({ id }) => id));
    };
    const log = new ImpressionLog({ record }, policy, (count) => (state.lost += count));
    return { log, written, state };
  };

  test('it writes what comes within a moment at once', async () => {
    const { log, written } = start('experiments');
    for (const id of ['1', '2', '3']) log.add(impression(id));
    expect(written).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(written).toEqual([['1', '2', '3']]);
    log.add(impression('4'));
    await log.close();
    expect(written).toEqual([['1', '2', '3'], ['4']]);
  });

  test('its policy says of which answers', async () => {
    for (const [policy, wanted] of [
      ['experiments', [['in']]],
      ['all', [['in', 'out']]],
      ['none', []],
    ] as const) {
      const { log, written } = start(policy);
      log.add(impression('in'));
      log.add(impression('out', { experiment: 'none' }));
      await log.close();
      expect(written).toEqual(wanted);
    }
  });

  test('a store that fails gets them later; what is too many, or left at the end, is counted as lost', async () => {
    const { log, written, state } = start('all');
    state.fails = true;
    log.add(impression('1'));
    await jest.advanceTimersByTimeAsync(100);
    log.add(impression('2'));
    state.fails = false;
    await jest.advanceTimersByTimeAsync(1000);
    expect(written).toEqual([['1', '2']]);
    state.fails = true;
    for (let n = 0; n < 10_005; n++) log.add(impression(`n${n}`));
    expect(state.lost).toBe(5);
    await log.close();
    expect(state.lost).toBe(10_005);
  });
});
