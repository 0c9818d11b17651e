import { z } from 'zod';

const named = { id: z.string(), title: z.string().optional() };
const degrees = z.number().optional();

/** What `askOverview` tells, as a schema of answers over HTTP. */
export const overviewSchema = z
  .object({
    items: z
      .array(
        z.object({
          ...named,
          count: z.int().describe('how often it stands in training'),
          kind: z.string().optional().describe('its value in the first of `kinds`'),
          x: z.number().optional().describe('on a plane on which similar items are near each other'),
          y: z.number().optional(),
          ...{ latitude: degrees, longitude: degrees },
        }),
      )
      .describe('those most often had, first'),
    users: z.array(
      z.object({
        id: z.string(),
        items: z.int().describe('how many it had'),
        latest: z.array(z.object(named)).describe('the newest, oldest first'),
      }),
    ),
    kinds: z
      .array(
        z.object({
          name: z.string(),
          values: z.array(z.object({ value: z.string(), items: z.int() })),
        }),
      )
      .describe('columns of few values, to filter by'),
    numbers: z.array(z.object({ name: z.string(), least: z.number(), largest: z.number() })),
    shown: z.number().optional().describe('share of the variance of the vectors that the plane shows'),
  })
  .meta({ id: 'Overview' });
