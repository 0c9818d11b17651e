import { Argument, Command, CommanderError, Option } from 'commander';
import { createRequire } from 'node:module';

import { REPEATS } from '@towerkit/core';
import { baselineNames } from '@towerkit/pipeline';
import { describeConfig } from '../config/describe.js';
import { driverNames } from '../config/index-drivers.js';
import { reportError } from '../report/console.js';
import { amount, days, eachTime, positive, share, whole } from './flag-values.js';
import { Interrupted } from './interrupt.js';
import { addItemsFlags, embedImagesFlags } from './item-flags.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * Runs the command.
 *
 * @param args what stands behind `towerkit`
 * @returns the exit status: 0, 2 for what the user can mend, 130 after Ctrl-C, 1 for anything else
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  let status = 0;
  const program = new Command('towerkit')
    .description('Trains, evaluates and uses two-tower recommenders.')
    .version(version)
    .configureHelp({ showGlobalOptions: true });
  // What a command needs is loaded when it runs: `--help` should not wait for it.
  const define = <A extends unknown[]>(
    name: string,
    description: string,
    load: () => Promise<(...given: A) => Promise<number>>,
    under: Command = program,
  ) =>
    under
      .command(name)
      .description(description)
      .action(async (...given: unknown[]) => {
        status = await (await load())(...(given as A)); // arguments, then the flags
      });

  const repeats = () =>
    new Option(
      '--repeats <what>',
      "what becomes of items of the history: left out, ranked among all others, or ranked alone (default: as the artifact's config has it)",
    ).choices(REPEATS);

  define(
    'train',
    'train a model, evaluate it and save it as an artifact',
    async () => (await import('./train.js')).train,
  )
    .option(
      '--config <file>',
      'a .ts, .mjs, .js or .json config, or the name of one that comes along',
      'shop',
    )
    .option('--data <path>', 'folder or file of the data set')
    .option('--out <folder>', 'where the artifact goes (default: artifacts/<config name>)')
    .option('--epochs <n>', 'passes over the examples, at most', positive)
    .option('--seed <n>', 'decides everything drawn at random', whole)
    .option('--threads <n>', 'threads of the engine', positive)
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .addOption(new Option('--engine <kind>', 'what runs the steps').choices(['onnx', 'tfjs']))
    .addOption(
      new Option('--on-bad-row <what>', 'what to do with a row that cannot be used').choices([
        'error',
        'skip',
      ]),
    )
    .option('--resume', 'go on with the run that was interrupted')
    .option('--refit', 'train again on training and validation rows, for as many epochs as were best')
    .option('--profile', 'say where the time went')
    .option('--json', 'print one JSON object as the last line of stdout')
    .addHelpText('after', () => `\n${describeConfig()}`);

  define(
    'baseline',
    'fit one of the models that every tower is judged against, evaluate it and save it as an artifact',
    async () => (await import('./baseline.js')).baseline,
  )
    .addArgument(new Argument('<name>', 'the model').choices(baselineNames))
    .option('--config <file>', 'as for train: data, split, metrics and the options under `baselines`')
    .option('--data <path>', 'folder or file of the data set; without --config it is recognized by its files')
    .option('--out <folder>', 'where the artifact goes (default: artifacts/<config or set>-<name>)')
    .option('--seed <n>', 'decides everything drawn at random', whole)
    .option('--threads <n>', 'threads to compute with', positive)
    .addOption(
      new Option('--on-bad-row <what>', 'what to do with a row that cannot be used').choices([
        'error',
        'skip',
      ]),
    )
    .option('--json', 'print one JSON object as the last line of stdout');

  define(
    'compare',
    'evaluate several artifacts on the same targets, with a paired test of each against the first',
    async () => (await import('./compare.js')).compare,
  )
    .requiredOption('--artifacts <folders>', 'what to compare, separated by commas')
    .option(
      '--targets <file>',
      "file of users and items (CSV, TSV, JSON lines, Parquet), a row for each item, under the data set's column names; else targets of its own",
    )
    .addOption(
      new Option('--on <part>', 'which targets of its own (default: test where there are any)').choices([
        'validation',
        'test',
      ]),
    )
    .option('--users <n>', 'only a sample of so many users, always the same one', positive)
    .addOption(repeats())
    .option('--metrics <names>', 'measure these, too, separated by commas, such as recall@20,ndcg@20')
    .option('--json', 'print one JSON object as the last line of stdout');

  define(
    'evaluate',
    'rank every item for every user and see where their targets land',
    async () => (await import('./evaluate.js')).evaluate,
  )
    .requiredOption('--artifact <folder>', 'what to evaluate')
    .option('--data <path>', "read the histories from here instead of the artifact's own")
    .option(
      '--targets <file>',
      "file of users and items (CSV, TSV, JSON lines, Parquet), a row for each item, under the data set's column names; else targets of its own",
    )
    .addOption(
      new Option('--on <part>', 'which targets of its own (default: test where there are any)').choices([
        'validation',
        'test',
      ]),
    )
    .option('--users <n>', 'only a sample of so many users, always the same one', positive)
    .addOption(repeats())
    .option('--metrics <names>', 'measure these, too, separated by commas, such as recall@20,ndcg@20')
    .option('--json', 'print one JSON object as the last line of stdout');

  define(
    'recommend',
    'recommend items to a user, to a history or to everybody',
    async () => (await import('./recommend.js')).recommend,
  )
    .requiredOption('--artifact <folder>', 'what recommends')
    .option('--user <id>', 'a user of the data set')
    .option(
      '--history <ids>',
      'items somebody had, oldest first, separated by commas; given several times, each is one id',
      eachTime,
    )
    .option(
      '--user-features <name=value>',
      'what is known of who asks, a column of the table of users; given several times, alone or with --user or --history',
      eachTime,
    )
    .option(
      '--context <name=value>',
      'what is known of the moment, for a model that reads it: a column of the interactions (nothing behind = is unknown), or ' +
        'hour, weekday, month, season, which are those of now when absent; given several times',
      eachTime,
    )
    .option('--at <time>', 'ask at another time than now, such as 2026-01-31T18:00+01:00')
    .option('--text <words>', 'what somebody likes, for a model that reads texts')
    .option('--texts <words>', 'the same: what somebody without an account wrote')
    .addOption(repeats())
    .option('--diversity <share>', 'prefer unlike items, from 0 to 1', share)
    .option('--all', 'every user of the data set; needs --out')
    .option('--out <file>', 'a .csv, .csv.gz, .tsv or .parquet file')
    .option('-k <n>', 'how many items', positive, 10)
    .option('--explain', 'say which items of the history each one is recommended for, where the model can')
    .option('--models <folder>', 'where text models are, for --text; from the hub when absent')
    .option('--json', 'print one JSON object as the last line of stdout');

  define(
    'index',
    "build an index of an artifact's items into it, or into a database, tuned to a recall",
    async () => (await import('./build-index.js')).buildIndexCommand,
  )
    .requiredOption('--artifact <folder>', 'whose items; it is replaced as a whole, with `index/`')
    .addOption(new Option('--driver <name>', 'what searches').choices(driverNames).default('exact'))
    .option(
      '--recall <share>',
      'recall at 10 to reach, on users apart from those it is reported on',
      share,
      0.99,
    )
    .option('--factory <string>', "faiss: a factory string such as 'IVF256,Flat' (default: HNSW32)")
    .option('--url <url>', 'pgvector: postgres://...; milvus: host:port')
    .option(
      '--name <name>',
      'pgvector, milvus: the table or collection (default: from the name of the artifact)',
    )
    .option('--threads <n>', 'threads to build with', positive)
    .option('--json', 'print one JSON object as the last line of stdout');

  addItemsFlags(
    define(
      'add-items',
      'give an artifact items that came after its training, from their titles and other features',
      async () => (await import('./add-items.js')).addItemsCommand,
    ),
  );

  embedImagesFlags(
    define(
      'embed-images',
      'turn the images of a folder into vectors that `data.features.vectors` and `add-items` read',
      async () => (await import('./embed-images.js')).embedImagesCommand,
    ),
  );

  define(
    'update',
    'train an artifact further on interactions that came later, with new users and items',
    async () => (await import('./update.js')).update,
  )
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
    .addOption(
      new Option('--on-bad-row <what>', 'what to do with a row that cannot be used').choices([
        'error',
        'skip',
      ]),
    )
    .option('--json', 'print one JSON object as the last line of stdout');

  define('serve', 'answer over HTTP, and show a page', async () => (await import('./serve.js')).serve)
    .option('--artifact <folders>', 'what answers, separated by commas; in the config else')
    .option('--host <address>', 'where to listen (default: 127.0.0.1; 0.0.0.0 is everywhere)')
    .option('--port <n>', 'where to listen (default: 8080; 0 is any that is free)', whole)
    .option('--split <shares>', 'shares of the users that the artifacts answer, such as 90,10')
    .option('--interleave', 'mix the lists of the first two artifacts')
    .option('--rerank <folder>', 'an artifact that ranks the candidates again')
    .option(
      '--events <place>',
      'a file for the interactions that come in, or postgres://... (default: events.db)',
    )
    .option('--events-password-file <file>', 'the password of PostgreSQL (default: PGPASSWORD or PGPASSFILE)')
    .option('--api-key-file <file>', 'keys that requests must come with, one a line')
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .option('--threads <n>', 'threads for each artifact', positive)
    .option('--config <file>', 'a JSON file with these and more; flags overrule it')
    .option('--json', 'print {url, artifact, items} as one line of stdout once it is ready');

  const events = program.command('events').description('look after the events that a server keeps');
  define(
    'prune',
    'remove old events and impressions, also while servers use them',
    async () => (await import('./serve.js')).pruneEvents,
    events,
  )
    .option('--events <place>', 'a file, or postgres://...', 'events.db')
    .option('--events-password-file <file>', 'the password of PostgreSQL (default: PGPASSWORD or PGPASSFILE)')
    .option('--older-than <days>', 'remove events from before so many days', days)
    .option('--impressions-older-than <days>', 'the same for impressions', days)
    .option('--dry-run', 'only count')
    .option('--json', 'print {events, impressions, dryRun} as one line of stdout');

  for (const command of [program, ...program.commands, ...events.commands])
    command
      .exitOverride()
      .configureOutput({ outputError: () => undefined })
      .allowExcessArguments(false);
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return 2;
    }
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof Interrupted) return 130;
    if (!(error instanceof CommanderError)) return reportError(error);
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return 2; // it was shown: a command lacks the command under it
    process.stderr.write(
      `error BAD_USAGE: ${error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')}\n`,
    );
    process.stderr.write('  `towerkit --help` and `towerkit <command> --help` list what there is\n');
    return 2;
  }
}
