import { expect, test } from '@jest/globals';

import { encodeCatalog, encodeInteractions, requireOverlap } from '../src/index.js';

test('what a catalog and interactions do not share is counted; nothing shared is an error', () => {
  const log = encodeInteractions({ user: ['a', 'a', 'b'], item: ['x', 'y', 'x'] });
  const of = (...ids: string[]) => encodeCatalog(ids.map((id) => ({ id })));
  expect(requireOverlap(log, of('x', 'z', 'w'))).toEqual({ withoutRow: 1, withoutInteractions: 2 });
  expect(() => requireOverlap(log, of('x.0', 'y.0'))).toThrow(
    expect.objectContaining({ code: 'NO_OVERLAP', hint: expect.stringContaining('"x", the catalog "x.0"') }),
  );
});
