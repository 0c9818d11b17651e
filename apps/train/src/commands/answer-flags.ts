import { Option, type Command } from 'commander';

import { driverNames } from '../config/index-drivers.js';
import { days, eachTime, nearPlace, positive, share, whole } from './flag-values.js';
import { json, repeats } from './shared-options.js';

/** Flags of `evaluate` and `compare`, beside what they are given. */
export const targetFlags = (command: Command): Command =>
  command
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
    .addOption(json());

/** Flags of `recommend`. */
export const recommendFlags = (command: Command): Command =>
  command
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
    .option(
      '--near <lat,lon[,km[,decay]]>',
      'where it is asked from: items within so many kilometres, each with its distance; decay * ln(1 + km) off each score',
      nearPlace,
    )
    .option('--diversity <share>', 'prefer unlike items, from 0 to 1', share)
    .option('--all', 'every user of the data set; needs --out')
    .option('--out <file>', 'a .csv, .csv.gz, .tsv or .parquet file, or a folder/ of Parquet files')
    .option('--shard <i/n>', 'with --all: only the i-th of n parts of the users, such as 2/8')
    .option('-k <n>', 'how many items', positive, 10)
    .option('--explain', 'say which items of the history each one is recommended for, where the model can')
    .option('--models <folder>', 'where text models are, for --text; from the hub when absent')
    .addOption(json());

/** Flags of `index`. */
export const indexFlags = (command: Command): Command =>
  command
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
    .addOption(json());

/** Flags of `serve`. */
export const serveFlags = (command: Command): Command =>
  command
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
    .option(
      '--ground <file>',
      'GeoJSON to draw below the places of the page; geo-features --ground writes it',
    )
    .option('--api-key-file <file>', 'keys that requests must come with, one a line')
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .option('--threads <n>', 'threads for each artifact', positive)
    .option('--config <file>', 'a JSON file with these and more; flags overrule it')
    .option('--json', 'print {url, artifact, items} as one line of stdout once it is ready');

/** Flags of `mcp`. */
export const mcpFlags = (command: Command): Command =>
  command
    .requiredOption('--artifact <folder>', 'what answers')
    .option('--http <n>', 'answer at http://127.0.0.1:N/mcp (0 is any that is free); default: stdio', whole)
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .option('--threads <n>', 'threads to answer with', positive);

/** Flags of `events prune`. */
export const pruneFlags = (command: Command): Command =>
  command
    .option('--events <place>', 'a file, or postgres://...', 'events.db')
    .option('--events-password-file <file>', 'the password of PostgreSQL (default: PGPASSWORD or PGPASSFILE)')
    .option('--older-than <days>', 'remove events from before so many days', days)
    .option('--impressions-older-than <days>', 'the same for impressions', days)
    .option('--dry-run', 'only count')
    .option('--json', 'print {events, impressions, dryRun} as one line of stdout');
