import { isTimeZone, TIME_PARTS } from '@towerkit/features';
import { z } from 'zod';

import { featureKinds, refusing, uniqueInputs } from './features-schema.js';

/** What of an interaction is known when it is asked for, beside who asks: parts of its time, and columns of its file. */
export const moment = z
  .strictObject({
    time: z.array(z.enum(TIME_PARTS)).min(1).optional(),
    timeZone: z
      .string()
      .refine(isTimeZone, {
        error: ({ input }) => `${JSON.stringify(input)} is no time zone; zones look like Europe/Vienna`,
      })
      .default('UTC'),
    timeUnit: z.enum(['seconds', 'milliseconds']).default('seconds'),
    columns: z.record(z.string(), z.string()).default({}),
    features: featureKinds.omit({ text: true, vectors: true }).prefault({}),
  })
  .superRefine(({ time = [], columns, features: kinds }, context) => {
    const refuse = refusing(context);
    const names = uniqueInputs(
      kinds,
      (path, message) => refuse(['features', ...path], message),
      'data.moment.columns',
      time,
    );
    if (names.length + time.length === 0)
      refuse([], "say what the user tower may read of a moment, such as time: ['hour']");
    if (new Set(time).size < time.length) refuse(['time'], 'a part stands twice');
    const stray = Object.keys(columns).find((name) => !names.includes(name));
    if (stray !== undefined)
      refuse(['columns', stray], 'no feature reads it; name it under data.moment.features, too');
  });
