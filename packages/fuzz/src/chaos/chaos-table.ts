import { FLAT, trendText } from '../run/memory.js';
import type { ChaosReport } from './run-chaos.js';

const SHOWN = 3;

/** What a run never came to: one that did nothing shows nothing wrong. */
const untried = ({ answers, acknowledged, readySamples, troubles }: ChaosReport): string[] =>
  Object.entries({
    answers,
    'acknowledged events': acknowledged,
    'samples of readiness': readySamples,
    troubles: Object.values(troubles).filter((times) => Number(times) > 0).length,
  }).flatMap(([name, times]) => (times > 0 ? [] : [`no ${name}`]));

/** Whether a run tried what it should, and showed nothing wrong; memory counts where the run was long enough for a slope. */
export const isRight = (report: ChaosReport): boolean =>
  untried(report).length === 0 &&
  report.lost.length === 0 &&
  report.wrongVersion.length === 0 &&
  report.wrongItems.length === 0 &&
  report.stale === 0 &&
  report.broken.length === 0 &&
  report.readyLies.length === 0 &&
  report.trouble.length === 0 &&
  report.endedInTime &&
  (report.memory?.growth ?? 0) <= FLAT;

/** A Markdown table of what was judged, a column for each store, and examples of what was wrong. */
export function chaosTable(reports: readonly ChaosReport[]): string {
  const row = (name: string, of: (report: ChaosReport) => unknown) =>
    `| ${name} | ${reports.map(of).map(String).join(' | ')} |`;
  const named = (counts: Readonly<Record<string, unknown>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const table = [
    row('', ({ store }) => store),
    row('---', () => '---').replace('| --- |', '| --- |'),
    row('seconds', ({ seconds }) => seconds.toFixed(0)),
    row('troubles', ({ troubles }) => named(troubles)),
    row('statuses', ({ statuses }) => named(statuses)),
    row('acknowledged events', ({ acknowledged }) => acknowledged),
    row('of these lost', ({ lost }) => lost.length),
    row('answers', ({ answers }) => answers),
    row('of a version that was not whole there', ({ wrongVersion }) => wrongVersion.length),
    row('with items of another version', ({ wrongItems }) => wrongItems.length),
    row('of an old version 15 s after a new one', ({ stale }) => stale),
    row('status 500, or no answer', ({ broken }) => broken.length),
    row('samples of readiness', ({ readySamples, notReady }) => `${readySamples}, not ready in ${notReady}`),
    row('of these untrue', ({ readyLies }) => readyLies.length),
    row('memory, MiB', ({ memory }) => trendText(memory)),
    row('ended by itself on SIGTERM', ({ endedInTime }) => (endedInTime ? 'yes' : 'no')),
  ];
  const examples = reports.flatMap((report) => {
    const { store, lost, wrongVersion, wrongItems, broken, readyLies, trouble } = report;
    const wrong = { untried: untried(report), lost, wrongVersion, wrongItems, broken, readyLies, trouble };
    return Object.entries(wrong).flatMap(([name, found]) =>
      tallied(found)
        .slice(0, SHOWN)
        .map((one) => `${store}, ${name}: ${one}`),
    );
  });
  return [...table, '', ...examples].join('\n');
}

/** Equal lines once, with how often they came. */
function tallied(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => `${line} (${count})`);
}
