import { Matrix } from '@towerkit/core';

import { tokensOf } from '../words/tokens.js';
import { gemv, sumBags, toLengthOne, type BagTower } from './bag-tower.js';
import { runLayers, SENTENCE, type DenseLayer, type HeadValues } from './dense-head.js';

/** Encodes texts as sentences: MiniLM or LSA, as it is. */
export interface SentenceEncoder {
  readonly dimensions: number;
  /** @returns shape [texts, dimensions] */
  encode(texts: readonly string[]): Promise<Matrix>;
  /** Gives native memory back. */
  dispose?(): Promise<void>;
}

/** What a search tower is made of. */
export interface SearchTowerParts {
  readonly bag: BagTower;
  /** Vectors of features as products read them, shape [features, dimensions]; those of the bag when absent. */
  readonly products?: Matrix;
  /** Layers over the sums of features; none by default. */
  readonly layers?: readonly DenseLayer[];
  /** Values of the layers and of the projection of sentence vectors. */
  readonly values?: HeadValues;
  /** What is encoded beside the features, and its share of a cosine from 0 to 1. */
  readonly sentence?: { readonly encoder: SentenceEncoder; readonly share: number };
}
/**
 * The towers of queries and of products: the sum of the vectors of a text's features, through dense layers where it has some, at
 * a length of 1; beside it, where it reads sentences, a projection of the frozen vector of the whole text. A cosine of two
 * texts is that of both parts, weighed by their shares.
 */
export class SearchTower {
  constructor(readonly parts: SearchTowerParts) {}

  /** Components of a vector. */
  get dimensions(): number {
    const { bag, layers = [], values = {}, sentence } = this.parts;
    return (layers.at(-1)?.units ?? bag.dimensions) + (sentence ? values[SENTENCE].cols : 0);
  }

  /**
   * The vectors of queries, shape [texts, dimensions]; zeros for one of which nothing is known.
   *
   * @param tokens of the texts, where they are known already
   * @throws TowerkitError what the encoder of sentences throws
   */
  async encode(
    texts: readonly string[],
    tokens: readonly (readonly string[])[] = texts.map(tokensOf),
  ): Promise<Matrix> {
    const { bag, sentence } = this.parts;
    const sums = sumBags(bag.features.bags(tokens), bag.vectors, false);
    return this.join(sums, sentence && (await sentence.encoder.encode(texts)));
  }

  /**
   * The vectors of products, shape [products, dimensions]; those of their texts where the tower reads nothing else and both
   * sides share a table.
   *
   * @param inputs names of the features beside the text, of each, from `inputFeatures`
   * @throws TowerkitError what the encoder of sentences throws
   */
  async encodeProducts(texts: readonly string[], inputs?: readonly (readonly string[])[]): Promise<Matrix> {
    const { bag, products = bag.vectors, sentence } = this.parts;
    const sums = sumBags(bag.features.bags(texts.map(tokensOf), inputs), products, false);
    return this.join(sums, sentence && (await sentence.encoder.encode(texts)));
  }

  /**
   * The vectors of texts from what was computed of them.
   *
   * @param sums of the features, [texts, dimensions of features]
   * @param sentences frozen vectors, [texts, dimensions of the encoder]
   */
  join(sums: Matrix, sentences?: Matrix): Matrix {
    const { layers = [], values = {}, sentence } = this.parts;
    const out = new Matrix(sums.rows, this.dimensions);
    for (let row = 0; row < sums.rows; row++) {
      const to = out.row(row);
      const own = toLengthOne(runLayers(layers, values, sums.row(row).slice()));
      const share = sentence?.share ?? 0;
      own.forEach((value, d) => (to[d] = value * Math.sqrt(1 - share)));
      if (!sentences) continue;
      const beside = toLengthOne(gemv(sentences.row(row), values[SENTENCE]));
      beside.forEach((value, d) => (to[own.length + d] = value * Math.sqrt(share)));
    }
    return out;
  }
}
