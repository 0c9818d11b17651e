import { hybridKind } from '@towerkit/hybrid';
import { standardKinds, type ModelKind } from '@towerkit/recommend';
import { searchKind } from '@towerkit/search';

/** Every kind of model that the pipeline trains: give it to `openArtifact` as `kinds`. */
export const modelKinds: readonly ModelKind[] = [...standardKinds, hybridKind, searchKind];
