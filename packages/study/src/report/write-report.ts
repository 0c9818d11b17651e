import type { OnProgress } from '@towerkit/core';
import { writeFileAtomic, writeFolderAtomic } from '@towerkit/core/files';
import type { OpenArtifact } from '@towerkit/recommend';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';

import { measureArtifacts, type MeasureOptions, type MeasuredStudy } from '../measure/measure-artifacts.js';
import type { StudyRun } from '../runs/ablate.js';
import type { Section } from './block.js';
import { htmlOf } from './html.js';
import { listsSection } from './lists.js';
import { markdownOf } from './markdown.js';
import { modelsSection } from './models.js';
import { grouped } from './numbers.js';
import { standalone } from './plot.js';
import { qualitySection } from './quality.js';
import { runsSection } from './runs.js';
import { trainingSection } from './training.js';
import { usersSection } from './users.js';

/** Options of {@link writeReport}. */
export interface ReportOptions extends MeasureOptions {
  /** Folders of artifacts; the others are compared with the first. */
  readonly artifacts: readonly string[];
  /** Opens an artifact; disposed here. */
  readonly open: (folder: string) => Promise<OpenArtifact>;
  /** The HTML file; the Markdown has its name with `.md`, its figures lie in a folder of its name. Default `report.html`. */
  readonly out?: string;
  readonly title?: string;
  /** Runs of a study, whose failures the report says. */
  readonly runs?: readonly StudyRun[];
  readonly onProgress?: OnProgress;
}

/** A report that was written. */
export interface WrittenReport {
  readonly html: string;
  readonly markdown: string;
  readonly study: MeasuredStudy;
}

/**
 * Measures artifacts on the same questions and writes what comes out, as one HTML file that opens offline, and as Markdown with its
 * figures as SVG. An artifact of other data, or one that cannot be opened, is said in its place.
 *
 * @throws TowerkitError `BAD_OPTION` for no artifact; `EMPTY_DATA` where none can be measured; `UNWRITABLE`
 * @example
 * ```ts
 * const { html } = await writeReport({ artifacts: ['artifacts/tower', 'artifacts/als'], open: openArtifact });
 * ```
 */
export async function writeReport(options: ReportOptions): Promise<WrittenReport> {
  const { artifacts, open, out = 'report.html', runs } = options;
  const study = await measureArtifacts(artifacts, open, options);
  const sections = [
    await qualitySection(study),
    await trainingSection(study),
    await usersSection(study),
    await modelsSection(study),
    listsSection(study),
    runsSection(study, runs),
  ].filter((section) => section !== undefined);
  const { dataset, on } = study;
  const title = options.title ?? `Recommenders of ${dataset.name}`;
  const about = `${dataset.name}: ${grouped(dataset.users)} users, ${grouped(dataset.items)} items, ${grouped(dataset.interactions)} interactions. ${on === 'test' ? 'Test' : 'Validation'} targets${on === 'test' ? '' : '; the epoch of a two-tower may have been chosen on them'}.`;
  const html = resolve(out);
  const name = basename(html, extname(html));
  const markdown = join(dirname(html), `${name}.md`);
  await mkdir(dirname(html), { recursive: true }).catch(() => undefined); // writing says what is wrong
  await writeFileAtomic(html, htmlOf(title, about, sections));
  await writeFigures(join(dirname(html), name), sections);
  await writeFileAtomic(markdown, markdownOf(title, about, sections, name));
  return { html, markdown, study };
}

const writeFigures = (folder: string, sections: readonly Section[]) =>
  writeFolderAtomic(
    folder,
    async (fresh) => {
      for (const { blocks } of sections)
        for (const block of blocks)
          if (block.kind === 'figure')
            await writeFile(join(fresh, `${block.name}.svg`), standalone(block.svg));
    },
    { owned: async (place) => (await readdir(place)).filter((name) => name.endsWith('.svg')) },
  );
