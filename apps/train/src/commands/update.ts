import { updateArtifact } from '@towerkit/pipeline';

import { loadConfig } from '../config/load-config.js';
import { Console } from '../report/console.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit update`. */
export interface UpdateFlags {
  readonly artifact: string;
  readonly data: string;
  readonly items?: string;
  readonly config?: string;
  readonly out?: string;
  readonly epochs?: number;
  readonly replay?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly models?: string;
  readonly onBadRow?: 'error' | 'skip';
  readonly json?: boolean;
}

export async function update({ json, config, ...flags }: UpdateFlags): Promise<number> {
  const out = new Console(json === true);
  const model = config === undefined ? undefined : (await loadConfig(config)).config.model;
  return interruptible(async (display, signal) => {
    const updated = await updateArtifact({
      ...flags,
      model,
      signal,
      onProgress: display.update,
    });
    display.stop();
    const { applied, interactions, heldBack, replayed, users, items, withoutRow, skipped, optimizer, index } =
      updated;
    const place = flags.out ?? flags.artifact;
    if (!applied) out.note('the artifact was trained on these very rows before: nothing was done');
    else {
      if (optimizer === 'fresh')
        out.note('no checkpoint of its run is beside the artifact: the optimizer starts afresh');
      if (withoutRow > 0) out.note(`${withoutRow} of the new items have no row in a catalog`);
      if (index === 'removed')
        out.note('its index knew the old vectors: build it again with `towerkit index`');
      if (skipped > 0) out.note(`${skipped} rows left out`);
      out.show(
        `${interactions} new interactions learned, ${heldBack} that were held back, and ${replayed} old ones again; ${users.added} new users of ${users.total}, ` +
          `${items.added} new items of ${items.total}; ${updated.fitSeconds.toFixed(1)} s of ${updated.seconds.toFixed(1)} s; ` +
          `the artifact is in ${place}`,
      );
    }
    out.result({
      artifact: place,
      ...{
        applied,
        interactions,
        held_back: heldBack,
        replayed,
        users,
        items,
        items_without_row: withoutRow,
        skipped,
        optimizer,
        index,
      },
      epochs: updated.epochs,
      fit_seconds: updated.fitSeconds,
      seconds: updated.seconds,
    });
  });
}
