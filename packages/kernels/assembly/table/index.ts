// Every kernel of the module. Kernels allocate nothing and hold no state: they get pointers into a memory that
// the host lays out, so one compiled module serves any number of memories.
export { adamRows } from './adam-rows';
export { adamScalars } from './adam-scalars';
export { gatherRows } from './gather-rows';
