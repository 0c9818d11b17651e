import { expect, test } from '@jest/globals';

import { checkConfig } from '../src/index.js';

test.each([
  [{ start: 'als' }, 'config: start: expected object, received string; write start: { "als": {} }'],
  [
    { start: 'random' },
    /^config: start: expected object, received string; its keys are als, bpr-mf, lightgcn, /,
  ],
  [{ data: 3 }, /^config: data: expected object, received number; its keys are .*path/],
])('where an object was expected, the message says what to write: %j', (config, message) => {
  expect(() => checkConfig({ name: 'x', ...config })).toThrow(message);
});
