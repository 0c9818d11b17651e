import { TowerkitError } from '@towerkit/core';
import { disableTelemetry } from '@towerkit/core/telemetry';
import type * as Module from 'onnxruntime-node';

let loaded: typeof Module | undefined;

/**
 * ONNX Runtime, loaded when it is first needed, and never before it has been told to report nothing.
 *
 * @throws TowerkitError `MISSING_PACKAGE` where it is not installed
 */
export async function loadRuntime(): Promise<typeof Module> {
  if (loaded) return loaded;
  await disableTelemetry();
  try {
    const module = await import('onnxruntime-node');
    module.env.logLevel = 'fatal'; // what goes wrong is thrown
    return (loaded = module);
  } catch (error) {
    throw isMissing(error) ? notInstalled(error) : error;
  }
}

const isMissing = (error: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String((error as NodeJS.ErrnoException).code)) &&
  String((error as Error).message).includes('onnxruntime-node');

/** npm leaves an optional dependency out where its install script fails: that of ONNX Runtime does where NuGet is out of reach. */
const notInstalled = (cause: unknown) =>
  new TowerkitError('MISSING_PACKAGE', 'ONNX Runtime is not installed', {
    hint: 'its install script fetches CUDA libraries from NuGet; without them: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0',
    cause,
  });

/** ONNX Runtime where a session is open, so that it has been loaded. */
export function runtime(): typeof Module {
  if (!loaded) throw new Error('a tensor before its session');
  return loaded;
}

/** The version of ONNX Runtime where it has been loaded. */
export const runtimeVersion = (): string => runtime().env.versions.common;
