import type { Target } from '../run/target.js';
import { Victim } from '../victim/victim.js';
import { dataCase, type DataCase } from './data-cases.js';

const LIMIT = 20_000;

/** Data files of every format, right, nearly right and damaged; right ones are compared with what they were made from. */
export const data = (codes: ReadonlySet<string>): Target<DataCase> => ({
  name: 'data',
  artifacts: [],
  cases: () => dataCase,
  open: async (fixtures, folder) =>
    new Victim({
      subject: 'data',
      folder,
      fixtures: fixtures.folder,
      codes,
      limit: LIMIT,
      about: (tried) => {
        const one = tried as DataCase;
        return one.what === 'rows'
          ? `${one.layout.format}, ${one.edits.length > 0 ? 'edited' : 'as written'}`
          : one.what;
      },
    }),
});
