// Recommendations as a route handler of Next.js: /api/recommender/v1/recommendations?k=3
import { openHandler, type TowerkitHandler } from '@towerkit/serve';

/** A function of Node: threads and native libraries are not to be had at the edge. */
export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

/** Kept where a reload of the code, as in development, finds it again. */
const kept = globalThis as typeof globalThis & { recommender?: Promise<TowerkitHandler> };

const answer = async (request: Request): Promise<Response> => {
  kept.recommender ??= openHandler({
    prefix: '/api/recommender',
    artifacts: [process.env.ARTIFACT ?? 'artifacts/shop'],
    events: process.env.EVENTS ?? 'events.db',
  });
  return (await kept.recommender).fetch(request);
};

export { answer as GET, answer as POST };
