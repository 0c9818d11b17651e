import { TowerkitError, type Rng } from '@towerkit/core';

import { tfjs } from '../load-tfjs.js';
import { checkFeeds, checkGradient, fixedInputs } from '../feeds.js';
import { isSource, type Node } from '../graph/graph.js';
import { buildModel, type ModelInput } from '../onnx/model.js';
import { createSession, tensor, type InferenceSession, type SessionOptions } from '../onnx/session.js';
import { optimize } from '../passes/optimize.js';
import { draw, rngRequired, type RandomRequest } from '../random/requests.js';
import { traceTwice } from '../trace/host-randomness.js';
import type { TraceInput } from '../trace/trace.js';
import type { CompiledFunction, CompileOptions, Engine, Feeds, RunResult, TensorFunction } from '../types.js';

/** Traces functions and runs them on ONNX Runtime. */
export class OnnxEngine implements Engine {
  readonly kind = 'onnx';
  readonly #functions = new Set<OnnxFunction>();

  constructor(private readonly options: Required<SessionOptions>) {}

  get description(): string {
    const { executionProviders, threads } = this.options;
    const count = threads === 0 ? 'default threads' : threads === 1 ? '1 thread' : `${threads} threads`;
    return `onnxruntime-node ${executionProviders.join('+')}, ${count}`;
  }

  async compile(fn: TensorFunction, options: CompileOptions): Promise<CompiledFunction> {
    const inputs = fixedInputs(options.inputs);
    checkGradient(options, inputs);
    await tfjs().ready();
    const { graph, random } = traceTwice(fn, inputs, options.gradient);
    const optimized = optimize(graph);
    const results = optimized.outputs.length - (options.gradient?.wrt.length ?? 0);
    const outputNames = optimized.outputs.map(
      ({ name }, i) => `${i < results ? 'output' : 'gradient'}:${name}`,
    );
    const sources = optimized.nodes.filter(isSource);
    const bytes = buildModel({ graph: optimized, inputs: sources.map(modelInput), outputNames });
    const session = await createSession(bytes, this.options);
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
    const results = await this.#session.run(tensors);
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
