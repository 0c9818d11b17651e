import { Command, CommanderError } from 'commander';
import { createRequire } from 'node:module';

import { reportError } from '../report/console.js';
import { indexFlags, mcpFlags, pruneFlags, recommendFlags, serveFlags, targetFlags } from './answer-flags.js';
import { initFlags, inspectFlags } from './inspect-flags.js';
import { Interrupted } from './interrupt.js';
import { addItemsFlags, embedImagesFlags, geoFeaturesFlags, searchFlags } from './item-flags.js';
import { ablateFlags, reportFlags, tuneFlags } from './study-flags.js';
import { baselineFlags, trainFlags, updateFlags } from './training-flags.js';

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

  const told = /^(train|baseline|help)$/.test(args[0]) ? await import('@towerkit/pipeline') : undefined;

  initFlags(
    define(
      'init',
      'look at files, guess what their columns are, and write a config that `train` finds',
      async () => (await import('./init.js')).init,
    ),
  );

  inspectFlags(
    define(
      'inspect',
      'say what files hold: columns, figures, what is likely to mislead, and the command to go on with',
      async () => (await import('./inspect.js')).inspect,
    ),
  );

  trainFlags(
    define(
      'train',
      'train a model, evaluate it and save it as an artifact',
      async () => (await import('./train.js')).train,
    ),
    told,
  );

  baselineFlags(
    define(
      'baseline',
      'fit one of the models that every tower is judged against, evaluate it and save it as an artifact',
      async () => (await import('./baseline.js')).baseline,
    ),
    told,
  );

  targetFlags(
    define(
      'compare',
      'evaluate several artifacts on the same targets, with a paired test of each against the first',
      async () => (await import('./compare.js')).compare,
    ).requiredOption('--artifacts <folders>', 'what to compare, separated by commas'),
  );

  targetFlags(
    define(
      'evaluate',
      'rank every item for every user and see where their targets land',
      async () => (await import('./evaluate.js')).evaluate,
    )
      .requiredOption('--artifact <folder>', 'what to evaluate')
      .option('--data <path>', "read the histories from here instead of the artifact's own")
      .option('--models <folder>', 'where text models are: a search is measured beside LSA and MiniLM, too'),
  );

  recommendFlags(
    define(
      'recommend',
      'recommend items to a user, to a history or to everybody',
      async () => (await import('./recommend.js')).recommend,
    ),
  );

  searchFlags(define('search', 'find items by a text', async () => (await import('./search.js')).search));

  indexFlags(
    define(
      'index',
      "build an index of an artifact's items into it, or into a database, tuned to a recall",
      async () => (await import('./build-index.js')).buildIndexCommand,
    ),
  );

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

  geoFeaturesFlags(
    define(
      'geo-features',
      'count and measure what stands around places, by an OpenStreetMap extract or GeoJSON',
      async () => (await import('./geo-features.js')).geoFeaturesCommand,
    ),
  );

  updateFlags(
    define(
      'update',
      'train an artifact further on interactions that came later, with new users and items',
      async () => (await import('./update.js')).update,
    ),
  );

  ablateFlags(
    define(
      'ablate',
      'train several configs with several seeds and write a report; goes on where it stopped',
      async () => (await import('./ablate.js')).ablateCommand,
    ),
  );

  tuneFlags(
    define(
      'tune',
      'search values of a config for those that do best on the validation targets; writes a config',
      async () => (await import('./tune.js')).tuneCommand,
    ),
  );

  reportFlags(
    define(
      'report',
      'measure artifacts on the same targets and write HTML and Markdown',
      async () => (await import('./report.js')).reportCommand,
    ),
  );

  serveFlags(
    define('serve', 'answer over HTTP, and show a page', async () => (await import('./on-demand.js')).serve),
  );

  mcpFlags(
    define(
      'mcp',
      'let an assistant ask an artifact, as tools of the Model Context Protocol',
      async () => (await import('./on-demand.js')).mcp,
    ),
  );

  const events = program.command('events').description('look after the events that a server keeps');
  pruneFlags(
    define(
      'prune',
      'remove old events and impressions, also while servers use them',
      async () => (await import('./on-demand.js')).pruneEvents,
      events,
    ),
  );

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
