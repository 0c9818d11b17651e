import type { VerifiedArtifact } from '@towerkit/artifact';

import type { ModelKind, OpenModelOptions } from '../ranker.js';

/** Candidates that are reranked or diversified, by default. */
export const DEFAULT_CANDIDATES = 1000;

/** Options of `AnswerEngine.open`. */
export interface AnswerEngineOptions extends OpenModelOptions {
  /** An artifact that was verified, see `verifyArtifact`; `catalog` too where its tables were read already. */
  readonly artifact: VerifiedArtifact & { readonly catalog?: Readonly<Record<string, ArrayLike<unknown>>> };
  /** The kinds of models that may answer; `standardKinds` by default. */
  readonly kinds?: readonly ModelKind[];
  /** Candidates that are reranked or diversified. Default 1,000. */
  readonly candidates?: number;
  /** The present time in seconds since 1970, for models that read it. Default: the clock of the machine. */
  readonly now?: () => number;
  /** Another artifact, whose model reranks; `ids` are its dense ids of this artifact's items, -1 for unknown ones. */
  readonly rerank?: { readonly artifact: VerifiedArtifact; readonly ids: Int32Array };
}
