import type { CallToolResult, Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';
import { isTowerkitError, TowerkitError as AnyError } from '@towerkit/core';
import { z } from 'zod';

import { TowerkitError } from '../errors.js';

/** Characters of an error, at most: an answer does not grow with what was sent. */
const MOST_TEXT = 500;

/** A tool: what is told of it, and what it does. */
export interface Tool {
  readonly listed: ListedTool;
  /** Checks the arguments and answers; what is wrong is an answer too, with `isError`. */
  call(given: unknown): Promise<CallToolResult>;
}

/**
 * A tool that only reads, from Zod schemas of what it takes and of what it answers.
 *
 * @param does is given checked arguments
 */
export function tool<In extends z.ZodObject, Out extends z.ZodObject>(
  name: string,
  { title, description, input, output }: { title: string; description: string; input: In; output: Out },
  does: (given: z.output<In>) => Promise<z.input<Out>>,
): Tool {
  const schema = (of: z.ZodObject, io: 'input' | 'output') =>
    z.toJSONSchema(of, { io, target: 'draft-7' }) as ListedTool['inputSchema'];
  return {
    listed: {
      ...{ name, title, description },
      inputSchema: schema(input, 'input'),
      outputSchema: schema(output, 'output'),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    call: async (given) => {
      try {
        const checked = input.safeParse(given ?? {});
        if (!checked.success) throw badArguments(name, checked.error);
        const answer = await does(checked.data);
        return { structuredContent: answer, content: [{ type: 'text', text: JSON.stringify(answer) }] };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function badArguments(tool: string, error: z.ZodError): TowerkitError {
  const [{ path, message }] = error.issues;
  return new TowerkitError('BAD_REQUEST', `${tool}: ${path.length ? `${path.join('.')}: ` : ''}${message}`, {
    hint: 'tools/list has the schema of what it takes',
  });
}

/** An error as an assistant reads it: one line with its code, and what to do next. The code is in `_meta` too, for programs. */
function failed(error: unknown): CallToolResult {
  if (!isTowerkitError(error)) {
    process.stderr.write(`error INTERNAL: ${(error as Error)?.stack ?? String(error)}\n`);
    return failed(new AnyError('INTERNAL', 'something went wrong in the server; its stderr says what'));
  }
  const line = `${error.code}: ${error.message}${error.hint ? ` (${error.hint})` : ''}`;
  const text = line.replace(/\s*\n\s*/g, ' ').slice(0, MOST_TEXT);
  return { isError: true, content: [{ type: 'text', text }], _meta: { code: error.code } };
}
