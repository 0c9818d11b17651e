import { defineConfig } from 'towerkit';

/**
 * Search: a query tower and a product tower over words, pairs of words and character n-grams, BM25, and both together, from
 * judgments of queries and products. `--data` names the folder; known sets are recognized by their files, others are described
 * by `search.judgments` and `search.products`.
 */
export default defineConfig({
  name: 'search',
  search: {},
});
