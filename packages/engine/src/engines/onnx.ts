import { TowerkitError, type Rng } from '@towerkit/core';

import { tfjs } from '../load-tfjs.js';
import { checkFeeds, checkGradient, fixedInputs } from '../feeds.js';
import { isSource, type Node } from '../graph/graph.js';
import type { GraphCache } from '../onnx/graph-cache.js';
import { buildModel, type ModelInput } from '../onnx/model.js';
import {
  createSession,
  SILENT,
  tensor,
  type InferenceSession,
  type SessionOptions,
} from '../onnx/session.js';
import { optimize } from '../passes/optimize.js';
import { draw, rngRequired, type RandomRequest } from '../random/requests.js';
import { traceTwice } from '../trace/host-randomness.js';
import type { Trace, TraceInput } from '../trace/trace.js';
import type { CompiledFunction, CompileOptions, Engine, Feeds, RunResult, TensorFunction } from '../types.js';

/** Traces functions and runs them on ONNX Runtime. */
export class OnnxEngine implements Engine {
  readonly kind = 'onnx';
  readonly #functions = new Set<OnnxFunction>();

  /** @param cache where compiled graphs are kept, if anywhere */
  constructor(
    private readonly options: Required<SessionOptions>,
    private readonly cache?: GraphCache,
  ) {}

  get description(): string {
    const { executionProviders, threads } = this.options;
    const count = threads === 0 ? 'default threads' : threads === 1 ? '1 thread' : `${threads} threads`;
    return `onnxruntime-node ${executionProviders.join('+')}, ${count}`;
  }

  async compile(fn: TensorFunction, options: CompileOptions): Promise<CompiledFunction> {
    const inputs = fixedInputs(options.inputs);
    checkGradient(options, inputs);
    await tfjs().ready();
    let written: WrittenGraph | undefined;
    const writtenOf = (traced: Trace) => (written ??= writeGraph(traced, options.gradient?.wrt.length ?? 0));
    const { cache } = this;
    const traced = traceTwice(
      fn,
      inputs,
      options.gradient,
      (first) => cache?.has(cache.keyOf(writtenOf(first).bytes)) === true,
    );
    const { bytes, sources } = writtenOf(traced);
    const { random } = traced;
    const session = await (cache
      ? cache.session(cache.keyOf(bytes), bytes)
      : createSession(bytes, this.options));
    const compiled: OnnxFunction = new OnnxFunction(
      session,
      inputs,
      random,
      new Set(sources.map(sourceName)),
      () => this.#functions.delete(compiled),
    );
    this.#functions.add(compiled);
    return compiled;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#functions].map((compiled) => compiled.dispose()));
  }
}

/** A graph as the bytes of a model, and what it is fed. */
interface WrittenGraph {
  readonly bytes: Uint8Array;
  readonly sources: readonly Node[];
}

function writeGraph({ graph }: Trace, gradients: number): WrittenGraph {
  const optimized = optimize(graph);
  const results = optimized.outputs.length - gradients;
  const outputNames = optimized.outputs.map(
    ({ name }, i) => `${i < results ? 'output' : 'gradient'}:${name}`,
  );
  const sources = optimized.nodes.filter(isSource);
  return { bytes: buildModel({ graph: optimized, inputs: sources.map(modelInput), outputNames }), sources };
}

const sourceName = ({ op, attributes }: Node): string =>
  op === 'Input' ? `input:${attributes.name as string}` : `random:${attributes.index as number}`;

const modelInput = (node: Node): ModelInput => ({
  name: sourceName(node),
  value: node.outputs[0],
  dims: node.outputs[0].shape as number[],
});

class OnnxFunction implements CompiledFunction {
  #session: InferenceSession | undefined;

  /** @param used the graph's own inputs: what it does not depend on is checked and drawn, but not fed */
  constructor(
    session: InferenceSession,
    private readonly inputs: readonly TraceInput[],
    private readonly random: readonly RandomRequest[],
    private readonly used: ReadonlySet<string>,
    private readonly onDispose: () => void,
  ) {
    this.#session = session;
  }

  async run(feeds: Feeds, rng?: Rng): Promise<RunResult> {
    if (!this.#session) throw new TowerkitError('DISPOSED', 'the compiled function is disposed');
    checkFeeds(feeds, this.inputs);
    const tensors: Record<string, ReturnType<typeof tensor>> = {};
    for (const { name, dtype, shape } of this.inputs)
      if (this.used.has(`input:${name}`)) tensors[`input:${name}`] = tensor(feeds[name], dtype, shape);
    if (this.random.length > 0 && !rng) throw rngRequired();
    this.random.forEach((request, i) => {
      const values = draw(request, rng!);
      if (this.used.has(`random:${i}`)) tensors[`random:${i}`] = tensor(values, 'float32', request.shape);
    });
    const results = await this.#session.run(tensors, { logSeverityLevel: SILENT });
    const { outputs, gradients }: RunResult = { outputs: {}, gradients: {} };
    for (const [name, { data }] of Object.entries(results))
      if (name.startsWith('output:')) outputs[name.slice('output:'.length)] = numbersOf(data);
      else gradients[name.slice('gradient:'.length)] = data as Float32Array;
    return { outputs, gradients };
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.onDispose();
    await session?.release();
  }
}

/** Booleans come as bytes and go as whole numbers. */
const numbersOf = (data: unknown): Float32Array | Int32Array =>
  data instanceof Uint8Array ? Int32Array.from(data) : (data as Float32Array | Int32Array);
