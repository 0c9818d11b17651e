// What tries an artifact in a process of its own.
import { runTrial, standardKinds } from '@towerkit/recommend';

runTrial(standardKinds);
