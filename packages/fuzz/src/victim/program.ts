/**
 * A process that may die: it tries the cases it is sent on one subject and tells what came of each.
 *
 *     node --expose-gc dist/victim-program.js SUBJECT FOLDER FIXTURES
 */
import { isTowerkitError } from '@towerkit/core';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { subjects, type SubjectName } from '../targets/subjects.js';
import { WrongAnswer, type Attempt, type Told } from './protocol.js';

const [name, folder, fixtures] = process.argv.slice(2);
const subject = await subjects[name as SubjectName]();
const own = join(folder, 'case');

async function attempt({ id, tried }: Attempt): Promise<Told> {
  const told = async (): Promise<Omit<Told, 'id' | 'peak'>> => {
    try {
      await rm(own, { recursive: true, force: true });
      await mkdir(own, { recursive: true });
      await subject(tried as never, own, fixtures);
      return {};
    } catch (error) {
      if (error instanceof WrongAnswer) return { wrong: { what: error.what, detail: error.message } };
      if (isTowerkitError(error)) return { refused: { code: error.code, message: error.message } };
      return { bug: error instanceof Error ? `${error.stack}` : `thrown: ${JSON.stringify(error)}` };
    }
  };
  return { id, ...(await told()), peak: process.resourceUsage().maxRSS * 1024 };
}

process.on('message', (message: Attempt | 'memory') => {
  if (message === 'memory') {
    globalThis.gc?.();
    globalThis.gc?.();
    process.send!({ memory: process.memoryUsage.rss() });
  } else void attempt(message).then((told) => process.send!(told));
});
process.on('disconnect', () => process.exit(0));
process.send!('ready');
