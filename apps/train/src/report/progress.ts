import type { OnProgress, ProgressEvent } from '@towerkit/core';
import { SingleBar } from 'cli-progress';

/** Shows progress on stderr until it is stopped. */
export interface ProgressDisplay {
  readonly update: OnProgress;
  /** Takes the bar away, so that other lines can be written. */
  stop(): void;
}

/** A bar on a terminal; elsewhere a line now and then. */
export const progressDisplay = (): ProgressDisplay => (process.stderr.isTTY ? bar() : lines());

function bar(): ProgressDisplay {
  let shown: SingleBar | undefined;
  let stage = '';
  const stop = () => {
    shown?.stop();
    shown = undefined;
  };
  return {
    update(event) {
      const next = label(event);
      if (!shown || stage !== next) {
        stop();
        stage = next;
        shown = new SingleBar({
          format: '{label} [{bar}] {percentage}% | {value}/{total} {unit}{figures} | {eta_formatted} left',
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
          fps: 8,
        });
        shown.start(event.total ?? 0, 0, payload(event));
      }
      shown.update(event.done, payload(event));
      if (event.done === event.total) stop();
    },
    stop,
  };
}

const EVERY = 10_000;

function lines(): ProgressDisplay {
  let last = performance.now();
  return {
    update(event) {
      if (performance.now() - last < EVERY) return;
      last = performance.now();
      const { done, total, unit = '' } = event;
      const share = total ? ` (${Math.floor((100 * done) / total)}%)` : '';
      process.stderr.write(
        `${label(event)}: ${done}${total ? `/${total}` : ''} ${unit}${share}${payload(event).figures}\n`,
      );
    },
    stop() {},
  };
}

const label = ({ stage, figures }: ProgressEvent) =>
  figures?.epoch === undefined ? stage : `${stage}, epoch ${figures.epoch} of ${figures.epochs}`;

function payload({ unit = '', figures = {}, ...event }: ProgressEvent) {
  const { rate, loss } = figures;
  const shown = [
    rate === undefined ? '' : ` | ${Math.round(rate).toLocaleString('en')}/s`,
    loss === undefined ? '' : ` | loss ${loss.toFixed(3)}`,
  ];
  return { label: label({ ...event, figures }), unit, figures: shown.join('') };
}

/** The most memory this process has held so far, in bytes. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;
