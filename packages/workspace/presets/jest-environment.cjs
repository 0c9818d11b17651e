const { TestEnvironment } = require('jest-environment-node');

const CONSTRUCTORS = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

/**
 * Jest runs tests in a realm of their own, whose typed arrays are not `instanceof` the ones a native module
 * was compiled against ("data must be type of Float32Array"). Lending the realm the host's constructors makes
 * the two the same, once, for every package.
 */
module.exports = class NativeArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of CONSTRUCTORS) this.global[name] = globalThis[name];
  }
};
