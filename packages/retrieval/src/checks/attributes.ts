import { TowerkitError } from '@towerkit/core';

import { isAttributeValue, JOINS } from '../filter/predicate.js';
import type { Attributes } from '../vector-index.js';

/** @throws TowerkitError `BAD_ATTRIBUTE` for a name, a number of values or a value that cannot be */
export function checkAttributes(attributes: Attributes | undefined, rows: number): void {
  for (const [name, values] of Object.entries(attributes ?? {})) {
    const label = JSON.stringify(name);
    if (name === '' || JOINS.includes(name)) throw bad(`an attribute cannot be called ${label}`, name);
    if (!Array.isArray(values) || values.length !== rows)
      throw bad(`attribute ${label} must be an array of ${rows} values`, name);
    const row = values.findIndex((value) => !isAttributeValue(value));
    if (row >= 0)
      throw bad(`attribute ${label} of row ${row} is no string, finite number, boolean or null`, name, row);
  }
}

const bad = (what: string, attribute: string, row?: number) =>
  new TowerkitError('BAD_ATTRIBUTE', what, { details: { attribute, row } });
