import type { ErrorCode as AlsCode } from '@towerkit/als';
import type { ErrorCode as BaselinesCode } from '@towerkit/baselines';
import type { ErrorCode as FeaturesCode } from '@towerkit/features';
import type { ErrorCode as KernelsCode } from '@towerkit/kernels';
import type { ErrorCode as RetrievalCode } from '@towerkit/retrieval';
import type { ErrorCode as TextCode } from '@towerkit/text';

import type { ErrorCode } from './errors.js';

/** Every code that an answer may fail with: those of this package and of the packages that compute for it. */
export type AnswerErrorCode =
  ErrorCode | AlsCode | BaselinesCode | FeaturesCode | KernelsCode | RetrievalCode | TextCode;
