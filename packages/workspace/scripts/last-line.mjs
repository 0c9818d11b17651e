import { readFileSync } from 'node:fs';

/** The JSON object that a command printed as the last line of its stdout, from the file that caught it. */
export const lastLine = (file) => JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1));
