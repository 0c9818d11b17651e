import { holdPath } from '@towerkit/core/files';
import { vectorFormatOf, writeVectors } from '@towerkit/data';
import { embedImages, imageEncoder } from '@towerkit/images';

import { Console } from '../report/console.js';
import { grouped } from '../report/tables.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit embed-images`. */
export interface EmbedImagesFlags {
  readonly model: string;
  readonly images: string;
  readonly out: string;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly onBad?: 'error' | 'skip';
  readonly json?: boolean;
}

export async function embedImagesCommand(flags: EmbedImagesFlags): Promise<number> {
  vectorFormatOf(flags.out);
  return holdPath(flags.out, () => embedTo(flags), { makeParents: false });
}

async function embedTo(flags: EmbedImagesFlags): Promise<number> {
  const { model, images, out: path, batchSize, threads, onBad } = flags;
  const out = new Console(flags.json === true);
  const encoder = await imageEncoder({ model, threads });
  try {
    return await interruptible(async (display, signal) => {
      const { ids, vectors, skipped } = await embedImages(encoder, images, {
        ...{ batchSize, onBad, signal },
        onProgress: display.update,
      });
      display.stop();
      for (const { file, reason } of skipped) out.note(`${file} skipped: ${reason}`);
      const files = await writeVectors(path, vectors, ids);
      out.show(
        `${grouped(ids.length)} vectors of ${grouped(vectors.cols)} dimensions in ${files.join(' and ')}` +
          (skipped.length > 0 ? `; ${grouped(skipped.length)} files skipped` : ''),
      );
      const { name, fingerprint } = encoder;
      out.result({
        ...{ files, images: ids.length, dimensions: vectors.cols, model: name, fingerprint },
        skipped: skipped.map(({ file }) => file),
      });
    });
  } finally {
    await encoder.dispose();
  }
}
