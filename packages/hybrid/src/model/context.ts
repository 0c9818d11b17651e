import { Matrix, TowerkitError } from '@towerkit/core';

import type { HybridConfig } from '../schema.js';

/** What is known of a moment. */
export interface Moment {
  /** Seconds since 1970, UTC. */
  readonly time?: number;
  /** Code of the device, 0 for unknown. */
  readonly device?: number;
}

/** Moments as vectors; a part of a moment that is not known is zeros. */
export interface ContextEncoding {
  readonly parts: HybridConfig['context'];
  readonly dimensions: number;
  encode(moments: readonly Moment[]): Matrix;
}

const DAY = 86_400;
/** Mean length of the tropical year in days. */
const YEAR = 365.2422 * DAY;
const PERIODS = { hour: DAY, weekday: 7 * DAY, season: YEAR } as const;

/**
 * The parts of a moment that a config asks for: hour, weekday and season each as the place on a circle (sine and cosine, so
 * that midnight is near midnight), a device as one of its names.
 *
 * @throws TowerkitError `MISSING_COLUMN` where the data has no dates, or no devices
 */
export function contextEncoding(
  parts: HybridConfig['context'],
  known: { dated: boolean; devices?: readonly string[] },
): ContextEncoding {
  for (const part of parts)
    if (part === 'device' ? !known.devices : !known.dated)
      throw new TowerkitError(
        'MISSING_COLUMN',
        `hybrid.context asks for the ${part}, which the data does not have`,
        {
          hint: 'leave it out, or name the column',
          details: { column: part === 'device' ? 'device' : 'time' },
        },
      );
  const widths = parts.map((part) => (part === 'device' ? known.devices!.length : 2));
  const dimensions = widths.reduce((sum, one) => sum + one, 0);
  return {
    parts,
    dimensions,
    encode(moments) {
      const out = new Matrix(moments.length, dimensions);
      moments.forEach(({ time, device = 0 }, row) => {
        let at = row * dimensions;
        parts.forEach((part, k) => {
          if (part === 'device') {
            if (device > 0) out.data[at + device - 1] = 1;
          } else if (time !== undefined) {
            const angle = (2 * Math.PI * (time % PERIODS[part])) / PERIODS[part];
            out.data[at] = Math.sin(angle);
            out.data[at + 1] = Math.cos(angle);
          }
          at += widths[k];
        });
      });
      return out;
    },
  };
}
