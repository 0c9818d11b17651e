// A program that uses the types of every package; compiled, never run.
import { CsrMatrix, isTowerkitError, Rng } from '@towerkit/core';
import { writeFileAtomic } from '@towerkit/core/files';
import { fit, type Als } from '@towerkit/als';
import { ItemKnn } from '@towerkit/baselines';
import { openArtifact as openInBrowser, type BrowserArtifact } from '@towerkit/browser';
import { leaveLastOut, readInteractions, type InteractionLog } from '@towerkit/data';
import { generateShop, type Manifest } from '@towerkit/datasets';
import { createEngine, type Engine } from '@towerkit/engine';
import { surroundings, type ClassTable, type PlaceFeatures } from '@towerkit/geo';
import { imageEncoder, type ImageEncoder } from '@towerkit/images';
import { inspectFiles, type Inspection } from '@towerkit/inspect';
import { RowTable } from '@towerkit/kernels';
import { mcpCommand, type McpFlags } from '@towerkit/mcp';
import { evaluateFullRanking, type Scorer } from '@towerkit/metrics';
import { createIndex, type VectorIndex } from '@towerkit/retrieval';
import { serve, type ServeOptions } from '@towerkit/serve';
import { sampleNegatives, uniform } from '@towerkit/sampling';
import { cached, fitLsa, type TextEncoder } from '@towerkit/text';
import { gruTower, itemTower, twoTower, type Tower } from '@towerkit/towers';
import { train, type TrainResult } from '@towerkit/training';
import { defineConfig, type Config } from 'towerkit';

export async function program(path: string, tower: Tower, scorer: Scorer): Promise<TrainResult> {
  const log: InteractionLog = await readInteractions({ path, columns: { user: 'user', item: 'item' } });
  const { train: histories, validation } = leaveLastOut(log);
  const engine: Engine = await createEngine({ kind: 'onnx' });
  const { metrics } = await evaluateFullRanking({
    items: histories.cols,
    histories,
    targets: validation,
    scorer,
    metrics: ['hr@10'],
  });
  const negatives: Int32Array = sampleNegatives({
    proposal: uniform(histories.cols),
    history: histories.row(0),
    count: metrics['hr@10'].users,
    rng: new Rng(1),
  }).items;
  await writeFileAtomic(path, Uint8Array.from(negatives));
  const result = await train({
    engine,
    model: twoTower({ item: itemTower({ dimensions: 8 }), user: tower }),
    data: { histories },
  });
  const loss: number = result.epochs[0].loss;
  if (!Number.isFinite(loss)) throw new Error('not finite');
  return result;
}

export const config: Config = defineConfig({
  name: 'typed',
  model: ({ items }) => twoTower({ item: itemTower({ dimensions: Math.min(items, 8) }), user: gruTower() }),
});

export const factors = async (histories: CsrMatrix): Promise<Als> => fit(histories, { factors: 8 });
export const nearby = (path: string, classes: ClassTable): Promise<PlaceFeatures> =>
  surroundings(path, [{ lat: 52.5, lon: 13.4 }], { classes });
export const posters = (model: string): Promise<ImageEncoder> => imageEncoder({ model });
export const seen = (path: string): Promise<Inspection> => inspectFiles([path]);
export const titles = async (texts: string[]): Promise<TextEncoder> =>
  cached(await fitLsa(texts, { dimensions: 8 }), { folder: 'cache' });
export const neighbors: number = new ItemKnn({ neighbors: 10 }).items;
export const index = async (): Promise<VectorIndex> => createIndex('exact', { dimensions: 8, scan: 'int8' });
export const table: RowTable = RowTable.create(2, 8, { backend: 'auto' });
export const shopUsers: number = generateShop({ users: 20 }).users.size;
export const license = (manifest: Manifest): string => manifest.name;
export const codeOf = (error: unknown): string | undefined =>
  isTowerkitError(error) ? error.code : undefined;

// @ts-expect-error there is no such option
export const misspelled = new ItemKnn({ neighbours: 10 });
// @ts-expect-error a matrix is not made of text
export const wrong = new CsrMatrix('2', 3);

export const assisting = (flags: McpFlags): Promise<number> => mcpCommand(flags);
export const inBrowser = (url: string): Promise<BrowserArtifact> => openInBrowser(url, { runtime: '/ort' });
export const serving = (options: ServeOptions) => serve({ ...options, port: 0 });
