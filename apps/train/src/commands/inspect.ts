import {
  describeFacts,
  describeFiles,
  describeModel,
  describeTraps,
  findFiles,
  inspectFiles,
  inspectionResult,
} from '@towerkit/inspect';

import { Console } from '../report/console.js';

/** Flags of `towerkit inspect`. */
export interface InspectFlags {
  readonly user?: string;
  readonly item?: string;
  readonly json?: boolean;
}

export async function inspect(given: readonly string[], { json, ...columns }: InspectFlags): Promise<number> {
  const out = new Console(json === true);
  const inspection = await inspectFiles(await findFiles(given), { columns });
  out.show(describeFiles(inspection));
  out.show(`\nFigures\n${describeFacts(inspection)}`);
  if (inspection.traps.length > 0) out.show(`\nTo look at\n${describeTraps(inspection)}`);
  const next =
    inspection.log && inspection.apart.length === 0
      ? `npx towerkit init ${given.map(quoted).join(' ')}`
      : undefined;
  if (inspection.log) out.show(`\nModel\n${describeModel(inspection)}`);
  if (next) out.show(`\nGo on with\n  ${next}`);
  out.result({ ...inspectionResult(inspection), ...(next && { next }) });
  return 0;
}

const quoted = (path: string) =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
