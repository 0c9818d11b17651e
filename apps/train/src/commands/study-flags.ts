import { Option, type Command } from 'commander';

import { amount, namesList, positive, whole } from './flag-values.js';
import { json } from './shared-options.js';

/** What all runs are told. */
const runFlags = (command: Command): Command =>
  command
    .option('--data <path>', "data of every run, in place of the config's own")
    .option('--minutes <n>', 'no run goes on after so many minutes', amount)
    .option('--threads <n>', 'threads of the engine of each', positive)
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .addOption(json());

/** Flags of `ablate`. */
export const ablateFlags = (command: Command): Command =>
  runFlags(command)
    .requiredOption(
      '--configs <list>',
      'folders, files or names of configs, and baselines, by commas',
      namesList,
    )
    .requiredOption('--out <folder>', 'artifacts and report; the same folder goes on with a study')
    .option('--seeds <n>', 'seeds of each variant (default: 3)', positive);

/** Flags of `report`. */
export const reportFlags = (command: Command): Command =>
  command
    .requiredOption('--artifacts <folders>', 'separated by commas; the first is compared with', namesList)
    .option('--out <file>', 'HTML; Markdown and figures go beside it (default: report.html)')
    .addOption(new Option('--on <part>', 'which targets').choices(['validation', 'test']))
    .option('--users <n>', 'users to ask, the same for all (default: 5000)', positive)
    .addOption(json());

/** Flags of `tune`. */
export const tuneFlags = (command: Command): Command =>
  runFlags(command)
    .requiredOption('--config <file>', 'the config whose values are searched, a file or a name')
    .requiredOption('--space <file>', 'JSON: {min, max, log, int} or {choice} by the dotted path of a key')
    .option('--out <folder>', 'trials and best.ts; the same folder goes on with a search (default: tune)')
    .addOption(new Option('--method <name>', '(default: tpe)').choices(['tpe', 'random', 'halving']))
    .option('--trials <n>', 'points beside the config itself (default: 20, without --minutes)', positive)
    .option('--seed <n>', 'of the search and of every run', whole)
    .option('--processes <n>', 'trials at a time (default: 1)', positive);
