import {
  describeFacts,
  describeFiles,
  describeModel,
  describeTraps,
  type Inspection,
} from '@towerkit/inspect';

import type { Console } from './console.js';

/** Shows what files hold, figures, what to look at and, where there is a log, the model that fits. */
export function showInspection(out: Console, inspection: Inspection): void {
  out.show(describeFiles(inspection));
  out.show(`\nFigures\n${describeFacts(inspection)}`);
  if (inspection.traps.length > 0) out.show(`\nTo look at\n${describeTraps(inspection)}`);
  if (inspection.log) out.show(`\nModel\n${describeModel(inspection)}`);
}
