import type { SearchKernels } from './search-kernels.js';
import type { Pointer } from './shared-memory.js';

/** The arguments of each kernel, those that all blocks share. */
export interface PoolKernels extends SearchKernels {
  /**
   * out = sparse * dense, by blocks of {@link SPMM_ROWS} rows. `stride`: bytes of a dense row, a multiple of 16.
   */
  spmm: [
    indptr: Pointer,
    indices: Pointer,
    values: Pointer,
    dense: Pointer,
    out: Pointer,
    rows: number,
    stride: number,
  ];
  /** out = base + sparse * dense, otherwise as `spmm`; `base` 0 means zeros. */
  spmmAdd: [
    indptr: Pointer,
    indices: Pointer,
    values: Pointer,
    dense: Pointer,
    base: Pointer,
    out: Pointer,
    rows: number,
    stride: number,
  ];
  /**
   * Steps of LearnBPR in order, one block. `indices`: ascending in each row; `state`: the words of an `Rng`, moved on;
   * `loss`: two float64, the sum of -ln sigmoid and the number of steps, both added to. Scratch: 1 KiB.
   */
  bprEpoch: [
    owners: Pointer,
    indptr: Pointer,
    indices: Pointer,
    users: Pointer,
    items: Pointer,
    bias: Pointer,
    state: Pointer,
    loss: Pointer,
    triples: number,
    entries: number,
    itemCount: number,
    stride: number,
    rate: number,
    decay: number,
    biasRate: number,
    biasDecay: number,
  ];
  /**
   * Loss and slopes of choices (a row u, the row i it took, n rows that it did not), by blocks of {@link RANK_CHOICES},
   * written to the `slots` of each choice in `values`, the entries of a sparse matrix whose product with `rows` is the
   * gradient. `softmax` 0: the mean of BPR over the n; 1: the softmax with `odds` before each of the n. Scratch: 4 n.
   */
  rankSlopes: [
    choices: Pointer,
    slots: Pointer,
    rows: Pointer,
    values: Pointer,
    losses: Pointer,
    count: number,
    n: number,
    stride: number,
    scale: number,
    weight: number,
    softmax: number,
    odds: number,
  ];
  /**
   * The columns from `from` to `from + width` of a symmetric matrix a [n, n] whose lower triangle is there, by blocks of
   * {@link SPD_ROWS} rows: `panel` [n, width] with zeros where the columns meet their own rows, which go to `pivot`
   * [width, width]. Stride in bytes.
   */
  spdPanel: [n: number, a: Pointer, lda: number, from: number, width: number, panel: Pointer, pivot: Pointer];
  /** Inverts `pivot` [width, width], positive definite, in place: one block. Adds 1 to `failures` where it cannot. */
  spdPivot: [width: number, pivot: Pointer, failures: Pointer];
  /** Writes `panel` and minus `pivot` back to where `spdPanel` read them. */
  spdReturn: [
    n: number,
    a: Pointer,
    lda: number,
    from: number,
    width: number,
    panel: Pointer,
    pivot: Pointer,
  ];
  /**
   * EASE's weights in place of minus the inverse p of which the lower triangle is there: -p[i, j] / p[j, j], 0 where
   * i = j, by blocks of {@link SPD_ROWS} rows. `inverses`: 1 / p[j, j].
   */
  easeWeights: [n: number, a: Pointer, lda: number, inverses: Pointer];
  /** One step of Adam on every row, with the gradient + ridge[row] * value, by blocks of {@link ADAM_ROWS} rows. */
  adamDense: [
    values: Pointer,
    first: Pointer,
    second: Pointer,
    gradient: Pointer,
    ridge: Pointer,
    rows: number,
    stride: number,
    gain1: number,
    gain2: number,
    rate: number,
    unbias: number,
    epsilon: number,
  ];
  /**
   * One step of Adam on the rows `ids`, distinct, that bags are sums of: the gradient of a row is the sum over its entries of
   * weight * gradient[bag]. By blocks of {@link ADAM_ROWS} rows; `stride`: bytes of a row, a multiple of 16.
   */
  adamBags: [
    values: Pointer,
    first: Pointer,
    second: Pointer,
    ids: Pointer,
    indptr: Pointer,
    bags: Pointer,
    weights: Pointer,
    gradient: Pointer,
    count: number,
    stride: number,
    gain1: number,
    gain2: number,
    rate: number,
    unbias: number,
    epsilon: number,
  ];
  /** c [m, n] = alpha a b' + beta c: see `gemm`, which makes the jobs. Strides in bytes. */
  gemm: [
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: Pointer,
    lda: number,
    packed: Pointer,
    beta: number,
    c: Pointer,
    ldc: number,
  ];
  /** Packs b [n, k] for `gemm`, by panels of {@link GEMM_PANEL} rows. */
  gemmPack: [n: number, k: number, b: Pointer, ldb: number, packed: Pointer];
  /**
   * Partial sums of x'x, x [rows, width], width a multiple of 8: block i sums `depth` rows into the lower 8 x 8 tiles of
   * the i-th matrix of `partial`. Scratch: 512 * width bytes.
   */
  gram: [rows: number, width: number, depth: number, x: Pointer, partial: Pointer];
  /**
   * Cholesky of weight G + regularization I, G the sum of what `gram` gave, and three packed float32 matrices
   * [width, width] for `alsProject` and `alsRows`. `work`: two float64 matrices. One block.
   */
  alsWhiten: [
    width: number,
    partial: Pointer,
    partials: number,
    weight: number,
    regularization: number,
    work: Pointer,
    forward: Pointer,
    back: Pointer,
    warm: Pointer,
  ];
  /** out = x times a packed matrix of `alsWhiten`, by blocks of {@link GEMM_ROWS} rows. */
  alsProject: [rows: number, width: number, x: Pointer, packed: Pointer, part: number, out: Pointer];
  /**
   * Solves rows of one side of a factorization, by the blocks that `starts` cuts, at most {@link ALS_ROWS}
   * rows each. Scratch: {@link alsScratch}. Pointers of 0 for no z, no warm start, no spectrum.
   */
  alsRows: [
    starts: Pointer,
    indptr: Pointer,
    indices: Pointer,
    gains: Pointer,
    w: Pointer,
    z: Pointer,
    out: Pointer,
    width: number,
    weight: number,
    limit: number,
    steps: number,
    tolerance: number,
    back: Pointer,
    warm: Pointer,
    spectrum: Pointer,
    lambdas: Pointer,
  ];
  /**
   * Steps of SGD for biased matrix factorization, in order, over the ratings of the users from `from` to before `to`, one
   * block. `keep`: 1 - rate * regularization; `biased` 0 leaves the biases alone; stride in bytes.
   */
  svdEpoch: [
    indptr: Pointer,
    indices: Pointer,
    values: Pointer,
    userBias: Pointer,
    itemBias: Pointer,
    users: Pointer,
    items: Pointer,
    from: number,
    to: number,
    stride: number,
    rate: number,
    keep: number,
    mean: number,
    biased: number,
  ];
  /** What the entries of a sparse matrix add to the loss: a float64 sum per block of {@link ALS_LOSS_ROWS} rows. */
  alsLoss: [
    rows: number,
    indptr: Pointer,
    indices: Pointer,
    gains: Pointer,
    x: Pointer,
    y: Pointer,
    width: number,
    weight: number,
    sums: Pointer,
  ];
}

/** The name of a kernel. */
export type KernelName = keyof PoolKernels;

/** What an instance of the module exports. */
export type PoolExports = Record<KernelName, (block: number, scratch: number, ...args: number[]) => void>;
