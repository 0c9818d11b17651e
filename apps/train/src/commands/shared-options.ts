import { REPEATS } from '@towerkit/core';
import { Option } from 'commander';

/** Whether the result is for a program. */
export const json = (): Option => new Option('--json', 'print one JSON object as the last line of stdout');

/** What becomes of rows that cannot be used. */
export const onBadRow = (): Option =>
  new Option('--on-bad-row <what>', 'what to do with a row that cannot be used').choices(['error', 'skip']);

/** What becomes of items of the history. */
export const repeats = (): Option =>
  new Option(
    '--repeats <what>',
    "what becomes of items of the history: left out, ranked among all others, or ranked alone (default: as the artifact's config has it)",
  ).choices(REPEATS);
