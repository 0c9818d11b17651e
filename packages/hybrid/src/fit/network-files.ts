import { readRegular } from '@towerkit/core/files';
import type { ExportedPairs, RowEpoch } from '@towerkit/training';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A network with what its training reported. */
export interface FittedNetwork {
  readonly exported: ExportedPairs;
  readonly epochs: readonly RowEpoch[];
  readonly parameters: number;
}

const PARTS = ['user', 'item', 'head'] as const;

/** Files of a network: `user.onnx`, `item.onnx`, `head.onnx`, `training.json`. */
export async function saveNetwork(
  { exported, epochs, parameters }: FittedNetwork,
  folder: string,
): Promise<void> {
  for (const part of PARTS) await writeFile(join(folder, `${part}.onnx`), exported[part]);
  await writeFile(join(folder, 'training.json'), `${JSON.stringify({ parameters, epochs })}\n`);
}

export async function loadNetwork(folder: string): Promise<FittedNetwork> {
  const [user, item, head] = await Promise.all(
    PARTS.map((part) => readRegular(join(folder, `${part}.onnx`))),
  );
  const { epochs, parameters } = JSON.parse(
    String(await readRegular(join(folder, 'training.json'))),
  ) as FittedNetwork;
  return { exported: { user, item, head }, epochs, parameters };
}
