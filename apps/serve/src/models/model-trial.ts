import { hybridKind } from '@towerkit/hybrid';
import { runTrial, standardKinds } from '@towerkit/recommend';

/** A process that tries an artifact before a server opens it. */
runTrial([...standardKinds, hybridKind]);
