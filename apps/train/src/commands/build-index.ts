import { modelKinds, recipeOf } from '@towerkit/pipeline';
import { buildIndex, openArtifact } from '@towerkit/recommend';

import { driverOptions, type DriverFlags } from '../config/index-drivers.js';
import { Console } from '../report/console.js';
import { progressDisplay } from '../report/progress.js';
import { table } from '../report/tables.js';

/** Flags of `towerkit index`. */
export interface BuildIndexFlags extends DriverFlags {
  readonly artifact: string;
  readonly recall: number;
  readonly json?: boolean;
}

const K = 10;

export async function buildIndexCommand(flags: BuildIndexFlags): Promise<number> {
  const out = new Console(flags.json === true);
  const artifact = await openArtifact(flags.artifact, { kinds: modelKinds });
  const progress = progressDisplay();
  try {
    const built = await buildIndex(artifact, {
      driver: flags.driver,
      options: driverOptions(flags, artifact.manifest.name),
      recall: flags.recall,
      k: K,
      seed: recipeOf(artifact).seed,
      onProgress: progress.update,
    });
    progress.stop();
    if (!built.reached)
      out.note(
        `no setting of ${flags.driver} reaches a recall of ${flags.recall}: the most thorough one was taken`,
      );
    const { driver, settings, items, dimensions, recall, p50, p99, buildSeconds, bytes, queries } = built;
    out.show(
      table([
        ['driver', 'items', `recall@${K}`, 'p50 us', 'p99 us', 'build s', 'MiB'],
        [
          driver,
          String(items),
          recall.toFixed(4),
          p50.toFixed(0),
          p99.toFixed(0),
          buildSeconds.toFixed(1),
          (bytes / 2 ** 20).toFixed(1),
        ],
      ]),
    );
    out.show(`\n${JSON.stringify(settings)}\n${queries} users asked, others than those it was tuned on`);
    out.result({
      ...{ driver, settings, items, dimensions, recall, reached: built.reached },
      ...{ p50_us: p50, p99_us: p99, build_seconds: buildSeconds, bytes },
    });
    return 0;
  } finally {
    progress.stop();
    await artifact.dispose();
  }
}
