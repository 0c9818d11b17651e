import { runProgram } from './commands/program.js';
import { reportError } from './report/console.js';
import { outliveStreams } from './report/streams.js';

/**
 * The `towerkit` command.
 *
 * @param args what stands behind `towerkit`
 * @returns the exit status, as {@link runProgram} has it; 2 also where the output could not be kept
 */
export async function main(args: readonly string[]): Promise<number> {
  const written = outliveStreams();
  const status = await runProgram(args);
  const failed = await written();
  return failed && status === 0 ? reportError(failed) : status;
}
