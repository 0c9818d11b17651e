import { preset } from '@towerkit/workspace/jest';

// Each test runs children of its own, and judges how long they take: one at a time.
export default preset({ maxWorkers: 1, testTimeout: 300_000 });
