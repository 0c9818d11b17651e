export {
  columnsMade,
  locationEncodingSchema,
  vectorEncodingSchema,
  type Encodings,
  type FeatureEncoding,
  type NumberEncoding,
} from './encodings.js';
export { columnsRead, columnsWanted } from './columns-read.js';
export { catalogRows, columnsOf, itemSide, userSide, type FeatureOf, type Side } from './side.js';
export {
  fitColumns,
  fitFeatures,
  type EntityFeatures,
  type FeatureColumns,
  type WantedFeatures,
  type WantedList,
  type WantedNumber,
} from './fit-features.js';
export {
  isTimeZone,
  timePartsOf,
  TIME_PARTS,
  TIME_PART_VALUES,
  type TimePart,
  type TimeReading,
} from './time-parts.js';
export { encodeColumns, type EncodedColumns, type FeatureInput } from './encode-columns.js';
export { encodeTexts, fitTexts, type EntityTexts, type WantedTexts } from './text/fit-texts.js';
export { fitEncoder, reopenEncoder, saveEncoders } from './text/open-encoder.js';
export {
  textEncoderSchema,
  textEncodingSchema,
  textPlaces,
  type TextEncoderConfig,
  type TextEncoding,
  type TextPlaces,
} from './text/text-encoding.js';
export {
  fitVectors,
  readSideVectors,
  type EntityVectors,
  type WantedVector,
  type WantedVectors,
} from './vectors/fit-vectors.js';
export { textsOf } from './text/texts-of.js';
export type { ErrorCode } from './errors.js';
