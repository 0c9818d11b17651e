import type { VerifiedArtifact } from '@towerkit/artifact';
import type { RowColumns } from '@towerkit/data';
import { columnsRead, encodeColumns, TIME_PART_VALUES, timePartsOf, type TimePart } from '@towerkit/features';

import type { Asker, MomentReader, QuestionContext, UserRow } from '../engine/question.js';
import { TowerkitError } from '../errors.js';
import type { TwoTowerFacts } from './facts.js';
import { RowEncoder } from './row-encoder.js';

/** Reads what questions say of their moments, as training read the columns of the interactions. */
export class MomentEncoder implements MomentReader {
  readonly columns: MomentReader['columns'];
  readonly #parts: readonly TimePart[];
  /** Inputs of the tower. */
  readonly #inputs: readonly string[];
  #unknown: UserRow | undefined;

  private constructor(
    readonly encoder: RowEncoder,
    readonly time: NonNullable<TwoTowerFacts['momentTime']>,
  ) {
    const read = columnsRead(encoder.reader.encodings);
    this.#inputs = Object.keys(encoder.inputs);
    this.#parts = time.parts.filter((part) => Object.hasOwn(read, part));
    this.columns = { ...read, ...Object.fromEntries(this.#parts.map((part) => [part, 'time' as const])) };
  }

  /**
   * `undefined` for a tower that reads nothing of the moment.
   *
   * @throws TowerkitError `BAD_ARTIFACT`
   */
  static async load(
    artifact: VerifiedArtifact,
    {
      momentInputs,
      momentFeatures,
      momentTime = { parts: [], timeZone: 'UTC' },
    }: Pick<TwoTowerFacts, 'momentInputs' | 'momentFeatures' | 'momentTime'>,
  ): Promise<MomentEncoder | undefined> {
    // What the tower does not read, a question need not say.
    const read = new Set(Object.values(momentInputs).map((input) => ('of' in input ? input.of : '')));
    const encodings = Object.fromEntries(Object.entries(momentFeatures).filter(([name]) => read.has(name)));
    const encoder = await RowEncoder.load(artifact, 'moment', momentInputs, encodings, {});
    return encoder && new MomentEncoder(encoder, momentTime);
  }

  /** Widths of the tower's inputs by name. */
  get inputs(): Readonly<Record<string, { readonly dimensions: number }>> {
    return this.encoder.inputs;
  }

  get unknown(): QuestionContext {
    return Object.fromEntries(Object.keys(this.columns).map((column) => [column, null]));
  }

  /**
   * The rows of a moment.
   *
   * @param at seconds since 1970, for parts of the time that the context does not say
   * @throws TowerkitError `UNKNOWN_CONTEXT` for a name that the tower does not read; `MISSING_CONTEXT` for a column that is
   *   not said, be it as null; `BAD_CONTEXT` for a value that a column cannot have
   */
  async read(context: QuestionContext, at: number): Promise<Asker> {
    const { reader } = this.encoder;
    reader.checked(context);
    const missing = Object.keys(this.columns).filter(
      (column) => this.columns[column] !== 'time' && !isSaid(context, column),
    );
    if (missing.length > 0)
      throw new TowerkitError(
        'MISSING_CONTEXT',
        `the question does not say ${missing.join(', ')} of its moment; say null, or ${missing[0]}= on the command line, ` +
          'where it is not known',
        { hint: `this model reads ${Object.keys(this.columns).join(', ')}`, details: { missing } },
      );
    const unsaid = this.#parts.filter((part) => !isSaid(context, part));
    const said = { ...context, ...this.#partsAt(at, unsaid) };
    for (const part of this.#parts) this.#checkPart(part, said[part]);
    const value = reader.checked(said);
    const encoded = await reader.encode(value, this.encoder.featuresOf(this.#inputs));
    return { row: this.encoder.rowOf(encoded, 0, this.#inputs), isKnown: reader.isKnown(encoded, value) };
  }

  rows(columns: RowColumns): Promise<UserRow[]> {
    return this.#rows(columns, Object.values(columns)[0]?.length ?? 0);
  }

  /** The rows of a moment of which nothing is known. */
  async unknownRow(): Promise<UserRow> {
    if (!this.#unknown) [this.#unknown] = await this.#rows({}, 1);
    return this.#unknown;
  }

  async #rows(columns: RowColumns, count: number): Promise<UserRow[]> {
    const unknown = new Array<null>(count).fill(null);
    const encoded = await encodeColumns(
      this.encoder.reader.encodings,
      this.encoder.featuresOf(this.#inputs),
      count,
      (name) => (Object.hasOwn(columns, name) ? Array.from<unknown>(columns[name]) : unknown),
      () => Promise.reject(new Error('moments have no texts')),
    );
    return unknown.map((_, row) => this.encoder.rowOf(encoded, row, this.#inputs));
  }

  #partsAt(at: number, parts: readonly TimePart[]): Record<string, string> {
    if (parts.length === 0) return {};
    if (!(Math.abs(at) <= LAST))
      throw new TowerkitError('BAD_CONTEXT', `the time of the question must be in seconds since 1970`);
    const found = timePartsOf([at], { parts, timeZone: this.time.timeZone });
    return Object.fromEntries(parts.map((part) => [part, found[part]![0]]));
  }

  #checkPart(part: TimePart, value: unknown): void {
    const values = TIME_PART_VALUES[part];
    if (value === null || values.includes(String(value))) return;
    throw this.encoder.reader.bad(part, `must be one of ${values.join(', ')}, or null`);
  }
}

const isSaid = (context: QuestionContext, column: string): boolean =>
  Object.hasOwn(context, column) && context[column] !== undefined;

/** Seconds that a date of JavaScript holds. */
const LAST = 8.64e12;
