import { recommenderSuite } from '@towerkit/conformance';

import { Als } from '../src/index.js';

recommenderSuite('Als', {
  make: () => new Als({ factors: 8, regularization: 2, iterations: 6, threads: 2 }),
  load: (folder) => Als.load(folder),
  kind: 'als',
  explains: true,
});

recommenderSuite('Als with a scaled regularization', {
  make: () => new Als({ factors: 12, regularization: 2, iterations: 6, threads: 1, exponent: 1 }),
  load: (folder) => Als.load(folder),
  kind: 'als',
  explains: true,
});
