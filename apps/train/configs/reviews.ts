import { defineConfig } from 'towerkit';

/**
 * Ratings and recommendations from what people took and what they wrote: 64 ALS factors and MiniLM vectors of reviews and
 * products, two towers and a fusion head of 322,817 weights. `--data` names the folder of the reviews (by default those of
 * `datafiniti-reviews` are recognized), `--models` one that holds all-MiniLM-L6-v2.
 */
export default defineConfig({
  name: 'reviews',
  hybrid: { encoder: { kind: 'minilm' } },
});
