import type { Repeats } from '@towerkit/core';
import type { z } from 'zod';

import { feedbackFault } from './check-feedback.js';
import type { data } from './data-schema.js';
import { refusing, uniqueInputs } from './features-schema.js';

/** The keys of a config that depend on each other. */
interface Together {
  readonly data: z.output<typeof data>;
  readonly hybrid?: unknown;
  readonly search?: unknown;
  readonly targets?: unknown;
  readonly frequency?: unknown;
  readonly negatives: 'all' | readonly { readonly kind: string }[];
  readonly repeats: Repeats;
  readonly metrics: readonly string[];
  readonly earlyStopping: false | { readonly metric?: string };
}

/** Refuses keys that do not go with each other. */
export function checkTogether(
  {
    earlyStopping,
    metrics,
    hybrid,
    search,
    targets,
    frequency,
    negatives,
    repeats,
    data: { users, moment, dataset, ...feedback },
  }: Together,
  context: z.core.$RefinementCtx,
): void {
  const own = typeof dataset === 'object' ? feedbackFault(feedback, dataset.columns) : undefined;
  const told = (['kinds', 'dislikes', 'weights'] as const).find((key) => feedback[key]);
  const fault = hybrid && told ? { key: told, message: 'the hybrid learns from ratings; leave it out' } : own;
  if (fault) context.addIssue({ code: 'custom', path: ['data', fault.key], message: fault.message });
  const nearby = negatives !== 'all' && negatives.some(({ kind }) => kind === 'nearby');
  if (nearby && feedback.absent === 'error' && Object.keys(feedback.features.locations).length === 0)
    context.addIssue({
      code: 'custom',
      path: ['negatives'],
      message: 'nearby needs a location among the features, such as data.features.locations: {location: {}}',
    });
  if (hybrid && search)
    context.addIssue({
      code: 'custom',
      path: ['search'],
      message: 'a config trains a hybrid or a search; leave one out',
    });
  if (hybrid && moment)
    context.addIssue({
      code: 'custom',
      path: ['data', 'moment'],
      message: 'the hybrid reads no moments; leave it out',
    });
  if (users && moment) {
    const refuse = refusing(context);
    const ofUsers = Object.values(users.features).flatMap((wanted) => Object.keys(wanted));
    const part = moment.time?.find((name) => ofUsers.includes(name));
    if (part !== undefined)
      refuse(['data', 'moment', 'time'], `there is a feature "${part}" of users; give it another name`);
    uniqueInputs(
      moment.features,
      (path, message) => refuse(['data', 'moment', 'features', ...path], message),
      'data.moment.columns',
      ofUsers,
    );
  }
  if (hybrid && repeats !== 'exclude')
    context.addIssue({
      code: 'custom',
      path: ['repeats'],
      message: 'the hybrid is measured without repeats; leave it out',
    });
  for (const [key, value] of Object.entries({ targets, frequency }))
    if (hybrid && value)
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'the hybrid has no use for it; leave it out',
      });
  if (hybrid && users)
    context.addIssue({
      code: 'custom',
      path: ['data', 'users'],
      message: 'the hybrid reads no table of users; leave it out',
    });
  if (earlyStopping && earlyStopping.metric && !metrics.includes(earlyStopping.metric))
    context.addIssue({
      code: 'custom',
      path: ['earlyStopping', 'metric'],
      message: `"${earlyStopping.metric}" is not among metrics (${metrics.join(', ')})`,
    });
}
