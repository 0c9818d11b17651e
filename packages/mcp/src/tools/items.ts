import { attributeOf, nameOf, type OpenArtifact } from '@towerkit/recommend';
import { z } from 'zod';

import { TowerkitError } from '../errors.js';
import { id } from './schemas.js';
import { tool, type Tool } from './tool.js';

/** `item`: what the catalog has of one item. */
export function itemTool(artifact: OpenArtifact): Tool {
  return tool(
    'item',
    {
      title: 'Look up an item',
      description: 'What the catalog knows of one item: its title and its columns.',
      input: z.strictObject({ id: id.describe('id of the item') }),
      output: z.object({
        id: z.string(),
        title: z.string().optional(),
        training_count: z.int().describe('how often it stands in the training data'),
        attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    },
    async ({ id }) => {
      const item = denseId(artifact, id);
      const own = ['id', 'title', 'training_count'];
      const attributes = Object.entries(artifact.catalog).filter(([name]) => !own.includes(name));
      return {
        ...nameOf(artifact, item),
        training_count: artifact.counts[item],
        attributes: Object.fromEntries(attributes.map(([name, values]) => [name, attributeOf(values[item])])),
      };
    },
  );
}

/** Dense id of an item. @throws TowerkitError `UNKNOWN_ITEM` */
export function denseId({ items }: OpenArtifact, id: string): number {
  const item = items.indexOf(id);
  if (item !== undefined) return item;
  throw new TowerkitError('UNKNOWN_ITEM', `there is no item ${JSON.stringify(id)}`, {
    hint: 'the tool search finds ids by titles',
  });
}
