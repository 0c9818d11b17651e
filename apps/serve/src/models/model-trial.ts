import { hybridKind } from '@towerkit/hybrid';
import { runTrial, standardKinds } from '@towerkit/recommend';
import { searchKind } from '@towerkit/search';

/** A process that tries an artifact before a server opens it. */
runTrial([...standardKinds, hybridKind, searchKind]);
