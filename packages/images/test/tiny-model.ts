import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Just enough protobuf for one small ONNX graph. */
type Field = readonly [number, number | string | Uint8Array];

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];

function message(...fields: readonly Field[]): Uint8Array {
  const bytes = fields.flatMap(([tag, value]) => {
    if (typeof value === 'number') return [...varint(tag << 3), ...varint(value)];
    const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return [...varint((tag << 3) | 2), ...varint(content.length), ...content];
  });
  return Uint8Array.from(bytes);
}

function valueInfo(name: string, sizes: readonly (number | string)[]): Uint8Array {
  const dims = sizes.map((size): Field => [1, message([typeof size === 'number' ? 1 : 2, size])]);
  return message([1, name], [2, message([1, message([1, 1], [2, message(...dims)])])]);
}

/** An ONNX file: the mean of each color of an image, or the image itself where `output` is a map. */
function meanColor(output: string): Uint8Array {
  const isMap = output === 'last_hidden_state';
  const nodes = isMap
    ? [message([1, 'pixel_values'], [2, output], [4, 'Identity'])]
    : [
        message([1, 'pixel_values'], [2, 'means'], [4, 'GlobalAveragePool']),
        message([1, 'means'], [2, output], [4, 'Flatten']),
      ];
  const graph = message(
    ...nodes.map((node): Field => [1, node]),
    [2, 'tiny'],
    [11, valueInfo('pixel_values', ['batch', 3, 'height', 'width'])],
    [12, valueInfo(output, isMap ? ['batch', 3, 'height', 'width'] : ['batch', 3])],
  );
  return message([1, 8], [7, graph], [8, message([2, 17])]);
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
