import type * as Module from '@huggingface/transformers';
import { TowerkitError } from '@towerkit/core';
import { disableTelemetry } from '@towerkit/core/telemetry';

export type Transformers = typeof Module;

/**
 * The peer, loaded when it is first needed: who uses LSA alone does without it.
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
      `MiniLM needs the package @huggingface/transformers: ${(cause as Error).message.split('\n')[0]}`,
      { hint: 'npm install @huggingface/transformers@^4.3.1', cause },
    );
  }
}
