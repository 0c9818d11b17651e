import type { Subject } from '../victim/protocol.js';

/** What runs in a process that may die, loaded when it is chosen. */
export const subjects = {
  artifacts: async () => (await import('./artifacts-subject.js')).askArtifact,
  indexes: async () => (await import('./indexes-subject.js')).searchIndex,
  checkpoints: async () => (await import('./checkpoints-subject.js')).resumeRun,
  stores: async () => (await import('./stores-subject.js')).openStored,
  data: async () => (await import('./data-subject.js')).readData,
  config: async () => (await import('./config-subject.js')).tryConfig,
} satisfies Record<string, () => Promise<Subject>>;

export type SubjectName = keyof typeof subjects;
