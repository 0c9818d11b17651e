import type { ErrorCode as EventsCode } from '@towerkit/events';
import type { ErrorCode as HybridCode } from '@towerkit/hybrid';
import type { AnswerErrorCode } from '@towerkit/recommend';

import type { ErrorCode as OwnCode } from '../error-code.js';

/** Codes of all packages that work while a request is answered. */
type Code = OwnCode | EventsCode | HybridCode | AnswerErrorCode;

/** The codes that get each HTTP status. Those of 500 are faults of the server: nothing that a client sends causes them. */
// prettier-ignore
const BY_STATUS = {
  400: ['BAD_REQUEST', 'BAD_VALUE'],
  401: ['UNAUTHORIZED'],
  404: ['UNKNOWN_ITEM', 'UNKNOWN_MODEL', 'UNKNOWN_USER'],
  421: ['UNKNOWN_HOST'],
  422: [
    'BAD_ATTRIBUTE', 'BAD_CONTEXT', 'BAD_FEATURE', 'BAD_FILTER', 'EMPTY_TEXT', 'MISSING_CONTEXT', 'NO_CONTENT', 'NO_CONTEXT',
    'NO_PLACES', 'NO_VECTORS', 'TOO_LARGE', 'UNKNOWN_CONTEXT', 'UNKNOWN_FEATURE', 'UNKNOWN_KIND',
  ],
  429: ['RATE_LIMITED'],
  500: [
    'BAD_ANSWER', 'BAD_ARTIFACT', 'BAD_CACHE', 'BAD_CONFIG', 'BAD_ID', 'BAD_INDEX', 'BAD_MODEL', 'BAD_OPTION', 'BAD_ORDER', 'BAD_RATING',
    'BAD_TEXT', 'BAD_VECTOR', 'BUILD_FAILED', 'CANNOT_LISTEN', 'DIVERGED', 'DUPLICATE_ID', 'EMPTY_DATA', 'EMPTY_SPLIT',
    'FOREIGN_ARRAY', 'LOW_RECALL', 'MISSING_COLUMN', 'MISSING_DRIVER', 'MISSING_PACKAGE', 'MODEL_NOT_FOUND',
    'NOT_AN_INDEX', 'NOT_FITTED', 'NOT_POSITIVE_DEFINITE', 'NO_ITEMS', 'NO_USERS', 'OUT_OF_RANGE', 'SHAPE_MISMATCH',
    'UNKNOWN_ID', 'UNSUPPORTED', 'UNWRITABLE', 'BAD_FILE', 'FILE_NOT_FOUND',
  ],
  503: [
    'CLOSED', 'DATABASE_ERROR', 'INDEX_NOT_FOUND', 'MODEL_UNAVAILABLE', 'NOT_READY', 'OTHER_ENCODER', 'OVERLOADED',
    'STORE_FULL', 'STORE_UNAVAILABLE', 'THREAD_ENDED', 'TIMEOUT', 'UNAVAILABLE',
  ],
} as const satisfies Record<number, readonly Code[]>;

type Listed = (typeof BY_STATUS)[keyof typeof BY_STATUS][number];

/** Does not compile where a code of a package has no status. */
const statuses: Record<Code, number> = Object.fromEntries(
  Object.entries(BY_STATUS).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)])),
) as Record<Listed, number>;

/** The status of an error's code; 500 of one that no package here has. */
export const statusOf = (code: string): number =>
  Object.hasOwn(statuses, code) ? statuses[code as Code] : 500;
