// One small real use of each package. `load` is import() in ES modules and require() in CommonJS.
const assert = require('node:assert/strict');
const { mkdtemp, readFile, rm, writeFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

async function inFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-use-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Saves an artifact of users who walk a ring; `write` writes the files of its model. */
async function saveRing(load, folder, write = async () => undefined) {
  const { CsrMatrix, Vocabulary } = await load('@towerkit/core');
  const { saveArtifact } = await load('@towerkit/artifact');
  const histories = ring(CsrMatrix);
  const named = (letter, count) => new Vocabulary(Array.from({ length: count }, (_, k) => `${letter}${k}`));
  await saveArtifact(folder, {
    ...{ name: 'ring', kind: 'popularity', recipe: {}, packages: {}, metrics: {}, baselines: {}, model: {} },
    dataset: { name: 'ring', fingerprint: 'ring', interactions: histories.entries },
    ...{ users: named('u', histories.rows), items: named('i', histories.cols), histories },
    write: (into) => write(into, histories),
  });
}

/** Eight users who walk a ring of six items. */
const ring = (CsrMatrix) => {
  const rows = Array.from({ length: 40 }, (_, k) => Math.floor(k / 5));
  return CsrMatrix.fromPairs(
    8,
    6,
    rows,
    rows.map((user, k) => (user + (k % 5)) % 6),
  );
};

module.exports = {
  '@towerkit/core': async (load) => {
    const { encodeSafetensors, decodeSafetensors, isTowerkitError, Matrix, Rng } =
      await load('@towerkit/core');
    const { writeFileAtomic } = await load('@towerkit/core/files');
    await inFolder(async (folder) => {
      const vectors = { shape: [1, 2], data: Float32Array.of(1.5, -2) };
      await writeFileAtomic(join(folder, 'v.safetensors'), encodeSafetensors({ vectors }));
      const { tensors } = decodeSafetensors(await readFile(join(folder, 'v.safetensors')));
      assert.deepEqual([...tensors.vectors.data], [1.5, -2]);
    });
    assert.equal(new Rng(1).uniform(), new Rng(1).uniform());
    assert.throws(
      () => new Matrix(2, 2, Float32Array.of(1)),
      (error) => isTowerkitError(error, 'SHAPE_MISMATCH'),
    );
  },

  '@towerkit/metrics': async (load) => {
    const { evaluateFullRanking } = await load('@towerkit/metrics');
    const { metrics } = await evaluateFullRanking({
      items: 3,
      histories: { indptr: Int32Array.of(0, 1, 2), indices: Int32Array.of(0, 1) },
      targets: Int32Array.of(1, 2),
      scorer: (users, out) => users.forEach((_, row) => out.set([3, 2, 1], row * 3)),
      metrics: ['hr@1'],
    });
    assert.equal(metrics['hr@1'].value, 0.5);
  },

  '@towerkit/data': (load) =>
    inFolder(async (folder) => {
      const { leaveLastOut, readInteractions } = await load('@towerkit/data');
      const path = join(folder, 'rows.csv');
      await writeFile(path, 'user,item,at\nann,x,1\nann,y,2\nbo,x,1\nbo,y,3\nbo,z,2\n');
      const log = await readInteractions({ path, columns: { user: 'user', item: 'item', time: 'at' } });
      const { validation } = leaveLastOut(log);
      const target = validation.row(log.users.indexOf('bo'))[0];
      assert.equal(log.items.nameOf(target), 'y');
    }),

  '@towerkit/datasets': async (load) => {
    const { generateShop, idealScores, manifests } = await load('@towerkit/datasets');
    const shop = generateShop({ users: 50, items: 200, seed: 1 });
    const ideal = idealScores(shop, 0, shop.histories.row(0).subarray(0, -1));
    assert.ok(Math.abs(ideal.reduce((a, b) => a + b) - 1) < 1e-6);
    assert.ok(manifests.length > 1);
  },

  '@towerkit/sampling': async (load) => {
    const { Rng } = await load('@towerkit/core');
    const { sampleNegatives, uniform } = await load('@towerkit/sampling');
    const { items } = sampleNegatives({
      proposal: uniform(4),
      history: Int32Array.of(0, 1, 2),
      count: 2,
      rng: new Rng(1),
    });
    assert.deepEqual([...items], [3, 3]);
  },

  '@towerkit/kernels': async (load) => {
    const { RowTable } = await load('@towerkit/kernels');
    const table = RowTable.create(4, 2);
    table.adam(Int32Array.of(2), 1, Float32Array.of(3, -5), { step: 1, learningRate: 0.5 });
    // Adam's first step has the size of the learning rate, whatever the gradient.
    assert.deepEqual(
      [...table.values].map((value) => Math.round(100 * value)),
      [0, 0, 0, 0, -50, 50, 0, 0],
    );
    assert.equal(table.backend, 'wasm');
  },

  '@towerkit/retrieval': async (load) => {
    const { Matrix } = await load('@towerkit/core');
    const { createIndex, loadIndex } = await load('@towerkit/retrieval');
    const index = await createIndex('exact', { dimensions: 2, scan: 'int8' });
    const vectors = new Matrix(3, 2, Float32Array.of(1, 0, 0, 1, 3, 4));
    await index.build(vectors, { ids: [7, 8, 9], attributes: { price: [1, 2, 3] } });
    const answer = async (index) => {
      const { ids } = await index.search(Float32Array.of(1, 1), 2, {
        filter: { where: { price: { lt: 3 } } },
      });
      assert.deepEqual([...ids], [7, 8]);
      const [batch] = await index.searchBatch(new Matrix(1, 2, Float32Array.of(0, 1)), 1);
      assert.deepEqual([...batch.ids], [9]);
      await index.close();
    };
    await inFolder(async (folder) => {
      await index.save(join(folder, 'index'));
      await answer(await loadIndex(join(folder, 'index')));
    });
    await answer(index);
    // usearch is an optional peer: not there, unless somebody installs it.
    await assert.rejects(createIndex('hnsw', { dimensions: 2 }), { code: 'MISSING_DRIVER' });
  },

  '@towerkit/artifact': async (load) => {
    const { readArtifact } = await load('@towerkit/artifact');
    await inFolder(async (folder) => {
      await saveRing(load, join(folder, 'model'));
      const { items, histories, manifest } = await readArtifact(join(folder, 'model'));
      assert.deepEqual([items.size, histories.entries, manifest.kind], [6, 40, 'popularity']);
    });
  },

  '@towerkit/features': async (load) => {
    const { encodeCatalog } = await load('@towerkit/data');
    const { encodeColumns, fitFeatures, itemSide } = await load('@towerkit/features');
    const catalog = encodeCatalog([
      { id: 'hat', kind: 'wool', price: 5 },
      { id: 'cap', kind: 'silk', price: 15 },
    ]);
    const wanted = { categories: { kind: { minCount: 1 } }, numeric: { price: { transform: 'none' } } };
    const { categories, encodings } = fitFeatures(itemSide(catalog, catalog), wanted, Int32Array.of(2, 1));
    assert.deepEqual([...categories.kind.codes].sort(), [1, 2]);
    const inputs = [{ of: 'kind', dimensions: 4 }];
    const later = await encodeColumns(encodings, inputs, 1, () => ['felt'], assert.fail);
    assert.deepEqual([...later.categories.kind], [0]);
  },

  '@towerkit/recommend': async (load) => {
    const { Popularity } = await load('@towerkit/baselines');
    const { openArtifact } = await load('@towerkit/recommend');
    await inFolder(async (folder) => {
      await saveRing(load, join(folder, 'model'), async (into, histories) => {
        const model = new Popularity();
        await model.fit(histories);
        await model.save(into);
      });
      const artifact = await openArtifact(join(folder, 'model'));
      const { items } = await artifact.recommend(['i0'], 3);
      assert.ok(items.length === 3 && items.every(({ id }) => id !== 'i0'));
      await artifact.dispose();
    });
  },

  '@towerkit/hybrid': async (load) => {
    const { Hybrid, hybridKind } = await load('@towerkit/hybrid');
    assert.equal(hybridKind.name, 'hybrid');
    await assert.rejects(Hybrid.open(join(tmpdir(), 'towerkit-nothing')), { code: 'ARTIFACT_NOT_FOUND' });
  },

  '@towerkit/search': async (load) => {
    const { Bm25, searchKind, tokensOf } = await load('@towerkit/search');
    assert.equal(searchKind.name, 'search');
    const { scores } = new Bm25(['Claw Hammer 12 in.', 'Door Lock'].map(tokensOf)).score(
      tokensOf('hammers 12"'),
    );
    assert.ok(scores[0] > 0 && scores[1] === 0);
  },

  '@towerkit/pipeline': async (load) => {
    const { trainRecommender } = await load('@towerkit/pipeline');
    const rows = Array.from({ length: 120 }, (_, k) => ({
      user: `u${k % 20}`,
      item: `i${((k % 20) + Math.floor(k / 20)) % 12}`,
    }));
    const interactions = { user: rows.map(({ user }) => user), item: rows.map(({ item }) => item) };
    const settings = { epochs: 1, threads: 1, batchSize: 32, negatives: [{ kind: 'uniform', count: 6 }] };
    const recommender = await trainRecommender({ interactions, ...settings });
    assert.ok(recommender.metrics['hr@10'].users > 0);
    await recommender.dispose();
  },

  '@towerkit/events': async (load) => {
    const { openStore } = await load('@towerkit/events');
    await inFolder(async (folder) => {
      const store = await openStore(join(folder, 'events.db'));
      await store.append([{ id: '1', user: 'ada', item: 'hat', at: 5, type: 'view' }]);
      assert.deepEqual(await store.history('ada', 10), [{ item: 'hat', at: 5, type: 'view' }]);
      await store.close();
    });
  },

  '@towerkit/serve': async (load) => {
    const { serve } = await load('@towerkit/serve');
    await inFolder(async (folder) => {
      const options = { artifacts: [join(folder, 'nothing')], port: 0, events: join(folder, 'events.db') };
      await assert.rejects(serve(options), { code: 'ARTIFACT_NOT_FOUND' });
    });
  },

  '@towerkit/als': async (load) => {
    const { CsrMatrix } = await load('@towerkit/core');
    const { Als, fit } = await load('@towerkit/als');
    const model = await fit(ring(CsrMatrix), { factors: 4, iterations: 5, seed: 1, threads: 2 });
    const [{ items, scores }] = await model.recommend([[0, 1, 2, 3]], 2);
    assert.deepEqual([...items].sort(), [4, 5]);
    assert.ok(scores.every(Number.isFinite));
    await inFolder(async (folder) => {
      await model.save(folder);
      const read = await Als.load(folder);
      assert.deepEqual([...(await read.recommend([[0, 1, 2, 3]], 2))[0].scores], [...scores]);
      await read.dispose();
    });
    await model.dispose();
  },

  '@towerkit/baselines': async (load) => {
    const { CsrMatrix } = await load('@towerkit/core');
    const { ItemKnn, LightGcn } = await load('@towerkit/baselines');
    const knn = new ItemKnn();
    await knn.fit(ring(CsrMatrix));
    const [{ items }] = await knn.recommend([[0, 1, 2, 3]], 2);
    assert.deepEqual([...items].sort(), [4, 5]);
    const graph = new LightGcn({ factors: 4, epochs: 2, seed: 1, threads: 2 });
    await graph.fit(ring(CsrMatrix));
    const out = new Float32Array(6);
    await graph.score([[0, 1]], out, [0]);
    assert.ok(out.every(Number.isFinite));
    await graph.dispose();
  },

  '@towerkit/text': async (load) => {
    const { cached, fitLsa, loadLsa, minilm } = await load('@towerkit/text');
    const titles = ['a red hat', 'a blue hat', 'a red scarf', 'a blue scarf'];
    const encoder = await fitLsa(titles, { dimensions: 2, threads: 2 });
    await inFolder(async (folder) => {
      await encoder.save(folder);
      const read = cached(await loadLsa(folder), { folder });
      assert.deepEqual((await read.encode(titles)).data, (await encoder.encode(titles)).data);
      // With its peer or without it, MiniLM says what is missing.
      const code = await minilm({ models: folder }).catch((error) => error.code);
      assert.ok(['MISSING_PACKAGE', 'MODEL_UNAVAILABLE'].includes(code), code);
    });
  },

  '@towerkit/images': async (load) => {
    const { imageEncoder, imageFiles } = await load('@towerkit/images');
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'mug.png'), '');
      assert.deepEqual(await imageFiles(folder), [{ id: 'mug', path: join(folder, 'mug.png') }]);
      const code = await imageEncoder({ model: join(folder, 'absent') }).catch((error) => error.code);
      assert.equal(code, 'MODEL_UNAVAILABLE');
    });
  },

  '@towerkit/geo': async (load) => {
    const { surroundings } = await load('@towerkit/geo');
    await inFolder(async (folder) => {
      const coordinates = [[13.4, 52.499], [13.4, 52.501]]; // prettier-ignore
      const road = { type: 'Feature', properties: { highway: 'road' } };
      const map = { ...road, geometry: { type: 'LineString', coordinates } };
      await writeFile(join(folder, 'map.geojson'), JSON.stringify(map));
      const { columns } = await surroundings(join(folder, 'map.geojson'), [{ lat: 52.5, lon: 13.4 }]);
      assert.equal(Math.round(columns.roads_100m_len[0]), 200);
      const code = await surroundings(join(folder, 'map.osm.pbf'), []).catch((error) => error.code);
      assert.equal(code, 'FILE_NOT_FOUND');
    });
  },

  '@towerkit/browser': async (load) => {
    const { openArtifact } = await load('@towerkit/browser');
    const { packForBrowser } = await load('@towerkit/browser/pack');
    const codes = [openArtifact('model', { runtime: 'ort' }), packForBrowser('missing', 'out')];
    const [page, pack] = await Promise.all(codes.map((one) => one.catch((error) => error.code)));
    assert.deepEqual([page, pack], ['UNSUPPORTED', 'ARTIFACT_NOT_FOUND']);
  },

  '@towerkit/mcp': async (load) => {
    const { mcpCommand } = await load('@towerkit/mcp');
    const code = await mcpCommand({ artifact: 'missing' }).catch((error) => error.code);
    assert.equal(code, 'ARTIFACT_NOT_FOUND');
  },

  '@towerkit/inspect': async (load) => {
    const { configText, inspectFiles } = await load('@towerkit/inspect');
    await inFolder(async (folder) => {
      const rows = Array.from({ length: 200 }, (_, i) => `u${i % 30},i${(i * 7) % 20},${1.6e9 + 60 * i}`);
      await writeFile(join(folder, 'log.csv'), ['user,item,time', ...rows].join('\n'));
      const inspection = await inspectFiles([join(folder, 'log.csv')]);
      assert.match(configText(inspection, { name: 'log', folder: '.' }), /user: 'user'/);
    });
  },

  '@towerkit/study': async (load) => {
    const { ablate, holm } = await load('@towerkit/study');
    assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
    const { serveJobs } = await load('@towerkit/study/run');
    assert.equal(typeof serveJobs, 'function');
    await inFolder(async (folder) => {
      // An error that says nothing of a config comes through.
      const load = () => Promise.reject(Object.assign(new Error('there is none'), { code: 'UNKNOWN' }));
      await assert.rejects(
        ablate({ configs: ['nothing.json'], out: folder, load, seeds: 1 }),
        /there is none/,
      );
    });
  },

  '@towerkit/engine': async (load) => {
    const tf = await load('@tensorflow/tfjs-core');
    const { createEngine } = await load('@towerkit/engine');
    for (const kind of ['onnx', 'tfjs']) {
      const engine = await createEngine({ kind, threads: 1 });
      const compiled = await engine.compile(({ x }) => ({ loss: tf.sum(tf.square(x)) }), {
        inputs: { x: { shape: [3] } },
        gradient: { of: 'loss', wrt: ['x'] },
      });
      const { outputs, gradients } = await compiled.run({ x: Float32Array.of(1, 2, 3) });
      assert.deepEqual([outputs.loss[0], ...gradients.x], [14, 2, 4, 6]);
      await engine.dispose();
    }
  },

  '@towerkit/towers': async (load) => {
    const tf = await load('@tensorflow/tfjs-core');
    const { Rng } = await load('@towerkit/core');
    await load('@tensorflow/tfjs-backend-cpu');
    const { gruTower, itemTower, servingContext, twoTower } = await load('@towerkit/towers');
    const model = twoTower({ item: itemTower({ dimensions: 4 }), user: gruTower({ dimensions: 4 }) });
    const parameters = Object.fromEntries(
      Object.entries(model.init(new Rng(1))).map(([name, { data, shape }]) => [
        name,
        tf.tensor(data, [...shape]),
      ]),
    );
    const history = tf.ones([1, 2, model.dimensions]);
    const users = model.userVectors(parameters, { history }, servingContext(tf.ones([1, 2])));
    assert.deepEqual(users.shape, [1, model.dimensions]);
  },

  '@towerkit/training': async (load) => {
    const { CsrMatrix } = await load('@towerkit/core');
    const { gruTower, itemTower, twoTower } = await load('@towerkit/towers');
    const { computeItemVectors, exportTowers, train } = await load('@towerkit/training');
    const trained = await train({
      model: twoTower({ item: itemTower({ dimensions: 4 }), user: gruTower({ dimensions: 4 }) }),
      data: { histories: ring(CsrMatrix) },
      epochs: 5,
      threads: 1,
      batches: { batchSize: 16, maxLength: 4, negatives: [{ proposal: { kind: 'uniform' }, count: 4 }] },
      optimizer: { learningRate: 0.05 },
    });
    assert.ok(trained.epochs.at(-1).loss < trained.epochs[0].loss);
    assert.ok(exportTowers(trained).user.length > 100);
    assert.equal(typeof computeItemVectors, 'function');
  },

  towerkit: async (load) => {
    const { defineConfig, gruTower, itemTower, twoTower } = await load('towerkit');
    const model = () => twoTower({ item: itemTower({ dimensions: 4 }), user: gruTower({ dimensions: 4 }) });
    assert.equal(defineConfig({ name: 'mine', model }).name, 'mine');
    assert.throws(() => defineConfig({ name: 'mine', epoch: 3 }), /epochs/);
  },
};
