export { recommenderSuite, type RecommenderSuiteOptions } from './recommender-suite.js';
export { tasteMatrix, type TasteMatrix } from './taste-matrix.js';
