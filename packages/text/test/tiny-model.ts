import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { encodeGather } from './onnx-gather.js';

/** The tokens of the tiny model; `##` goes on with a word. */
export const TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'red', 'blue', 'hat', '##s', 'scarf'];
export const WIDTH = 4;

/** The vector of each token: what the "last layer" says of it, whatever stands beside it. */
export const TABLE = Float32Array.from({ length: TOKENS.length * WIDTH }, (_, k) => Math.sin(1 + k));

const special = (id: number) => ({
  ...{ id, content: TOKENS[id], single_word: false, lstrip: false, rstrip: false, normalized: false },
  special: true,
});

/**
 * Writes a model that is a whole one to transformers.js, whose vectors can be worked out by hand: a text's is the mean of
 * its tokens' rows of the table.
 *
 * @param folder made as needed
 */
export async function writeTinyModel(folder: string, table: Float32Array = TABLE): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  const json = (file: string, value: object) => writeFile(join(folder, file), JSON.stringify(value));
  await json('config.json', {
    ...{ model_type: 'bert', architectures: ['BertModel'], hidden_size: WIDTH, max_position_embeddings: 64 },
    ...{ vocab_size: TOKENS.length, num_hidden_layers: 1, num_attention_heads: 1 },
  });
  await json('tokenizer_config.json', {
    ...{ tokenizer_class: 'BertTokenizer', do_lower_case: true, model_max_length: 64 },
    ...{
      unk_token: '[UNK]',
      sep_token: '[SEP]',
      pad_token: '[PAD]',
      cls_token: '[CLS]',
      mask_token: '[MASK]',
    },
  });
  await json('tokenizer.json', {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [0, 1, 2, 3, 4].map(special),
    normalizer: {
      ...{ type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true },
      ...{ strip_accents: null, lowercase: true },
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##' },
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(TOKENS.map((token, id) => [token, id])),
    },
  });
  for (const file of ['model.onnx', 'model_quantized.onnx'])
    await writeFile(join(folder, 'onnx', file), encodeGather(table, WIDTH));
}
