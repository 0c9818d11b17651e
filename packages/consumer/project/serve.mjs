// Serves the artifacts named on the command line, asks each, and prints the answers as JSON.
import { serve } from '@towerkit/serve';

const { fetch } = globalThis;

const artifacts = process.argv.slice(2);
const server = await serve({ artifacts, port: 0, events: 'events.db', threads: 1 });
const { models } = await (await fetch(`${server.url}/v1/models`)).json();
const answers = {};
for (const { name } of models) {
  answers[name] = [];
  for (const question of [
    { history: ['p0', 'p13', 'p4'], k: 5 },
    { user: 'u3', k: 5 },
    { text: 'green tea leaf', k: 5 },
  ]) {
    const response = await fetch(`${server.url}/v1/recommendations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...question, model: name }),
    });
    const { items, code } = await response.json();
    answers[name].push(items?.map(({ id }) => id) ?? code);
  }
}
await server.close();
console.log(JSON.stringify(answers));
