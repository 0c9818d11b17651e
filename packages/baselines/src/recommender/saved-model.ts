import { join } from 'node:path';

import {
  CsrMatrix,
  decodeSafetensors,
  encodeSafetensors,
  isTowerkitError,
  TowerkitError,
  type Matrix,
  type StoredTensor,
} from '@towerkit/core';
import { readRegular, writeFileAtomic } from '@towerkit/core/files';

const VERSION = '1';

/** Options by what they were called in files written earlier. */
const RENAMED: Readonly<Record<string, string>> = { neighbours: 'neighbors' };

/** Writes `<kind>.safetensors` into a folder that exists: the tensors, and the options as JSON in its metadata. */
export async function saveModel(
  folder: string,
  kind: string,
  options: object,
  tensors: Readonly<Record<string, StoredTensor>>,
): Promise<void> {
  const metadata = { format: kind, version: VERSION, options: JSON.stringify(options) };
  await writeFileAtomic(join(folder, `${kind}.safetensors`), encodeSafetensors(tensors, metadata));
}

/** A matrix as a tensor of {@link saveModel}. */
export const storedMatrix = ({ rows, cols, data }: Matrix): StoredTensor => ({ shape: [rows, cols], data });

/** A model file that was read but is not trusted: what is asked of it is checked. */
export class SavedModel {
  private constructor(
    readonly kind: string,
    readonly options: Readonly<Record<string, unknown>>,
    private readonly tensors: Readonly<Record<string, StoredTensor>>,
  ) {}

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async read(folder: string, kind: string): Promise<SavedModel> {
    const path = join(folder, `${kind}.safetensors`);
    const bytes = await readRegular(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw cause;
      throw new TowerkitError('MODEL_NOT_FOUND', `there is no ${kind} model at ${path}`, {
        details: { path },
      });
    });
    if (!bytes) throw bad(kind, `${path} is not a regular file`);
    try {
      const { tensors, metadata } = decodeSafetensors(bytes);
      if (metadata.format !== kind) throw bad(kind, `it is of the format ${JSON.stringify(metadata.format)}`);
      if (metadata.version !== VERSION)
        throw bad(kind, `it is of version ${metadata.version}, this is ${VERSION}`);
      const options: unknown = JSON.parse(metadata.options);
      if (typeof options !== 'object' || options === null || Array.isArray(options))
        throw bad(kind, 'its options are no object');
      const named = Object.entries(options).map(([name, value]) => [RENAMED[name] ?? name, value]);
      return new SavedModel(kind, Object.fromEntries(named) as Record<string, unknown>, tensors);
    } catch (cause) {
      throw asBadModel(kind, cause);
    }
  }

  /** Builds something of the options; what it throws shows that the file is bad. */
  build<T>(make: (options: never) => T): T {
    try {
      return make(this.options as never);
    } catch (cause) {
      throw asBadModel(this.kind, cause);
    }
  }

  /** The shape of a tensor of `rank` dimensions. */
  shape(name: string, rank: number): readonly number[] {
    const tensor = this.tensors[name];
    if (tensor === undefined) throw this.bad(`it has no tensor "${name}"`);
    if (tensor.shape.length !== rank) throw this.bad(`"${name}" is of shape [${tensor.shape}]`);
    return tensor.shape;
  }

  /** Finite floats of the given shape. */
  floats(name: string, shape: readonly number[]): Float32Array {
    const data = this.data(name, shape);
    if (!(data instanceof Float32Array)) throw this.bad(`"${name}" is not of 32-bit floats`);
    for (let i = 0; i < data.length; i++)
      if (!Number.isFinite(data[i])) throw this.bad(`"${name}" holds ${data[i]} at ${i}`);
    return data;
  }

  /** Integers of the given shape, each from `least` to below `limit`. */
  ints(name: string, shape: readonly number[], least = 0, limit = 2 ** 31): Int32Array {
    const data = this.data(name, shape);
    if (!(data instanceof Int32Array)) throw this.bad(`"${name}" is not of 32-bit integers`);
    for (let i = 0; i < data.length; i++)
      if (data[i] < least || data[i] >= limit) throw this.bad(`"${name}" holds ${data[i]} at ${i}`);
    return data;
  }

  /** A sparse matrix of `cols` columns, from the tensors of the given names; it has a row and a column at least. */
  csr(names: { indptr: string; indices: string; values?: string }, cols: number): CsrMatrix {
    const [ends] = this.shape(names.indptr, 1);
    if (ends < 2 || cols < 1) throw this.bad(`its matrix is ${ends - 1} x ${cols}`);
    const entries = this.shape(names.indices, 1);
    const indptr = this.ints(names.indptr, [ends]);
    const indices = this.ints(names.indices, entries, 0, cols);
    const values = names.values === undefined ? undefined : this.floats(names.values, entries);
    return this.build(() => new CsrMatrix(ends - 1, cols, indptr, indices, values));
  }

  /** Whether it holds a tensor of that name. */
  has(name: string): boolean {
    return this.tensors[name] !== undefined;
  }

  /** An error that says what is wrong with the file. */
  bad(what: string): TowerkitError {
    return bad(this.kind, what);
  }

  private data(name: string, shape: readonly number[]): StoredTensor['data'] {
    const found = this.shape(name, shape.length);
    if (found.some((size, i) => size !== shape[i]))
      throw this.bad(`"${name}" is of shape [${found}], not [${shape}]`);
    return this.tensors[name].data;
  }
}

const bad = (kind: string, what: string, cause?: unknown) =>
  new TowerkitError('BAD_MODEL', `this is no whole ${kind} model: ${what}`, { cause });

const asBadModel = (kind: string, cause: unknown) =>
  isTowerkitError(cause, 'BAD_MODEL') ? cause : bad(kind, (cause as Error).message, cause);
