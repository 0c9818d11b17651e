/** Rows of a block of `encodeRows`. */
export const ENCODE_ROWS = 1024;

/** Rows of a block of `spmm` and `spmmAdd`. */
export const SPMM_ROWS = 256;

/** Choices of a block of `rankSlopes`. */
export const RANK_CHOICES = 256;

/** Rows of a block of `spdPanel`, `spdReturn` and `easeWeights`. */
export const SPD_ROWS = 64;

/** Rows of a block of `adamDense` and `adamBags`. */
export const ADAM_ROWS = 256;

/** Rows and columns of a block of `gemm`. */
export const GEMM_ROWS = 64;
export const GEMM_COLUMNS = 256;

/** Rows of b in a panel of `gemmPack`. */
export const GEMM_PANEL = 8;

/** Rows of a block of `alsRows`, at most, and of `alsLoss`. */
export const ALS_ROWS = 64;
export const ALS_LOSS_ROWS = 512;

/** Bytes of scratch that `alsRows` and `gram` need for vectors of `width` floats. */
export const alsScratch = (width: number): number =>
  4 * (64 + width * (ALS_ROWS + 7 + Math.max(width, 128) + width));
