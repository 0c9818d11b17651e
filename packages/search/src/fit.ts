export {
  fitSearch,
  type FitSearchOptions,
  type FittedSearch,
  type SearchData,
  type SearchEpoch,
} from './fit/fit-search.js';
