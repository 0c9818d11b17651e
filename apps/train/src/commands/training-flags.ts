import type * as Pipeline from '@towerkit/pipeline';
import { Argument, Option, type Command } from 'commander';

import { amount, positive, whole } from './flag-values.js';
import { json, onBadRow } from './shared-options.js';

/** What the flags of `train` and `baseline` need of the pipeline, which takes too long to load for any other command. */
type Told = Pick<typeof Pipeline, 'baselineNames' | 'describeConfig'>;

/** Flags of `train`. */
export const trainFlags = (command: Command, told?: Told): Command =>
  command
    .option(
      '--config <file>',
      'a .ts, .mjs, .js or .json config, or the name of one that comes along (default: towerkit.config.ts of this folder, else shop)',
    )
    .option('--data <path>', 'folder or file of the data set')
    .option('--out <folder>', 'where the artifact goes (default: artifacts/<config name>)')
    .option('--epochs <n>', 'passes over the examples, at most', positive)
    .option('--seed <n>', 'decides everything drawn at random', whole)
    .option('--threads <n>', 'threads of the engine', positive)
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .addOption(new Option('--engine <kind>', 'what runs the steps').choices(['onnx', 'tfjs']))
    .addOption(onBadRow())
    .option('--resume', 'go on with the run that was interrupted')
    .option('--refit', 'train again on training and validation rows, for as many epochs as were best')
    .option('--no-refit', 'do not, though the config says so')
    .option('--profile', 'say where the time went')
    .addOption(json())
    .addHelpText('after', () => (told ? `\n${told.describeConfig()}` : ''));

/** Flags of `baseline`. */
export const baselineFlags = (command: Command, told?: Told): Command =>
  command
    .addArgument(new Argument('<name>', 'the model').choices(told?.baselineNames ?? []))
    .option('--config <file>', 'as for train: data, split, metrics and the options under `baselines`')
    .option(
      '--data <path>',
      'folder or file of the data set; without --config, and a towerkit.config.ts here, it is recognized by its files',
    )
    .option('--out <folder>', 'where the artifact goes (default: artifacts/<config or set>-<name>)')
    .option('--seed <n>', 'decides everything drawn at random', whole)
    .option('--threads <n>', 'threads to compute with', positive)
    .addOption(onBadRow())
    .addOption(json());

/** Flags of `update`. */
export const updateFlags = (command: Command): Command =>
  command
    .requiredOption('--artifact <folder>', 'a two-tower; it is replaced as a whole, unless there is --out')
    .requiredOption(
      '--data <path>',
      "file or folder of the new interactions, under the data set's column names",
    )
    .option(
      '--items <file>',
      "new items, with the catalog's columns (default: the catalog in the folder of --data)",
    )
    .option('--config <file>', 'the config it was trained with, for its model (default: the default model)')
    .option('--out <folder>', 'where the updated artifact goes, the old one stays')
    .option('--epochs <n>', 'passes over the examples (default: 2)', positive)
    .option('--replay <n>', 'old examples learned again for each new one (default: 1)', amount)
    .option('--learning-rate <n>', "of the optimizer (default: half of the artifact's own)", amount)
    .option('--seed <n>', 'decides everything drawn at random', whole)
    .option('--threads <n>', 'threads of the engine', positive)
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .addOption(onBadRow())
    .addOption(json());
