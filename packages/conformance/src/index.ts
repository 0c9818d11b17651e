export { recommenderSuite } from './recommender-suite.js';
export type { RecommenderSuiteOptions } from './suite.js';
export { tasteMatrix, type TasteMatrix } from './taste-matrix.js';
