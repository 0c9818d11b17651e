import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const USERS = 400;
const ITEMS = 300;
const DAY = 86_400;

/** Users who take every fourth item four times in five, each from a place of their own; times in seconds. */
function walks() {
  let state = 7;
  const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const rows = [];
  for (let user = 0; user < USERS; user++) {
    let item = Math.floor(random() * ITEMS);
    let time = 1_680_000_000 + Math.floor(random() * 30 * DAY);
    const length = 12 + Math.floor(random() * 10);
    for (let step = 0; step < length; step++) {
      rows.push({ user, item, time, step });
      item = random() < 0.8 ? (item + 4) % ITEMS : Math.floor(random() * ITEMS);
      time += Math.floor((0.2 + random() * 3) * DAY);
    }
  }
  return rows;
}

const iso = (time) => new Date(time * 1000).toISOString();
const padded = (item) => String(item * 37).padStart(6, '0');

/** Writes three sets of files that no public set looks like: semicolons, events in JSON lines, one wide Parquet. */
export async function makeFiles(folder, root) {
  mkdirSync(join(folder, 'semicolons'), { recursive: true });
  const rows = walks();
  const local = (time) => {
    const [date, clock] = iso(time).split('T');
    return `${date.split('-').reverse().join('.')} ${clock.slice(0, 5)}`;
  };
  const latin = (name, lines) =>
    writeFileSync(join(folder, 'semicolons', name), lines.join('\r\n'), 'latin1');
  latin('Verkäufe.csv', [
    'Datum;Kunde;Artikel;Menge;Größe',
    ...rows.map(
      ({ user, item, time, step }) =>
        `${local(time)};K${String(user).padStart(4, '0')};${padded(item)};${1 + (step % 3)},0;${['S', 'M', 'L'][step % 3]}`,
    ),
  ]);
  latin('Artikel.csv', [
    'Artikel;Bezeichnung;Preis;Gruppe',
    ...Array.from(
      { length: ITEMS },
      (_, i) =>
        `${padded(i)};"Stück ""${i}""; für den Täglichen Gebrauch";${(4 + (i % 40) * 1.25).toFixed(2).replace('.', ',')};Gruppe ${i % 9}`,
    ),
  ]);
  const events = rows.flatMap(({ user, item, time, step }) =>
    ['view', ...(step % 3 === 0 ? ['cart'] : []), ...(step % 3 !== 1 ? ['purchase'] : [])].map((event, i) =>
      JSON.stringify({ event, visitor: user, product: `p-${item}`, ts: (time + 40 * i) * 1000 }),
    ),
  );
  writeFileSync(join(folder, 'events.jsonl'), events.join('\n'));
  const wide = rows.map(({ user, item, time }) =>
    JSON.stringify({
      ...{ reader: `r${user}`, reader_age: 18 + ((user * 7) % 60), branch: `branch ${user % 5}` },
      ...{
        isbn: `978-${100000 + item}`,
        book_title: `The ${['red', 'old', 'last'][item % 3]} book of ${item} things`,
      },
      ...{
        author: `Author ${item % 40}`,
        pages: 80 + ((item * 13) % 700),
        subjects: [`s${item % 7}`, `t${item % 11}`],
      },
      ...{ borrowed: iso(time).slice(0, 19), weather: ['sun', 'rain', 'snow'][time % 3] },
    }),
  );
  const lines = join(folder, 'wide.jsonl');
  writeFileSync(lines, wide.join('\n'));
  const { DuckDBInstance } = createRequire(join(root, 'packages/data/package.json'))('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT * FROM read_json('${lines}', format = 'newline_delimited')) TO '${join(folder, 'wide.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
}
