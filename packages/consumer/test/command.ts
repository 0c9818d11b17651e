import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The environment of a user: nothing of the package manager or of jest that runs this test. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|pnpm_|jest_|node_options|node_path|init_cwd|node_env)/i.test(name),
  ),
);

/**
 * Runs a command to its end.
 *
 * @returns what it printed on stdout
 * @throws Error with everything it printed, when it fails
 */
export async function run(
  command: string,
  args: string[],
  cwd: string,
  extra: Record<string, string> = {},
): Promise<string> {
  const shell = process.platform === 'win32';
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd,
      env: { ...env, ...extra },
      shell,
      maxBuffer: 1 << 26,
    });
    return stdout;
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
  }
}
