import v4 from './v4.js';

/** `v4` with larger batches: each target has four times as many others to stand out from. */
export default { ...v4, name: 'ablation-v4b', batchSize: 1024 };
