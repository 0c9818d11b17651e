import { itemTower, type ModelShapes, type Tower } from 'towerkit';

/** An item as the sum of all that the data set knows of it: its id, categories, numbers, texts and images. */
export const everything = ({ categories, numeric, content, vectors }: ModelShapes, dimensions = 64): Tower =>
  itemTower({
    dimensions,
    categories: Object.fromEntries(Object.keys(categories).map((name) => [name, 16])),
    numeric,
    content: { ...content, ...vectors },
  });
