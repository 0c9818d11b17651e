import { writeFile } from 'node:fs/promises';
import { openArtifact, trainRecommender } from 'towerkit';

// 300 readers go through a series of 40 books, one or two volumes at a time.
const rows = ['reader,book,day'];
for (let reader = 0; reader < 300; reader++)
  for (let day = 0, book = reader; day < 12; day++, book += 1 + ((reader * day) % 2))
    rows.push(`${reader},b${book % 40},${day}`);
await writeFile('loans.csv', rows.join('\n'));

const recommender = await trainRecommender({
  interactions: { path: 'loans.csv', columns: { user: 'reader', item: 'book', time: 'day' } },
  items: Array.from({ length: 40 }, (_, book) => ({ id: `b${book}`, title: `Volume ${book}` })),
});
const { metrics, baselines } = recommender;
console.log(`NDCG@10 ${metrics['ndcg@10'].value}, popularity ${baselines.popularity['ndcg@10'].value}`);
await recommender.save('artifacts/books');
const { items } = await recommender.recommend(['b3', 'b4', 'b6'], 10);
for (const { title, score } of items) console.log(score.toFixed(3), title);
await recommender.dispose();

const saved = await openArtifact('artifacts/books'); // in another program, another day
const again = await saved.recommend(['b3', 'b4', 'b6'], 10);
console.log(`the same from the artifact: ${again.items.map(({ title }) => title).join(', ')}`);
await saved.dispose();
