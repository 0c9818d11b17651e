// Recommendations inside an Express app: npm install express @towerkit/serve; node server.mjs
import { openHandler } from '@towerkit/serve';
import express from 'express';

const recommender = await openHandler({
  artifacts: [process.env.ARTIFACT ?? 'artifacts/shop'],
  events: process.env.EVENTS ?? 'events.db',
});

const app = express();
app.use(express.json()); // its own routes read JSON; those of the recommender work with or without it
app.get('/', (_request, response) => response.json({ shop: 'open' }));
app.use('/recommender', recommender.node);

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/recommender/v1/recommendations?k=3`);
});
process.once('SIGTERM', () => server.close(() => recommender.close()));
