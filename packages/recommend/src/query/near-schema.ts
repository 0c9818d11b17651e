import { z } from 'zod';

import { FARTHEST } from '../engine/nearby.js';
import { strictObject } from './strict-object.js';

/** A schema of `Near`, as a request says it. */
export const nearSchema = strictObject({
  lat: z.number().min(-90).max(90).describe('degrees'),
  lon: z.number().min(-180).max(180).describe('degrees'),
  radiusKm: z.number().gt(0).max(FARTHEST).optional().describe('only items within so many kilometres'),
  decay: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('decay * ln(1 + kilometres) is taken off each score; 0 when absent: distances are only shown'),
}).describe(
  'where the question is asked from, for items that have a place: {"lat": 40.75, "lon": -73.99, "radiusKm": 1}',
);
