import { describe, expect, test } from '@jest/globals';

import { readInteractions } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const columns = { user: 'user', item: 'item', time: 'time' };
const log = (times: readonly string[]) =>
  `user,item,time\n${times.map((time, i) => `u${i},x,"${time}"`).join('\n')}\n`;

const at = (hours: number, minutes = 0, seconds = 0) => Date.UTC(2024, 2, 1, hours, minutes) / 1000 + seconds;

const TIMES: [text: string, seconds: number][] = [
  ['2024-03-01', at(0)],
  ['2024-03-01T10:00', at(10)],
  ['2024-03-01 10:00:00', at(10)],
  ['2024-03-01T10:00:00Z', at(10)],
  ['2024-03-01t10:00:00z', at(10)],
  ['2024-03-01 10:00:00+02', at(8)],
  ['2024-03-01T10:00:00+0230', at(7, 30)],
  ['2024-03-01T10:00:00+02:00', at(8)],
  ['2024-03-01T10:00:00-02:30', at(12, 30)],
  ['2024-03-01T10:00:00-00:30', at(10, 30)],
  ['2024-03-01T10:00:00.25Z', at(10, 0, 0.25)],
  ['2024-03-01T10:00:00,5+01:00', at(9, 0, 0.5)],
  ['2024-03-01T10:00:00.123456789Z', at(10, 0, 0.123456)],
  [' 2024-03-01 ', at(0)],
  ['1709287200.5', at(10, 0, 0.5)],
];

const OTHERS = [
  '2024-03-01 10:00:00 America/New_York',
  '2024-03-01 10:00:00 Europe/Berlin',
  '2024-03-01 10:00 EST',
  '2024-03-01 10:00 UTC',
  '2024-03-01T10:00:00 +02:00',
  '2024-03-01T10:00:00+25:00',
  '2024-03-01T10:00:00+2',
  '2024-03-01+02',
  '2024/03/01',
  '01.03.2024',
  '2024-3-1',
  '2024-02-30',
  '2024-03-01T25:00',
  '2024-03-01T10:00:61',
  '2024-03-0112',
  'infinity',
  'epoch',
  'now',
  '2024-03-01 (BC)',
];

describe('times', () => {
  test.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('mean the same on a machine in %s', async (zone) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      const path = await folder.write('times.csv', log(TIMES.map(([text]) => text)));
      const { time } = await readInteractions({ path, columns });
      TIMES.forEach(([text, seconds], i) =>
        expect([text, time![i]]).toEqual([text, expect.closeTo(seconds, 6)]),
      );
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test.each(OTHERS)('%s is a bad row, and the rows after it are not touched', async (text) => {
    const after = ['2024-03-01 16:00:00', '2024-03-01T17:00:00Z'];
    const path = await folder.write('other.csv', log([text, ...after]));
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: `other.csv, line 2: column "time": ${JSON.stringify(text)} is neither a number nor a date`,
      hint: expect.stringContaining('2024-03-01T10:00'),
    });
    const { time } = await readInteractions({ path, columns, onBadRow: 'skip' });
    expect([...time!]).toEqual([at(16), at(17)]);
  });
});

test('minutes become seconds; a date among them is refused', async () => {
  const path = await folder.write('minutes.csv', 'user,item,time\nu,a,5743\nu,b,1\n');
  const { time, item, items } = await readInteractions({ path, columns, timeUnit: 'minutes' });
  expect(Array.from(time!)).toEqual([60, 344_580]);
  expect(Array.from(item, (id) => items.nameOf(id))).toEqual(['b', 'a']);
  const dates = await folder.write('dates.csv', 'user,item,time\nu,a,2024-03-01\n');
  await expect(readInteractions({ path: dates, columns, timeUnit: 'minutes' })).rejects.toMatchObject({
    code: 'BAD_VALUE',
  });
});
