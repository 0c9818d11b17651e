import { preset } from '@towerkit/workspace/tsup';

export default preset();
