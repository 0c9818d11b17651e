import { preset } from '@towerkit/workspace/jest';

export default preset();
