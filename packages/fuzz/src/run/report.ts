import { FLAT, trendText } from './memory.js';
import type { TargetReport } from './campaign.js';

const EXAMPLE = 1500;

/** A line for each target, and each finding with what repeats it. */
export function reportText(reports: readonly TargetReport[]): string {
  const lines = reports.map(({ target, cases, seconds, findings, memory }) => {
    const grown = `memory, MiB: ${trendText(memory)}${memory && memory.growth > FLAT ? ' GROWS' : ''}`;
    return `${target}: ${cases} cases in ${seconds.toFixed(0)} s, ${findings.length} findings; ${grown}`;
  });
  const found = reports.flatMap(({ findings }) =>
    findings.map(
      ({ target, signature, seed, path, times, detail, example }) =>
        `\n[${target}] ${signature} (${times} times)\n` +
        `  again: --only ${target} --seed ${seed} --path ${path}\n` +
        `  ${detail.slice(0, EXAMPLE).replaceAll('\n', '\n  ')}\n` +
        `  ${JSON.stringify(example).slice(0, EXAMPLE)}`,
    ),
  );
  return [...lines, ...found].join('\n');
}
