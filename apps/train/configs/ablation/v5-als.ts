import v5Softmax from './v5-softmax.js';

/** `v5-softmax`, its ids starting from ALS. */
export default { ...v5Softmax, name: 'ablation-v5-als', start: { als: {} } };
