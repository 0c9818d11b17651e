import { readArtifactFile, readMatrices, verifyArtifact, type VerifiedArtifact } from '@towerkit/artifact';
import { Matrix } from '@towerkit/core';
import type { FeatureInput } from '@towerkit/features';
import { loadOnnx, type ModelTensor, type OnnxModel } from '@towerkit/engine/onnx';

import { TowerkitError } from '../errors.js';
import { twoTowerFactsOf, type TwoTowerFacts } from './facts.js';

/** Features of items that came after the training. */
export interface NewItems {
  readonly count: number;
  /** Codes by category, [count]; a category that is left out adds nothing: give code 0 for an unknown one. */
  readonly categories?: Readonly<Record<string, Int32Array>>;
  /** Fixed values by name, [count, dimensions]; zeros for a feature that is left out. */
  readonly features?: Readonly<Record<string, Matrix>>;
}

/** Vectors of items, and gate weights. */
export interface EncodedItems {
  /** [items, dimensions] */
  readonly vectors: Matrix;
  /** Gate weights, [items, gates]; absent if the tower has none. */
  readonly gates?: Matrix;
}

const BATCH = 1024;

/**
 * The item tower of an artifact, for items that came after the training: vectors from all inputs but ids. They are only
 * useful if the tower was trained to do without ids (see `idDropout` of `twoTower`).
 *
 * @example
 * ```ts
 * const encoder = await ItemEncoder.load('artifacts/games');
 * const { vectors } = await encoder.encode({ count: 1, features: { title: await minilm.encode(['Farming Simulator']) } });
 * ```
 */
export class ItemEncoder {
  private constructor(
    /** What the tower reads of each item, by the name of the input. */
    readonly inputs: TwoTowerFacts['itemInputs'],
    /** Share of the items that training read without their id. */
    readonly idDropout: number,
    /** Bias of items that nobody has had. */
    readonly unseenBias: number,
    /** Number of components of the vectors. */
    readonly dimensions: number,
    /** Names of its gates; undefined if it has none. */
    readonly gated: readonly string[] | undefined,
    readonly tables: Readonly<Record<string, Matrix>>,
    readonly tower: OnnxModel,
  ) {}

  /**
   * @param source a folder, or an artifact that was verified already
   * @param threads threads of ONNX Runtime; one per core by default
   * @throws TowerkitError `ARTIFACT_NOT_FOUND`; `BAD_ARTIFACT`; `NO_CONTENT` for a model that knows items by their id
   *   alone
   */
  static async load(
    source: string | VerifiedArtifact,
    { threads }: { threads?: number } = {},
  ): Promise<ItemEncoder> {
    const artifact = await verifyArtifact(source, 'two-tower');
    const { folder } = artifact;
    const { itemInputs, idDropout, unseenBias, dimensions, gated } = twoTowerFactsOf(artifact);
    if (Object.values(itemInputs).every(isId))
      throw new TowerkitError('NO_CONTENT', `${folder} knows items by their id alone`, {
        hint: 'train a tower that reads titles or other features, such as the config amazon-video-games-text',
      });
    const shared = Object.entries(itemInputs).flatMap(([name, input]) =>
      input.kind === 'embedding' && !isId(input) ? [`item/${name}`] : [],
    );
    // It is often opened long after the artifact was verified.
    const weights = await readArtifactFile(artifact, 'weights.safetensors');
    const { matrices } = await readMatrices(weights, (name) => shared.includes(name));
    const tower = await loadOnnx(await readArtifactFile(artifact, 'item_tower.onnx'), { threads });
    return new ItemEncoder(itemInputs, idDropout, unseenBias, dimensions, gated.item, matrices, tower);
  }

  /** The categories and features the tower reads, as `encodeColumns` takes them. */
  get features(): FeatureInput[] {
    return Object.values(this.inputs).flatMap((input) =>
      input.kind === 'history' || isId(input) ? [] : { of: input.of, dimensions: input.dimensions },
    );
  }

  /**
   * Vectors of new items, and their gates.
   *
   * @throws TowerkitError `SHAPE_MISMATCH` naming the input that does not fit; `OUT_OF_RANGE` for a code without a row
   */
  async encode({ count, categories = {}, features = {} }: NewItems): Promise<EncodedItems> {
    const rows: Record<string, Matrix> = {};
    for (const [name, input] of Object.entries(this.inputs)) {
      if (input.kind === 'history' || !this.tower.inputs.includes(name)) continue;
      const given =
        input.kind === 'feature'
          ? features[input.of]
          : categories[input.of] && this.tables[`item/${name}`].gather(categories[input.of]);
      rows[name] = given ?? new Matrix(count, input.dimensions);
      if (name === 'bias') rows[name].data.fill(this.unseenBias);
      if (rows[name].rows !== count || rows[name].cols !== input.dimensions)
        throw new TowerkitError(
          'SHAPE_MISMATCH',
          `${name}: ${rows[name].rows} x ${rows[name].cols} values for ${count} items of ${input.dimensions}`,
        );
    }
    const vectors = new Matrix(count, this.dimensions);
    const gates = this.gated && new Matrix(count, this.gated.length);
    for (let start = 0; start < count; start += BATCH) {
      const size = Math.min(BATCH, count - start);
      const feeds: Record<string, ModelTensor> = {};
      for (const [name, { cols, data }] of Object.entries(rows))
        feeds[name] = { data: data.slice(start * cols, (start + size) * cols), shape: [size, cols] };
      const outputs = await this.tower.run(feeds);
      vectors.data.set(outputs.vectors.data as Float32Array, start * this.dimensions);
      gates?.data.set(outputs.gates.data as Float32Array, start * gates.cols);
    }
    return { vectors, ...(gates && { gates }) };
  }

  /** Gives back native memory. */
  dispose(): Promise<void> {
    return this.tower.dispose();
  }
}

/** Whether an input is a row that belongs to one item alone. */
const isId = (input: TwoTowerFacts['itemInputs'][string]): boolean =>
  input.kind === 'embedding' && input.of === 'id';
