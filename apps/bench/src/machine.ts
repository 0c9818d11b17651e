import { cpus, totalmem } from 'node:os';

/** The machine, for the head of a report. */
export function machine(): string {
  const cores = cpus();
  return `${cores[0].model.trim()}, ${cores.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}
