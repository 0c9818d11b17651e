/**
 * What keeps ONNX Runtime from reporting: every module of Towerkit that loads it, itself or through another library,
 * calls {@link disableTelemetry} first.
 *
 * @packageDocumentation
 */
import { isMainThread } from 'node:worker_threads';

const VARIABLE = 'ORT_DISABLE_TELEMETRY';

// Read by native code when the first session of the process is opened. It is set at once, and not only when a session is
// opened, so that threads and processes started later have it too.
if (isMainThread) process.env[VARIABLE] ??= '1';

/** Whether this thread has seen to it. */
let done = false;

/**
 * Sets `ORT_DISABLE_TELEMETRY=1` for the whole process, unless the variable is set: without it ONNX Runtime 1.30 keeps a
 * device id and a queue of reports in the user's cache folder, or where there is none in the working folder, and looks up
 * the host that they go to.
 *
 * A worker thread has only a copy of the environment, which native code does not read: what another library sets there has
 * no effect. So the thread has the main thread set the variable, through Node's inspector; no port is opened. Where Node
 * has no inspector, a process warning says that the variable has to be set outside.
 *
 * @example
 * ```ts
 * await disableTelemetry();
 * const ort = await import('onnxruntime-node');
 * ```
 */
export async function disableTelemetry(): Promise<void> {
  if (isMainThread || done || (process.env[VARIABLE] ?? '1') !== '1') return;
  done = true;
  try {
    await setInMainThread();
    process.env[VARIABLE] = '1';
  } catch (error) {
    process.emitWarning(`ONNX Runtime may report its use: ${(error as Error).message}`, {
      code: 'TOWERKIT_TELEMETRY',
      detail: `Set ${VARIABLE}=1 in the environment, or import @towerkit/core/telemetry in the main thread.`,
    });
  }
}

/** How long the main thread may take: it answers between two statements, even while it waits. */
const LIMIT = 5_000;

async function setInMainThread(): Promise<void> {
  const { Session } = await import('node:inspector');
  const session = new Session();
  session.connectToMainThread();
  await new Promise<void>((resolve, reject) => {
    // It also keeps the thread alive meanwhile, which the inspector does not.
    const timer = setTimeout(() => reject(new Error('the main thread does not answer')), LIMIT);
    session.post('Runtime.evaluate', { expression: `process.env.${VARIABLE} ??= '1'` }, (error, answer) => {
      clearTimeout(timer);
      if (error ?? answer.exceptionDetails) reject(error ?? new Error(answer.exceptionDetails?.text));
      else resolve();
    });
  }).finally(() => session.disconnect());
}
