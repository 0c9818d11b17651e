/**
 * Search with MiniLM's frozen vectors beside the towers' own features: `--models` names the folder of its weights. Slower to
 * answer than `search`, because each query goes through MiniLM.
 */
export default {
  extends: 'search',
  name: 'search-minilm',
  search: { tower: { encoder: { kind: 'minilm' } } },
};
