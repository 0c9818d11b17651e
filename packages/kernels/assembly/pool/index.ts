// Every kernel that a pool runs. A call computes one block of the work and is told, first of all, which one and
// where its thread's scratch is; then come the arguments that all blocks share. A block's result must not depend on
// the thread or on the blocks before it: that is what makes results the same on any number of threads.
export { spmm, spmmAdd } from './spmm';
export { bprEpoch } from './bpr-epoch';
export { rankSlopes } from './rank-slopes';
export { spdPanel, spdReturn } from './spd-panel';
export { spdPivot } from './spd-pivot';
export { easeWeights } from './ease-weights';
export { adamDense } from './adam-dense';
export { adamBags } from './adam-bags';
export { gemm } from './gemm';
export { gemmPack } from './gemm-pack';
export { gram } from './gram';
export { alsWhiten } from './als-whiten';
export { alsProject } from './als-project';
export { alsRows } from './als-rows';
export { alsLoss } from './als-loss';
export { svdEpoch } from './svd-epoch';
export { searchRows } from './search-rows';
export { searchCodes } from './search-codes';
export { rescoreSlots } from './rescore-slots';
export { encodeRows } from './encode-rows';
export { searchLists } from './search-lists';
