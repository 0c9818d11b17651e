import { isTowerkitError } from '@towerkit/core';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

import { statusOf } from './statuses.js';

/** An error as RFC 9457 has it; `code` is stable. */
export const problemSchema = z
  .object({
    type: z.string().describe('`about:blank`: the code says what kind it is'),
    title: z.string().describe('the status in words'),
    status: z.int(),
    code: z.string().describe('stable, such as UNKNOWN_ITEM'),
    detail: z.string().describe('what went wrong, one line'),
    hint: z.string().optional().describe('what to do next'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('what a request that was refused should have been'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

/** Headers of every problem, also where no plugin had its turn. */
export const PROBLEM_HEADERS = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Titles that Node has from before RFC 9110. */
const TITLES: Readonly<Record<number, string>> = { 413: 'Content Too Large', 422: 'Unprocessable Content' };

/** What is said of faults behind the server, whose own messages name hosts, folders and users; the log has those. */
const BEHIND: Readonly<Record<string, string>> = {
  STORE_UNAVAILABLE: 'the store of events does not answer',
  MODEL_UNAVAILABLE: 'a text model cannot be loaded',
  OTHER_ENCODER: 'the text model is not the one of the training',
  UNAVAILABLE: 'what answers this is not there at the moment',
  TIMEOUT: 'the database of the index takes too long',
  DATABASE_ERROR: 'the database of the index does not answer',
  INDEX_NOT_FOUND: 'the database does not hold the index',
};

/** Codes of what Fastify itself refuses. */
const OWN: Readonly<Record<string, [number, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'BODY_TOO_LARGE'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'BAD_MEDIA_TYPE'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'BAD_JSON'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'BAD_JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'BAD_REQUEST'],
  FST_ERR_BAD_URL: [400, 'BAD_REQUEST'],
  FST_ERR_ROUTE_MAX_PARAM_LENGTH: [404, 'NOT_FOUND'],
};

/** Wrong fields that are listed, and characters of a text: an answer does not grow with what was sent. */
const MOST_ERRORS = 20;
const MOST_TEXT = 500;

/** Seconds after which a client may try again. */
const RETRY_AFTER = 1;

/** What an error is to a client. What is nobody's fault but ours is not described. */
export function problemOf(error: unknown): Problem {
  if (hasZodFastifySchemaValidationErrors(error)) {
    // A name that is misspelt comes first: that the right one is missing follows from it.
    const misspelt = ({ keyword }: { keyword: string }) => Number(keyword === 'unrecognized_keys');
    const sorted = error.validation.toSorted((a, b) => misspelt(b) - misspelt(a));
    const errors = sorted.slice(0, MOST_ERRORS).map(({ instancePath, message }) => ({
      path: short(`${error.validationContext ?? ''}${instancePath}`),
      message: short(message ?? 'is not what it should be'),
    }));
    const [first] = errors;
    return problem(400, 'BAD_REQUEST', `${first.path}: ${first.message}`, { errors });
  }
  if (isTowerkitError(error)) {
    const status = statusOf(error.code);
    if (Object.hasOwn(BEHIND, error.code))
      return problem(status, error.code, BEHIND[error.code], { hint: 'try again later' });
    if (status !== 500) return problem(status, error.code, oneLine(error.message), { hint: error.hint });
  }
  const { code = '', statusCode, message } = (error ?? {}) as Partial<FastifyError>;
  if (Object.hasOwn(OWN, code)) return problem(OWN[code][0], OWN[code][1], message ?? code);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return problem(statusCode, 'BAD_REQUEST', message ?? 'the request was refused');
  return problem(500, 'INTERNAL', 'something went wrong here; the log says what');
}

export function problem(
  status: number,
  code: string,
  detail: string,
  more: Pick<Problem, 'hint' | 'errors'> = {},
): Problem {
  const { hint, errors } = more;
  const title = TITLES[status] ?? STATUS_CODES[status] ?? 'Error';
  return {
    type: 'about:blank',
    title,
    status,
    code,
    detail: short(detail),
    ...(hint && { hint }),
    ...(errors && { errors }),
  };
}

/** Sends a problem. */
export function sendProblem(reply: FastifyReply, what: Problem): FastifyReply {
  if (what.status === 503 || what.status === 429) reply.header('retry-after', RETRY_AFTER);
  if (what.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .status(what.status)
    .headers(PROBLEM_HEADERS)
    .serializer((payload) => JSON.stringify(payload))
    .send(what);
}

/** Fastify's error handler. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const what = problemOf(error);
  if (what.status >= 500 && (what.status !== 503 || Object.hasOwn(BEHIND, what.code)))
    request.log.error(error);
  return sendProblem(reply, what);
}

const short = (text: string) => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);
const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ');
