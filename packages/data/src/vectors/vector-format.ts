import { TowerkitError } from '../errors.js';

/** Formats of files of vectors. */
export type VectorFormat = 'npy' | 'safetensors' | 'parquet';

/**
 * The format of a file of vectors by the ending of its name; where it is to be written, looked at before hours of work.
 *
 * @param use what is to be done with it, for the message. Default `write`
 * @throws TowerkitError `UNKNOWN_FORMAT`
 * @example
 * ```ts
 * vectorFormatOf('posters.npy'); // 'npy'
 * ```
 */
export function vectorFormatOf(path: string, use: 'read' | 'write' = 'write'): VectorFormat {
  const ending = /\.(npy|safetensors|parquet)$/i.exec(path)?.[1].toLowerCase();
  if (ending !== undefined) return ending as VectorFormat;
  throw new TowerkitError(
    'UNKNOWN_FORMAT',
    use === 'read' ? `cannot read vectors from ${path}` : `cannot write vectors to ${path}`,
    { hint: 'its name must end in .npy, .safetensors or .parquet', details: { file: path } },
  );
}
