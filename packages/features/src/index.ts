export type { Encodings, FeatureEncoding } from './encodings.js';
export { columnsRead, columnsWanted } from './columns-read.js';
export { catalogColumns, catalogRows } from './catalog-columns.js';
export { fitFeatures, type ItemFeatures, type WantedFeatures } from './fit-features.js';
export { encodeColumns, type EncodedColumns, type FeatureInput } from './encode-columns.js';
export { encodeTexts, fitTexts, type ItemTexts, type WantedTexts } from './text/fit-texts.js';
export { fitEncoder, reopenEncoder, saveEncoders } from './text/open-encoder.js';
export {
  textEncoderSchema,
  textEncodingSchema,
  textPlaces,
  type TextEncoderConfig,
  type TextEncoding,
  type TextPlaces,
} from './text/text-encoding.js';
export { textsOf } from './text/texts-of.js';
export type { ErrorCode } from './errors.js';
