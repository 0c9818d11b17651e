import { preset } from '@towerkit/workspace/jest';

// The tests wait for commands more than they compute.
export default preset({ maxWorkers: 2 });
