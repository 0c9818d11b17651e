import v5 from './v5.js';

/** `v5`, its ids starting from a LightGCN. */
export default { ...v5, name: 'ablation-v5c', start: { lightgcn: {} } };
