import { Option, type Command } from 'commander';

import { amount, namesList, positive } from './flag-values.js';
import { json } from './shared-options.js';

/** Flags of `ablate`. */
export const ablateFlags = (command: Command): Command =>
  command
    .requiredOption(
      '--configs <list>',
      'folders, files or names of configs, and names of baselines, with commas between them',
      namesList,
    )
    .requiredOption('--out <folder>', 'where artifacts and the report go; the same folder goes on with a study')
    .option('--data <path>', "data of every run, in place of the configs' own")
    .option('--seeds <n>', 'seeds of each variant (default: 3)', positive)
    .option('--minutes <n>', 'no run goes on after so many minutes', amount)
    .option('--threads <n>', 'threads of the engine', positive)
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .addOption(json());

/** Flags of `report`. */
export const reportFlags = (command: Command): Command =>
  command
    .requiredOption('--artifacts <folders>', 'what to report on, with commas between; the first is compared with', namesList)
    .option('--out <file>', 'the HTML file; Markdown and figures go beside it (default: report.html)')
    .addOption(
      new Option('--on <part>', 'which targets (default: test, where there are any)').choices(['validation', 'test']),
    )
    .option('--users <n>', 'users to ask, the same for all (default: 5000)', positive)
    .addOption(json());
