import { hybridKind } from '@towerkit/hybrid';
import { hostAnswers, standardKinds } from '@towerkit/recommend';

/** A thread that answers from an artifact. */
await hostAnswers([...standardKinds, hybridKind]);
