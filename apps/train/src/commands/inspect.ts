import { findFiles, inspectFiles, inspectionResult } from '@towerkit/inspect';

import { Console } from '../report/console.js';
import { showInspection } from '../report/inspection.js';

/** Flags of `towerkit inspect`. */
export interface InspectFlags {
  readonly user?: string;
  readonly item?: string;
  readonly json?: boolean;
}

export async function inspect(given: readonly string[], { json, ...columns }: InspectFlags): Promise<number> {
  const out = new Console(json === true);
  const inspection = await inspectFiles(await findFiles(given), { columns });
  showInspection(out, inspection);
  const next =
    inspection.log && inspection.apart.length === 0
      ? `npx towerkit init ${given.map(quoted).join(' ')}`
      : undefined;
  if (next) out.show(`\nGo on with\n  ${next}`);
  out.result({ ...inspectionResult(inspection), ...(next && { next }) });
  return 0;
}

const quoted = (path: string) =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
