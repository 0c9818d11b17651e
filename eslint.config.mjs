export { preset as default } from '@towerkit/workspace/eslint';
