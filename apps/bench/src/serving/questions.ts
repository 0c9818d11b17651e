import { openArtifact } from '@towerkit/recommend';

/** Questions that a load goes through. */
const MOST = 1000;

/** Histories of users of an artifact who had so many items: their last ones, as ids. */
export async function questions(artifact: string, length: number): Promise<string[][]> {
  const { histories, items, model } = await openArtifact(artifact);
  const found: string[][] = [];
  for (let user = 0; user < histories.rows && found.length < MOST; user++) {
    const row = histories.row(user);
    if (row.length >= length) found.push(Array.from(row.slice(-length), (item) => items.nameOf(item)));
  }
  await model.dispose?.();
  if (found.length === 0) throw new Error(`nobody in ${artifact} had ${length} items`);
  return found;
}
