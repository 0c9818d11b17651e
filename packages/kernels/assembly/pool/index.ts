// Every kernel that a pool runs. A call computes one block of the work and is told, first of all, which one and
// where its thread's scratch is; then come the arguments that all blocks share. A block's result must not depend on
// the thread or on the blocks before it: that is what makes results the same on any number of threads.
export { spmm } from './spmm';
