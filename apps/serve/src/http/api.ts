import type { Context } from '../context.js';
import { events } from '../routes/events.js';
import { experiments } from '../routes/experiments.js';
import { health, models } from '../routes/health.js';
import { items } from '../routes/items.js';
import { metricsRoute } from '../routes/metrics.js';
import { overview } from '../routes/overview.js';
import { recommendations } from '../routes/recommendations.js';
import { search } from '../routes/search.js';
import type { App } from './app.js';
import { guards } from './guards.js';

/** The routes that answer, in whichever server: `/health` for anybody, the others behind {@link guards}. */
export async function api(app: App, context: Context): Promise<void> {
  health(app, context);
  await app.register(async (scope) => {
    const guarded = scope as App;
    guards(guarded, context);
    for (const routes of [recommendations, items, search, events, experiments, models, metricsRoute])
      routes(guarded, context);
    overview(guarded, context);
  });
}
