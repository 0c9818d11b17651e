import { hybridKind } from '@towerkit/hybrid';
import { standardKinds, type ModelKind } from '@towerkit/recommend';

/** Every kind of model that a pipeline makes: what `openArtifact` is told to open any of them. */
export const modelKinds: readonly ModelKind[] = [...standardKinds, hybridKind];
