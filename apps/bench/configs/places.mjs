/** `places` with the last tenth of the rows as a test and the tenth before it to choose by, and without a refit: every model knows the same. */
import shipped from '../../train/configs/places.ts';

export default {
  ...shipped,
  split: { kind: 'temporal', shares: { validation: 0.1, test: 0.1 } },
  refit: false,
  examples: 0,
};
