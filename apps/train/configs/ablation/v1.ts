import base from './_base.js';

/** MLPs over ids with InfoNCE. */
export default { ...base, name: 'ablation-v1' };
