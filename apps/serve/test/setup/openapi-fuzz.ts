import type { Rng } from '@towerkit/core';

/** What a JSON schema of the document may say. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

/** As much of an OpenAPI document as says what requests look like. */
export interface Document {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        readonly parameters?: readonly Parameter[];
        readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
      }
    >
  >;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/** A request to send as it is. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

const JUNK = [
  null,
  true,
  -1,
  0.5,
  1e308,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '../..',
  'x'.repeat(700),
  '1e999',
  [],
  [[]],
  {},
  { $ref: '#' },
];
const TYPES = [
  'text/plain',
  'application/xml',
  'application/json; charset=latin1',
  'multipart/form-data',
  '',
];

/** Requests made from what a server says of itself, each spoilt somewhere: values, bounds, names, syntax or media type. */
export class OpenApiFuzzer {
  readonly #operations;

  constructor(
    readonly document: Document,
    readonly rng: Rng,
  ) {
    this.#operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        path,
        method: method.toUpperCase(),
        operation,
      })),
    );
  }

  next(): FuzzedRequest {
    const { path, method, operation } = this.#pick(this.#operations);
    const parameters = operation.parameters ?? [];
    const filled = path.replace(/\{(\w+)\}/g, () => this.#inPath());
    const query = parameters
      .filter((parameter) => parameter.in === 'query' && this.#chance(0.5))
      .map(({ name }) => `${this.#chance(0.1) ? 'no-such' : name}=${this.#inPath()}`);
    const target = query.length > 0 ? `${filled}?${query.join('&')}` : filled;
    const content = operation.requestBody && Object.entries(operation.requestBody.content)[0];
    if (!content) return { method, path: target };
    const [type, { schema }] = content;
    const text = JSON.stringify(this.#valueOf(schema, 0));
    return {
      method,
      path: target,
      type: this.#chance(0.1) ? this.#pick(TYPES) : type,
      body: this.#chance(0.2) ? this.#spoil(text) : text,
    };
  }

  /** A value of a schema, or now and then one that is not. */
  #valueOf(schema: Schema, depth: number): unknown {
    if (schema.$ref)
      return this.#valueOf(this.document.components.schemas[schema.$ref.split('/').at(-1)!], depth);
    if (this.#chance(0.15)) return this.#pick(JUNK);
    if (schema.examples && this.#chance(0.7)) return this.#pick(schema.examples);
    if (schema.anyOf) return this.#valueOf(this.#pick(schema.anyOf), depth);
    switch (schema.type) {
      case 'object':
        return this.#objectOf(schema, depth);
      case 'array':
        return Array.from({ length: this.rng.integer(this.#chance(0.05) ? 1200 : 4) }, () =>
          this.#valueOf(schema.items ?? {}, depth + 1),
        );
      case 'integer':
      case 'number':
        return this.#pick([
          schema.minimum ?? 0,
          schema.maximum ?? 9,
          (schema.minimum ?? 0) - 1,
          (schema.maximum ?? 9) + 1,
          3,
          0.5,
        ]);
      case 'boolean':
        return this.#chance(0.5);
      case 'string':
        return this.#pick(['P0001', 'P0002', 'P0003', 'nobody', '2026-01-01T00:00:00Z', 'x'.repeat(3000)]);
      default:
        return this.#pick(JUNK);
    }
  }

  #objectOf({ properties, additionalProperties }: Schema, depth: number): unknown {
    const found: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries(properties ?? {}))
      if (this.#chance(0.4)) found[name] = this.#valueOf(schema, depth + 1);
    if (additionalProperties && depth < 4)
      for (const name of ['category', 'price', 'any', 'not', '__proto__'].filter(() => this.#chance(0.3)))
        found[name] = this.#pick<unknown>([
          { lt: 3 },
          { in: [] },
          { gte: 'x' },
          [{ category: 'Music' }],
          ...JUNK,
        ]);
    if (this.#chance(0.05)) found['no-such'] = 1;
    return found;
  }

  #inPath(): string {
    return this.#pick([
      'P0001',
      '3',
      'tower',
      '%',
      '%ff',
      '%00',
      '..%2f..',
      '-1',
      '1e9',
      '{}',
      '{"a":{"lt":[]}}',
      '%F0%9F%8E%AE',
      'x'.repeat(650),
    ]);
  }

  #spoil(text: string): string {
    const at = this.rng.integer(text.length + 1);
    return this.#pick([
      text.slice(0, at),
      `${text.slice(0, at)}\u0000${text.slice(at)}`,
      text + text,
      '',
      text.padEnd(80_000),
    ]);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.rng.integer(from.length)];
  }

  #chance(share: number): boolean {
    return this.rng.uniform() < share;
  }
}
