/**
 * The program of the process that builds, CommonJS: what FAISS does not like ends that process alone. It reads a task as
 * JSON from its last argument and reports on its output: `added N`, and `whole` when the file is written and searches.
 */
export const BUILD_PROGRAM = `
const { openSync, readSync } = require('node:fs');
const { module: path, factory, dimensions, rows, training, vectors, out } = JSON.parse(process.argv.at(-1));
const { Index } = require(path);
const INNER_PRODUCT = 0;
const index = Index.fromFactory(dimensions, factory, INNER_PRODUCT);
const file = vectors && openSync(vectors, 'r');
const read = (first, count) => {
  const part = new Float32Array(count * dimensions);
  const bytes = new Uint8Array(part.buffer);
  for (let at = 0; at < bytes.length; ) {
    const n = readSync(file, bytes, at, bytes.length - at, first * dimensions * 4 + at);
    if (n === 0) throw new Error('the vectors are cut off');
    at += n;
  }
  return Array.from(part);
};
if (rows > 0) {
  if (!index.isTrained()) {
    const sample = [];
    for (let i = 0; i < training; i++)
      for (const value of read(Math.floor((i * rows) / training), 1)) sample.push(value);
    index.train(sample);
  }
  const step = Math.max(1, Math.floor(2 ** 17 / dimensions));
  for (let row = 0; row < rows; row += step) {
    const count = Math.min(step, rows - row);
    index.add(read(row, count));
    console.log('added ' + (row + count));
  }
  index.search(read(0, 1), Math.min(10, rows));
  index.write(out);
}
console.log('whole');
`;
