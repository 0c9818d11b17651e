import { disableTelemetry } from '@towerkit/core/telemetry';
import type * as Module from 'onnxruntime-node';

let loaded: typeof Module | undefined;

/** ONNX Runtime, loaded when it is first needed, and never before it has been told to report nothing. */
export async function loadRuntime(): Promise<typeof Module> {
  if (loaded) return loaded;
  await disableTelemetry();
  return (loaded = await import('onnxruntime-node'));
}

/** ONNX Runtime where a session is open, so that it has been loaded. */
export function runtime(): typeof Module {
  if (!loaded) throw new Error('a tensor before its session');
  return loaded;
}
