import { checkPredicate, type Predicate } from '@towerkit/retrieval';
import { z } from 'zod';

/**
 * A predicate over columns of the catalog. Its form and size are checked here (`BAD_FILTER`), before a thread is given it; the
 * index checks names and types.
 */
export const filterSchema = z
  .record(z.string(), z.unknown())
  .describe(
    'columns of the catalog and what they must be: {"category": "rpg", "price": {"lt": 20}, "any": [..], "not": {..}}; ' +
      'operators eq, ne, in, nin, lt, lte, gt, gte; joins all, any, not; 100 deep, with 1,000 predicates and conditions at most',
  )
  .transform((filter): Predicate => {
    checkPredicate(filter);
    return filter;
  });
