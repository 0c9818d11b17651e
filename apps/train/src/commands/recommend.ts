import { TowerkitError, type Repeats } from '@towerkit/core';
import { modelKinds } from '@towerkit/pipeline/model-kinds';
import {
  idList,
  openArtifact,
  shardOf,
  writeLists,
  type Answer,
  type AnswerItem,
  type Near,
  type OpenArtifact,
} from '@towerkit/recommend';

import { Console } from '../report/console.js';
import { table } from '../report/tables.js';
import { interruptible } from './interruptible.js';
import { momentOf, valuesOf } from './said-values.js';

/** Flags of `towerkit recommend`. */
export interface RecommendFlags {
  readonly artifact: string;
  readonly user?: string;
  /** Each time it was given; see `idList` of `@towerkit/recommend`. */
  readonly history?: readonly string[];
  /** What is known of who asks, `name=value` each. */
  readonly userFeatures?: readonly string[];
  /** What is known of the moment, `name=value` each; nothing behind the sign is an unknown value. */
  readonly context?: readonly string[];
  /** When it is asked, for parts of the time. */
  readonly at?: string;
  readonly text?: string;
  /** The same as `text`. */
  readonly texts?: string;
  /** How much unlike items are preferred, from 0 to 1. */
  readonly diversity?: number;
  /** What becomes of items of the history; as the artifact says when absent. */
  readonly repeats?: Repeats;
  /** Where it is asked from, and kilometres around it. */
  readonly near?: Near;
  readonly models?: string;
  readonly all?: boolean;
  readonly out?: string;
  /** Which part of the users, with `all`. */
  readonly shard?: string;
  readonly k: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

export async function recommend({ texts, ...given }: RecommendFlags): Promise<number> {
  const flags = { ...given, text: given.text ?? texts };
  const ways = [flags.user, flags.history, flags.text, flags.all].filter((flag) => flag !== undefined);
  const isDescribed = flags.userFeatures !== undefined;
  const hasMoment = flags.context !== undefined || flags.at !== undefined;
  if (ways.length > 1 || (ways.length === 0 && !isDescribed && !hasMoment))
    throw new TowerkitError(
      'BAD_USAGE',
      'give one of --user ID, --history ID,ID,..., --text "..." and --all, or --user-features NAME=VALUE, or --context NAME=VALUE',
    );
  if (isDescribed && (flags.text !== undefined || flags.all))
    throw new TowerkitError('BAD_USAGE', '--user-features goes with --user, with --history or alone');

  if ((flags.all === true) !== (flags.out !== undefined))
    throw new TowerkitError('BAD_USAGE', '--all and --out FILE go together');
  if (flags.shard && !flags.all) throw new TowerkitError('BAD_USAGE', '--shard is a part of --all');
  if (flags.text !== undefined && flags.explain)
    throw new TowerkitError('BAD_USAGE', '--explain speaks of a history, and --text gives none');
  if (flags.all && flags.near) throw new TowerkitError('BAD_USAGE', '--near is for one user at a time');
  if (flags.all && flags.explain) throw new TowerkitError('BAD_USAGE', '--explain is for one user at a time');
  const out = new Console(flags.json === true);
  const artifact = await openArtifact(flags.artifact, { kinds: modelKinds, models: flags.models });
  try {
    if (flags.all) await writeAll(artifact, flags, out);
    else show(await answerOne(artifact, flags), out);
    return 0;
  } finally {
    await artifact.dispose();
  }
}

function answerOne(artifact: OpenArtifact, flags: RecommendFlags): Promise<Answer> {
  const { user, history, text, k, explain, diversity, repeats, near } = flags;
  const options = { explain, diversity, repeats, near, ...momentOf(artifact, flags) };
  const { users } = artifact.engine.ranker;
  const features = flags.userFeatures && valuesOf('--user-features', flags.userFeatures, users?.columns);
  if (text !== undefined) return artifact.recommend({ text }, k, options);
  if (user !== undefined) return artifact.recommend({ user, features }, k, options);
  if (history !== undefined) return artifact.recommend({ history: idsOf(history), features }, k, options);
  return artifact.recommend(features ? { features } : [], k, options);
}

/** @throws TowerkitError `BAD_USAGE` for a JSON array of anything but texts: a long number would lose digits */
export function idsOf(history: readonly string[]): string[] {
  return idList(history).map((id) => {
    if (typeof id === 'string') return id;
    throw new TowerkitError('BAD_USAGE', `--history: ${JSON.stringify(id).slice(0, 60)} is no id`, {
      hint: 'in a JSON array each id stands in quotes',
    });
  });
}

const label = ({ id, title }: { id: string; title?: string }) => (title ? `${id}  ${title}` : id);
/** The beginning of a text, on one line. */
const excerpt = (text: string) =>
  text.length > 80 ? `${text.slice(0, 79).replace(/\s+/g, ' ')}…` : text.replace(/\s+/g, ' ');
const signed = (weight: number) => `${weight < 0 ? '' : '+'}${weight.toFixed(3)}`;

function show({ items, source }: Answer, out: Console): void {
  const rated = ({ rating }: AnswerItem) => (rating === undefined ? '' : `${rating.toFixed(2)} stars  `);
  const far = ({ distanceKm }: AnswerItem) =>
    distanceKm === undefined ? '' : `${distanceKm.toFixed(1)} km  `;
  out.show(
    table([
      ['', 'score', source],
      ...items.flatMap((item, place) => [
        [`${place + 1}.`, item.score.toFixed(3), `${rated(item)}${far(item)}${label(item)}`],
        ...(item.reasons ?? []).map(({ weight, ...reason }) => [
          '',
          '',
          `   ${signed(weight)}  for ${label(reason)}`,
        ]),
        ...(item.reviews ?? []).map(({ id, text = id, similarity }) => [
          '',
          '',
          `   ${similarity.toFixed(2)} like "${excerpt(text)}"`,
        ]),
      ]),
    ]),
  );
  out.result({ items, source });
}

async function writeAll(
  artifact: OpenArtifact,
  { out: path, k, repeats, shard: part, ...flags }: RecommendFlags,
  out: Console,
): Promise<void> {
  await interruptible(async (display, signal) => {
    const onDone = (done: number, total: number) => {
      signal.throwIfAborted();
      display.update({ stage: 'recommend', done, total, unit: 'users' });
    };
    const moment = momentOf(artifact, flags);
    const shard = part === undefined ? undefined : shardOf(part);
    const written = await writeLists(artifact, { out: path!, k, onDone, repeats, shard, ...moment });
    display.stop();
    const { file, users, rows, kept } = written;
    out.show(kept ? `${file} is there already: kept` : `${rows} rows for ${users} users in ${file}`);
    out.result({ out: file, users, rows, ...(kept && { kept }) });
  });
}
