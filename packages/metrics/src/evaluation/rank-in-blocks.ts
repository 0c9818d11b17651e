import { TowerkitError } from '../errors.js';
import type { BlockScorer } from './block-scorer.js';
import { countAtLeast } from './count-at-least.js';
import type { CsrRows } from './csr-rows.js';
import type { EvaluableUsers } from './evaluable-users.js';
import { notFinite } from './non-finite-score.js';
import { RankTableBuilder, type RankTable } from './rank-table.js';
import type { ScoringOptions } from './score-in-batches.js';
import type { Repeats } from './target-rules.js';

/** What {@link rankInBlocks} ranks. */
export interface BlockRanking {
  readonly items: number;
  readonly histories: CsrRows;
  readonly repeats: Exclude<Repeats, 'only'>;
  /** Ranks below this one need not be told apart. */
  readonly depth: number;
  readonly scorer: BlockScorer;
  readonly onProgress?: ScoringOptions['onProgress'];
}

/** Where each item stands. */
interface Places {
  readonly block: Int32Array;
  readonly column: Int32Array;
}

/**
 * Ranks the one target of each user, block by block: first the block that holds the target, which gives the score to reach, then the
 * others, in their order, until more than `depth` items are ahead. What it ranks and how ties count is as in `RowRanker`; a
 * rank below `depth` is only known to be that.
 *
 * @throws TowerkitError `NON_FINITE_SCORE`, `SHAPE_MISMATCH` for blocks that do not hold every item once
 */
export async function rankInBlocks(
  { users, targets }: Pick<EvaluableUsers, 'users' | 'targets'>,
  { items, histories, repeats, depth, scorer, onProgress }: BlockRanking,
): Promise<RankTable> {
  const places = placesOf(scorer.blocks, items);
  const own = new OwnItems(histories, items, repeats);
  const table = new RankTableBuilder(users, users.length);
  for (let from = 0; from < users.length; from += scorer.users) {
    const held = users.subarray(from, from + scorer.users);
    await scorer.hold(held);
    const better = await countBetter(held, targets.indices.subarray(from, from + held.length), {
      ...{ places, own, depth, scorer },
    });
    better.forEach((count, i) => {
      table.push(count + 1);
      table.close(1, items - own.count(held[i]));
    });
    const done = from + held.length;
    onProgress?.({ stage: 'evaluate', done, total: users.length, unit: 'users' });
  }
  return table.finish();
}

/** How many items are ahead of the target of each user; at least `depth` where it is no fewer. */
async function countBetter(
  users: Int32Array,
  targets: Int32Array,
  { places, own, depth, scorer }: { places: Places; own: OwnItems; depth: number; scorer: BlockScorer },
): Promise<Int32Array> {
  const { blocks, rows } = scorer;
  const better = new Int32Array(users.length);
  const toReach = new Float32Array(users.length);
  const all = Int32Array.from(users.keys());
  const visit = async (asked: Int32Array, block: number, isFirst: boolean) => {
    for (let from = 0; from < asked.length; from += rows) {
      const some = asked.subarray(from, from + rows);
      const { scores, stride } = await scorer.score(some, block);
      for (let i = 0; i < some.length; i++) {
        const [place, row] = [some[i], i * stride];
        if (isFirst) toReach[place] = scores[row + places.column[targets[place]]];
        const count = countAtLeast(scores, row, row + blocks[block].length, toReach[place]);
        if (count < 0) throw nonFinite(scores, row, blocks[block], users[place]);
        better[place] += count - own.atLeast(users[place], block, scores, row, toReach[place], places);
        if (isFirst) better[place]--; // the target itself
      }
    }
  };
  const first = (place: number) => places.block[targets[place]];
  for (let block = 0; block < blocks.length; block++)
    await visit(
      all.filter((place) => first(place) === block),
      block,
      true,
    );
  for (let block = 0; block < blocks.length; block++)
    await visit(
      all.filter((place) => first(place) !== block && better[place] < depth),
      block,
      false,
    );
  return better;
}

/** The items of users' histories that are not ranked, each once. */
class OwnItems {
  /** The visit at which an item was last met. */
  readonly #met: Int32Array;
  #visit = 0;

  constructor(
    readonly histories: CsrRows,
    items: number,
    readonly repeats: BlockRanking['repeats'],
  ) {
    this.#met = new Int32Array(items);
  }

  /** How many there are. */
  count(user: number): number {
    let count = 0;
    this.#each(user, () => count++);
    return count;
  }

  /** How many of them stand in a block and score `threshold` or more. */
  atLeast(
    user: number,
    block: number,
    scores: Float32Array,
    row: number,
    threshold: number,
    places: Places,
  ): number {
    let count = 0;
    this.#each(user, (item) => {
      if (places.block[item] === block) count += +(scores[row + places.column[item]] >= threshold);
    });
    return count;
  }

  #each(user: number, visit: (item: number) => void): void {
    if (this.repeats === 'allow') return;
    const { indptr, indices } = this.histories;
    this.#visit++;
    for (let i = indptr[user]; i < indptr[user + 1]; i++) {
      const item = indices[i];
      if (item < 0 || this.#met[item] === this.#visit) continue;
      this.#met[item] = this.#visit;
      visit(item);
    }
  }
}

function placesOf(blocks: BlockScorer['blocks'], items: number): Places {
  const block = new Int32Array(items).fill(-1);
  const column = new Int32Array(items);
  let count = 0;
  blocks.forEach((ids, b) =>
    ids.forEach((item, c) => {
      if (block[item] === -1) count++;
      block[item] = b;
      column[item] = c;
    }),
  );
  const given = blocks.reduce((sum, { length }) => sum + length, 0);
  if (count !== items || given !== items)
    throw new TowerkitError('SHAPE_MISMATCH', `blocks of ${given} items do not hold each of ${items} once`);
  return { block, column };
}

function nonFinite(scores: Float32Array, row: number, block: Int32Array, user: number): TowerkitError {
  const column = block.findIndex((_, c) => !Number.isFinite(scores[row + c]));
  return notFinite(user, block[column], scores[row + column]);
}
