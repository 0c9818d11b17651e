import type { ClassTable } from './class-table.js';

/** What is measured by its area or length elsewhere, or is no place that somebody goes to. */
const NO_POI = [
  ...['bicycle_parking', 'parking', 'parking_entrance', 'parking_space', 'fuel', 'motorcycle_parking'],
  ...['bus_station', 'ferry_terminal', 'taxi', 'loading_dock'],
];

/**
 * The eleven classes of the restaurant study, after the layers of the same names in Geofabrik's free shape files, though not value
 * by value. Points are nodes alone, as in those layers; a building with a restaurant's tags is a building.
 *
 * @example
 * ```ts
 * const classes = { ...DEFAULT_CLASSES, gardens: { kind: 'areas', tags: { leisure: ['garden'] } } };
 * ```
 */
export const DEFAULT_CLASSES = {
  pois: {
    kind: 'points',
    tags: {
      amenity: true,
      shop: true,
      tourism: true,
      leisure: true,
      historic: true,
      office: true,
      craft: true,
    },
    without: { amenity: NO_POI, shop: ['vacant'], leisure: ['slipway', 'marina'] },
  },
  places: { kind: 'points', tags: { place: true } },
  traffic: {
    kind: 'points',
    tags: {
      highway: [
        ...['traffic_signals', 'mini_roundabout', 'stop', 'give_way', 'crossing', 'motorway_junction'],
        ...['turning_circle', 'speed_camera', 'street_lamp', 'ford', 'services', 'rest_area'],
      ],
      amenity: ['fuel', 'parking', 'parking_entrance', 'bicycle_parking', 'motorcycle_parking'],
      leisure: ['slipway', 'marina'],
      man_made: ['pier'],
      waterway: ['dam', 'waterfall', 'lock_gate', 'weir'],
    },
  },
  transport: {
    kind: 'points',
    tags: {
      highway: ['bus_stop'],
      railway: ['station', 'halt', 'tram_stop', 'subway_entrance'],
      amenity: ['bus_station', 'ferry_terminal', 'taxi'],
      aeroway: ['aerodrome', 'helipad', 'terminal'],
      aerialway: ['station'],
    },
  },
  roads: {
    kind: 'lines',
    tags: {
      highway: [
        ...['motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'unclassified', 'residential'],
        ...['motorway_link', 'trunk_link', 'primary_link', 'secondary_link', 'tertiary_link', 'busway'],
        ...['living_street', 'pedestrian', 'service', 'track', 'bridleway', 'cycleway', 'footway', 'path'],
        ...['steps', 'road'],
      ],
    },
    without: { area: ['yes'] },
  },
  railways: {
    kind: 'lines',
    tags: {
      railway: ['rail', 'light_rail', 'subway', 'tram', 'monorail', 'narrow_gauge', 'miniature', 'funicular'],
    },
  },
  waterways: {
    kind: 'lines',
    tags: { waterway: ['river', 'stream', 'canal', 'drain', 'ditch', 'tidal_channel'] },
    without: { area: ['yes'] },
  },
  buildings: { kind: 'areas', tags: { building: true } },
  landuse: {
    kind: 'areas',
    tags: {
      landuse: true,
      leisure: ['park', 'common', 'nature_reserve', 'recreation_ground'],
      boundary: ['national_park', 'protected_area'],
    },
    without: { landuse: ['reservoir', 'basin'] },
  },
  natural: {
    kind: 'areas',
    tags: { natural: true },
    without: {
      natural: ['water', 'wetland', 'glacier', 'bay', 'strait', 'coastline', 'cliff', 'ridge', 'tree_row'],
    },
  },
  water: {
    kind: 'areas',
    tags: {
      natural: ['water', 'wetland', 'glacier'],
      waterway: ['riverbank', 'dock'],
      landuse: ['reservoir', 'basin'],
    },
  },
} as const satisfies ClassTable;
