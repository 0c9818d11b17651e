import { hybridKind } from '@towerkit/hybrid';
import { hostAnswers, standardKinds } from '@towerkit/recommend';
import { searchKind } from '@towerkit/search';

/** A thread that answers from an artifact. */
await hostAnswers([...standardKinds, hybridKind, searchKind]);
