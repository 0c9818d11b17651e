/**
 * A config of places for a comparison: its last tenth of the rows is the test, the tenth before it chooses the epoch, and nothing is
 * trained again, so that every model knows the same.
 */
export const onTest = (config, name) => ({
  ...config,
  name,
  split: { kind: 'temporal', shares: { validation: 0.1, test: 0.1 } },
  questions: 'rolling',
  refit: false,
  examples: 0,
});
