import { PbfReader } from 'pbf';

import { badFile } from '../errors.js';
import { Extent } from '../map/extent.js';

/** What a file must not ask a reader for: the rest changes how nodes and ways are stored. */
const FEATURES = ['OsmSchema-V0.6', 'DenseNodes'];

/**
 * The box that a file says it covers; most extracts say.
 *
 * @throws TowerkitError `BAD_FILE` for a file that needs a reader who knows more
 */
export function readHeaderBlock(bytes: Uint8Array, path: string): Extent | undefined {
  const header: { box?: number[]; required: string[] } = { required: [] };
  new PbfReader(bytes).readFields((tag, found, pbf) => {
    if (tag === 1) found.box = pbf.readMessage(readBox, [NaN, NaN, NaN, NaN]);
    else if (tag === 4) found.required.push(pbf.readString());
  }, header);
  const unknown = header.required.find((feature) => !FEATURES.includes(feature));
  if (unknown !== undefined)
    throw badFile(
      path,
      `it needs a reader of ${unknown}`,
      'export it as an ordinary extract, without history',
    );
  if (header.box === undefined || header.box.some(Number.isNaN)) return undefined;
  const [west, east, north, south] = header.box.map((nanodegrees) => nanodegrees / 1e9);
  return new Extent(west, south, east, north);
}

/** Fields of `HeaderBBox`: 1 left, 2 right, 3 top, 4 bottom. */
function readBox(tag: number, box: number[], pbf: PbfReader): void {
  if (tag >= 1 && tag <= 4) box[tag - 1] = pbf.readSVarint();
}
