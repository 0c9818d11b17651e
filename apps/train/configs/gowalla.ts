import { defineConfig, itemTower, mlpTower, twoTower } from 'towerkit';

/** Gowalla check-ins, the LightGCN split: in no order of time, several targets a user. `--data` names the folder. */
export default defineConfig({
  name: 'gowalla',
  data: { dataset: 'gowalla' },
  start: { als: {} },
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 64 }),
      user: mlpTower({ dimensions: 64, inputs: { history: { kind: 'history', dimensions: 64 } } }),
    }),
  maxLength: 50,
  epochs: 6,
  metrics: ['recall@20', 'ndcg@20'],
});
