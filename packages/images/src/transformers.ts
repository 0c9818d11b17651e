import type * as Module from '@huggingface/transformers';
import { disableTelemetry } from '@towerkit/core/telemetry';

import { TowerkitError } from './errors.js';

export type Transformers = typeof Module;

/**
 * The peer, loaded when it is first needed; it brings `sharp`, which reads images.
 *
 * @throws TowerkitError `MISSING_PACKAGE`
 */
export async function loadTransformers(): Promise<Transformers> {
  await disableTelemetry(); // of ONNX Runtime, which it brings
  try {
    return await import('@huggingface/transformers');
  } catch (cause) {
    throw new TowerkitError(
      'MISSING_PACKAGE',
      `image encoders need the package @huggingface/transformers: ${(cause as Error).message.split('\n')[0]}`,
      { hint: 'npm install @huggingface/transformers@^4.3.1', cause },
    );
  }
}
