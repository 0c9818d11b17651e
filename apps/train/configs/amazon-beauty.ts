import sequences from './sequences.js';

/** Amazon Beauty, 5-core sequences: the settings of `sequences`. `--data` names the folder of the set. */
export default { ...sequences, name: 'amazon-beauty', data: { dataset: 's3rec-beauty' } };
