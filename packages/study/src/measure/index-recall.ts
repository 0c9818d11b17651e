import type { Questions } from '@towerkit/pipeline';
import type { OpenArtifact } from '@towerkit/recommend';

/** How well the index of an artifact finds what an exact search finds. */
export interface IndexRecall {
  /** Name of the index, such as `exact` or `hnsw`; `all items` where every item is scored. */
  readonly index: string;
  /** Mean share of the best ten of an exact search; absent where every item is scored. */
  readonly recall?: number;
}

/** Users whose recall is measured. */
const USERS = 200;

/** Measures the recall of an artifact's index at ten, on some of the histories. */
export async function indexRecall(
  { engine: { ranker } }: Pick<OpenArtifact, 'engine'>,
  { histories, users }: Questions,
): Promise<IndexRecall> {
  const { index } = ranker;
  if (index === 'all items') return { index };
  const rows = Array.from({ length: Math.min(USERS, users.length) }, (_, i) =>
    Math.floor((i * users.length) / Math.min(USERS, users.length)),
  );
  const found = await ranker.candidates(
    rows.map((row) => ({
      history: Array.from(histories.row(row)),
      user: users[row],
      k: 10,
      deny: [],
      measure: true,
    })),
  );
  const recalls = found.flatMap(({ recall }) => recall ?? []);
  if (recalls.length === 0) return { index };
  return { index, recall: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length };
}
