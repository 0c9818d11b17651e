import { describe, expect, test } from '@jest/globals';

import { parseManifest, SCHEMA_VERSION } from '../src/index.js';
import { facts } from './toy.js';

const whole = {
  schemaVersion: SCHEMA_VERSION,
  createdAt: '2026-01-01T00:00:00.000Z',
  ...facts,
  files: { 'text/title/lsa.safetensors': { bytes: 3, sha256: 'abc' } },
};
const parse = (manifest: unknown) => parseManifest('here', JSON.stringify(manifest));
const bad = (message: RegExp) =>
  expect.objectContaining({ code: 'BAD_ARTIFACT', message: expect.stringMatching(message) });

describe('a manifest', () => {
  test('is what was written', () => {
    expect(parse(whole)).toEqual(whole);
  });

  test('of version 1 calls its recipe config, and is upgraded', () => {
    const { recipe, ...rest } = whole;
    expect(parse({ ...rest, schemaVersion: 1, config: recipe })).toEqual(whole);
  });

  test.each([[3], [0], [1.5], [null], ['two'], [undefined]])('of version %j cannot be read', (version) => {
    expect(() => parse({ ...whole, schemaVersion: version })).toThrow(bad(/reads versions 1 to 2/));
  });

  test.each([['[]'], ['7'], ['null'], ['"manifest"']])('must be an object: %s', (text) => {
    expect(() => parseManifest('here', text)).toThrow(bad(/not an object/));
  });

  test('must be JSON, and name what is wrong with it', () => {
    expect(() => parseManifest('here', '{')).toThrow(bad(/not JSON/));
    expect(() => parse({ ...whole, kind: undefined })).toThrow(bad(/manifest\.json, kind/));
    expect(() => parse({ ...whole, files: { a: { bytes: '3', sha256: 'x' } } })).toThrow(
      bad(/manifest\.json, files\.a\.bytes/),
    );
  });

  test.each([
    '../secret',
    'text/../../secret',
    'text\\..\\..\\secret',
    '..',
    '/etc/passwd',
    '\\\\server\\share',
    'C:\\Windows\\win.ini',
    'c:secret',
    'text//secret',
    'text/./secret',
    'text/',
    '',
    'text/secret\u0000.txt',
    'manifest.json',
  ])('names no file outside its folder: %s', (name) => {
    expect(() => parse({ ...whole, files: { [name]: { bytes: 1, sha256: 'x' } } })).toThrow(
      bad(/names a file outside it/),
    );
  });

  test('may name files with dots', () => {
    const files = { 'a..b/.hidden': { bytes: 1, sha256: 'x' } };
    expect(parse({ ...whole, files }).files).toEqual(files);
  });
});
