import { TowerkitError } from '../errors.js';

/** Keys of an object that is a row; one of more is a table of its own. */
const MOST_KEYS = 500;

/**
 * Whether a text is JSON lines, one object each.
 *
 * @throws TowerkitError `UNKNOWN_FORMAT` for one JSON value over several lines
 */
export function isJsonLines(name: string, text: string): boolean {
  const start = text.trimStart();
  if (start[0] !== '{' && start[0] !== '[') return false;
  const [line = ''] = start.split(/\r\n|\n|\r/, 1);
  const first = parsed(line);
  const isObject = typeof first === 'object' && first !== null && !Array.isArray(first);
  if (isObject && Object.keys(first).length <= MOST_KEYS) return true;
  if (start[0] === '[' ? /^\[\s*[\]{["\d]/.test(start) : /^\{\s*("|$)/.test(line))
    throw new TowerkitError('UNKNOWN_FORMAT', `${name} is one JSON value, not an object on each line`, {
      hint: `write JSON lines: jq -c '.[]' ${name} > ${name.replace(/\.json$/i, '')}.jsonl`,
      details: { file: name },
    });
  return false;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
