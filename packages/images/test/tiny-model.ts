import { message, onnxFile, valueInfo, type Field } from '@towerkit/workspace/onnx-file';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An ONNX file: the mean of each color of an image, or the image itself where `output` is a map. */
function meanColor(output: string): Uint8Array {
  const isMap = output === 'last_hidden_state';
  const nodes = isMap
    ? [message([1, 'pixel_values'], [2, output], [4, 'Identity'])]
    : [
        message([1, 'pixel_values'], [2, 'means'], [4, 'GlobalAveragePool']),
        message([1, 'means'], [2, output], [4, 'Flatten']),
      ];
  return onnxFile(
    message(
      ...nodes.map((node): Field => [1, node]),
      [2, 'tiny'],
      [11, valueInfo('pixel_values', ['batch', 3, 'height', 'width'])],
      [12, valueInfo(output, isMap ? ['batch', 3, 'height', 'width'] : ['batch', 3])],
    ),
  );
}

/** Kinds of models by where their vectors come from. */
const KINDS = {
  whole: { type: 'efficientnet', weights: 'model.onnx', output: 'pooler_output' },
  map: { type: 'efficientnet', weights: 'model.onnx', output: 'last_hidden_state' },
  clip: { type: 'clip', weights: 'vision_model.onnx', output: 'image_embeds' },
  strange: { type: 'efficientnet', weights: 'model.onnx', output: 'logits' },
} as const;

/** Writes a model's folder whose vectors are the mean red, green and blue of an image, from 0 to 1. */
export async function writeTinyModel(folder: string, kind: keyof typeof KINDS = 'whole'): Promise<void> {
  const { type, weights, output } = KINDS[kind];
  await mkdir(join(folder, 'onnx'), { recursive: true });
  const write = (name: string, content: unknown) => writeFile(join(folder, name), JSON.stringify(content));
  await write('config.json', { model_type: type });
  await write('preprocessor_config.json', {
    image_processor_type: 'CLIPImageProcessor',
    ...{ do_resize: true, size: { shortest_edge: 8 }, resample: 3 },
    ...{ do_center_crop: true, crop_size: { height: 8, width: 8 } },
    ...{ do_rescale: true, rescale_factor: 1 / 255, do_normalize: false, do_convert_rgb: true },
  });
  await writeFile(join(folder, 'onnx', weights), meanColor(output));
}
