import { badOption, positiveInteger } from '../../checks/options.js';
import type { FaissOptions } from './options.js';

/** What of the options is saved with an index. */
export interface FaissSettings {
  readonly factory: string;
  /** What trades recall for speed, where the factory has it. */
  readonly ef?: number;
  readonly nprobe?: number;
}

/** With defaults. @throws TowerkitError `BAD_OPTION` */
export function faissSettings({ factory = 'HNSW32', ef, nprobe }: FaissOptions): FaissSettings {
  if (typeof factory !== 'string' || !/^[\w,()[\]+-]{1,200}$/.test(factory))
    throw badOption('factory', 'such as HNSW32 or IVF256,Flat', factory);
  const bits = [...factory.matchAll(/x(\d+)/g)].find(([, bits]) => Number(bits) > MOST_BITS);
  if (bits !== undefined) throw badOption('factory', `one with codes of at most ${MOST_BITS} bits`, factory);
  const has = parameterOf(factory);
  if (ef !== undefined && has !== 'ef') throw badOption('ef', `left out with ${factory}`, ef);
  if (nprobe !== undefined && has !== 'nprobe') throw badOption('nprobe', `left out with ${factory}`, nprobe);
  if (has === undefined) return { factory };
  const value = (has === 'ef' ? ef : nprobe) ?? DEFAULTS[has];
  positiveInteger(has, value, MOST);
  return { factory, [has]: value };
}

/** The largest ef or nprobe. */
export const MOST = 65_536;

/** Of a code: each has so many centers, and FAISS takes the room for them before it looks. */
const MOST_BITS = 16;

const DEFAULTS = { ef: 64, nprobe: 16 };

/** An inverted file may have a graph over its lists; the lists are then what counts. */
const parameterOf = (factory: string): 'ef' | 'nprobe' | undefined =>
  /\b(IVF|IMI)/.test(factory) ? 'nprobe' : /\bHNSW/.test(factory) ? 'ef' : undefined;

/** How many vectors FAISS wants at least to train on: one for each center that it looks for. */
export function fewestToTrain(factory: string): number {
  const lists = [...factory.matchAll(/IVF(\d+)/g)].map(([, lists]) => Number(lists));
  const cells = [...factory.matchAll(/IMI\d+x(\d+)/g)].map(([, bits]) => 2 ** Number(bits));
  const codes = [...factory.matchAll(/(?:PQ|RQ|LSQ)[\w]*?(?:x(\d+))?\b/g)].map(
    ([, bits]) => 2 ** Number(bits ?? 8),
  );
  return Math.max(1, ...lists, ...cells, ...codes);
}

/** Whether its scores are products in float32; those of codes are not. */
export const hasExactScores = (factory: string): boolean =>
  /^(Flat|HNSW\d+([,_]Flat)?|IVF\d+(_HNSW\d+)?,Flat)$/.test(factory);
