import type { Matrix } from '@towerkit/core';
import { decodeSafetensors, fillHistories, topK } from '@towerkit/core';

import { badArtifact, TowerkitError } from './errors.js';
import { ArtifactFiles } from './fetch-files.js';
import { checkManifest, type BrowserManifest } from './manifest.js';
import type { BrowserAnswer } from './protocol.js';
import { decodeVectors } from './vectors.js';

/** Runs the user tower: what a model needs of ONNX Runtime. */
export interface Tower {
  readonly inputs: readonly string[];
  run(
    feeds: Readonly<Record<string, { data: Float32Array; shape: readonly number[] }>>,
  ): Promise<Float32Array>;
}

const POPULARITY = 'popularity.safetensors';

/** An artifact that answers on the thread that it is opened on. */
export class BrowserModel {
  readonly #places: ReadonlyMap<string, number>;

  private constructor(
    readonly manifest: BrowserManifest,
    readonly version: string,
    readonly ids: readonly string[],
    readonly titles: readonly (string | null)[] | undefined,
    readonly counts: Float32Array,
    readonly unlisted: readonly number[],
    readonly vectors: Matrix,
    readonly tower: Tower,
  ) {
    this.#places = new Map(ids.map((id, place) => [id, place]));
  }

  /**
   * @param openTower opens the bytes of an ONNX model
   * @throws TowerkitError those of {@link checkManifest} and {@link ArtifactFiles}
   */
  static async open(
    base: string,
    keep: boolean,
    openTower: (model: Uint8Array) => Promise<Tower>,
  ): Promise<BrowserModel> {
    const files = new ArtifactFiles(base, keep);
    const text = await files.manifest();
    const manifest = checkManifest(base, text);
    const read = async (name: string) => new Uint8Array(await files.read(name, manifest.files[name]));
    const [catalog, vectors, tower, popularity] = await Promise.all([
      read('items.json'),
      read('item_vectors.safetensors'),
      read('user_tower.onnx'),
      POPULARITY in manifest.files ? read(POPULARITY) : undefined,
    ]);
    await files.forgetOthers(manifest.files);
    const { items, dimensions } = manifest;
    const { id, title, training_count: counts } = catalogOf(base, catalog, items);
    const decoded = whole(base, 'item_vectors.safetensors', () => decodeVectors(vectors, items, dimensions));
    if (!decoded) throw badArtifact(base, 'its item vectors do not fit its manifest');
    const unlisted = popularity
      ? whole(
          base,
          POPULARITY,
          () => JSON.parse(decodeSafetensors(popularity).metadata.unlisted ?? '[]') as number[],
        )
      : [];
    const { sha256 } = manifest.files['item_vectors.safetensors'];
    return new BrowserModel(
      manifest,
      `${sha256.slice(0, 6)}${manifest.files['user_tower.onnx'].sha256.slice(0, 6)}`,
      ...([id, title, Float32Array.from(counts), unlisted, decoded] as const),
      await openTower(tower),
    );
  }

  /**
   * The best items after a history, which are none of it.
   *
   * @param history item ids, oldest first
   * @throws TowerkitError `UNKNOWN_ITEM`, `BAD_OPTION`
   */
  async recommend(history: readonly string[], k: number): Promise<BrowserAnswer> {
    if (!Number.isInteger(k) || k < 1)
      throw new TowerkitError('BAD_OPTION', `k is ${k}`, {
        hint: 'k is a whole number from 1',
        details: { option: 'k' },
      });
    const known = history.map((id) => this.#places.get(id));
    const strange = history.filter((_, place) => known[place] === undefined);
    if (strange.length > 0)
      throw new TowerkitError(
        'UNKNOWN_ITEM',
        `the artifact does not know ${strange.slice(0, 10).join(', ')}`,
        {
          hint: 'leave them out; items.json lists those it knows',
          details: { items: strange },
        },
      );
    const dense = known as number[];
    const scores = dense.length > 0 ? await this.#scores(dense) : this.counts;
    const isKnown = dense.length > 0 && scores.some((score) => score !== 0);
    const { items, scores: best } = topK(isKnown ? scores : this.counts, k, [...dense, ...this.unlisted]);
    return {
      items: Array.from(items, (item, place) => ({
        id: this.ids[item],
        ...(this.titles?.[item] != null && { title: this.titles[item] }),
        score: best[place],
      })),
      source: isKnown ? 'two-tower' : 'popularity',
    };
  }

  async #scores(history: readonly number[]): Promise<Float32Array> {
    const { maxLength, dimensions, items } = this.manifest;
    const mask = new Float32Array(maxLength);
    const data = new Float32Array(maxLength * dimensions);
    fillHistories([history], this.vectors, maxLength, data, mask);
    const feeds = {
      history: { data, shape: [1, maxLength, dimensions] },
      mask: { data: mask, shape: [1, maxLength] },
    };
    const user = await this.tower.run(feeds);
    const scores = new Float32Array(items);
    for (let item = 0, at = 0; item < items; item++) {
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += user[i] * this.vectors.data[at++];
      scores[item] = sum;
    }
    return scores;
  }
}

interface Catalog {
  readonly id: readonly string[];
  readonly title?: readonly (string | null)[];
  readonly training_count: readonly number[];
}

function catalogOf(base: string, bytes: Uint8Array, items: number): Catalog {
  const catalog = whole(base, 'items.json', () => JSON.parse(new TextDecoder().decode(bytes)) as Catalog);
  const fits = (list: unknown) => Array.isArray(list) && list.length === items;
  if (!fits(catalog.id) || !fits(catalog.training_count) || (catalog.title && !fits(catalog.title)))
    throw badArtifact(base, 'items.json does not fit its manifest');
  return catalog;
}

function whole<T>(base: string, name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw badArtifact(base, `${name} cannot be read`, cause);
  }
}
