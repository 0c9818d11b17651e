const { createHash } = require('node:crypto');
const esbuild = require('esbuild');

module.exports = {
  getCacheKey: (source, path) =>
    createHash('sha256').update(esbuild.version).update(path).update(source).digest('hex'),
  process: (source, path) =>
    esbuild.transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: path,
    }),
};
