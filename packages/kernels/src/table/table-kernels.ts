import { TABLE_BASE64 } from '../generated/table.gen.js';

/** What the module exports; pointers are byte offsets into the memory an instance was made with. */
export interface Kernels {
  /** Adam on rows of any width; `stride` is the bytes of a row. The returned value means nothing. */
  adamRows(
    values: number,
    first: number,
    second: number,
    ids: number,
    gradient: number,
    count: number,
    stride: number,
    gain1: number,
    gain2: number,
    rate: number,
    unbias: number,
    epsilon: number,
    decay: number,
  ): number;
  /** The same for rows of one value. */
  adamScalars(
    values: number,
    first: number,
    second: number,
    ids: number,
    gradient: number,
    count: number,
    gain1: number,
    gain2: number,
    rate: number,
    unbias: number,
    epsilon: number,
    decay: number,
  ): void;
  /** Copies rows to `out`, one after the other. */
  gatherRows(values: number, ids: number, out: number, count: number, stride: number): void;
}

// undefined: not tried yet; null: this runtime has no WebAssembly, or none with SIMD.
let compiled: WebAssembly.Module | null | undefined;

/** The compiled kernels, once per process; null where the runtime cannot run them. */
export function kernelsModule(): WebAssembly.Module | null {
  if (compiled === undefined) {
    try {
      const bytes = Uint8Array.from(atob(TABLE_BASE64), (character) => character.charCodeAt(0));
      compiled = new WebAssembly.Module(bytes);
    } catch {
      compiled = null;
    }
  }
  return compiled;
}

/** An instance of the kernels on a memory. */
export const instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
