export {
  imageEncoder,
  type EncodeImagesOptions,
  type ImageEncoder,
  type ImageEncoderOptions,
} from './image-encoder.js';
export { embedImages, type EmbeddedImages, type EmbedImagesOptions } from './embed-images.js';
export { imageFiles, type ImageFile } from './image-files.js';
export type { ErrorCode } from './errors.js';
