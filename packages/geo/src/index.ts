export { surroundings, type SurroundingsOptions } from './surroundings.js';
export { readMap, type ReadMapOptions } from './read-map.js';
export { placeFeatures, type PlaceFeatures, type PlaceFeaturesOptions } from './place-features.js';
export { outlineOf, type Outline, type OutlineFeature } from './outline.js';
export type { GeoMap, LeftOut } from './map/geo-map.js';
export type { Extent } from './map/extent.js';

export { DEFAULT_CLASSES } from './classes/default-classes.js';
export { requireClassTable, type ClassRule, type ClassTable, type TagRule } from './classes/class-table.js';

export { placeState, type MaybePlace, type Place, type PlaceState } from './places.js';
export { centerOf, metresBetween, metresFrom } from './great-circle.js';
export type { ErrorCode } from './errors.js';
