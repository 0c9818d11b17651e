import {
  describeFiles,
  findFiles,
  inspectFiles,
  inspectionResult,
  requireNoConfig,
  requireTrainable,
  writeProject,
  type Inspection,
} from '@towerkit/inspect';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:process';

import { Console } from '../report/console.js';
import { showInspection } from '../report/inspection.js';
import { chooseColumns, Questions } from './ask.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Flags of `towerkit init`. */
export interface InitFlags {
  readonly yes?: boolean;
  readonly name?: string;
  readonly user?: string;
  readonly item?: string;
  readonly json?: boolean;
}

/** Scripts of dependencies download there what is not needed. */
const SKIP_SCRIPTS = platform === 'linux' && arch === 'x64';

export async function init(given: readonly string[], flags: InitFlags): Promise<number> {
  const out = new Console(flags.json === true);
  await requireNoConfig('.');
  const files = await findFiles(given);
  const asks = flags.yes !== true && flags.json !== true && process.stdin.isTTY && process.stderr.isTTY;
  const questions = asks ? new Questions() : undefined;
  try {
    const inspection = await look(files, flags, questions);
    if (inspection.log) showInspection(out, inspection);
    else out.show(describeFiles(inspection));
    requireTrainable(inspection);
    if (questions && !(await questions.agrees('\nWrite a config for this?'))) {
      out.note('nothing was written');
      return 0;
    }
    await write(out, inspection, flags);
    return 0;
  } finally {
    questions?.close();
  }
}

/** What the files hold; where two readings are as likely, the one that somebody chooses. */
async function look(
  files: readonly string[],
  { user, item }: InitFlags,
  questions: Questions | undefined,
): Promise<Inspection> {
  const inspection = await inspectFiles(files, { columns: { user, item } });
  if (!questions || user !== undefined || item !== undefined) return inspection;
  const columns = await chooseColumns(inspection, questions);
  return columns ? inspectFiles(files, { columns }) : inspection;
}

async function write(out: Console, inspection: Inspection, flags: InitFlags): Promise<void> {
  const project = await writeProject('.', inspection, {
    name: flags.name,
    packages: { towerkit: `^${version}` },
    skipScripts: SKIP_SCRIPTS,
  });
  out.show(
    `\nwritten: ${project.written.join(', ')}${project.kept.length > 0 ? `; left as they were: ${project.kept.join(', ')}` : ''}`,
  );
  out.show(`\nGo on with\n  npx towerkit train`);
  out.result({ ...inspectionResult(inspection), ...project, next: 'npx towerkit train' });
}
