import { attributesSchema } from '@towerkit/recommend';

import type { ServedModel } from '../models/served-model.js';

/**
 * The OpenAPI document as clients are generated from it. The attributes of an item are those of the models that answer: where
 * several do, a column is required if all of them have it, and typed if all agree. Defaults stand in the descriptions: a generator
 * takes what has a default for what is always there, and would make a client say it in each question.
 */
export function publishedDocument<D extends object>(document: D, models: readonly ServedModel[]): D {
  const copy = structuredClone(document);
  describeDefaults(copy);
  const { components } = copy as { components?: { schemas?: Record<string, { properties?: object }> } };
  const item = components?.schemas?.CatalogItem;
  if (item?.properties && models.length > 0)
    Object.assign(item.properties, { attributes: attributesSchema(models.map(({ catalog }) => catalog)) });
  return copy;
}

function describeDefaults(node: object): void {
  const schema = node as { default?: unknown; description?: string };
  if (['string', 'number', 'boolean'].includes(typeof schema.default)) {
    const said = `default: ${String(schema.default)}`;
    schema.description = schema.description ? `${schema.description}; ${said}` : said;
    delete schema.default;
  }
  for (const part of Object.values(node))
    if (typeof part === 'object' && part !== null) describeDefaults(part);
}
