import { accessory, base, plain, series, type Department } from '../department.js';

export const outdoor: Department = {
  name: 'Outdoor',
  shelves: [
    base(
      'Tents',
      'Tent, Tunnel Tent, Dome Tent',
      'waterproofing, weight, ventilation, zip, pitching',
      70,
      620,
    ),
    accessory(
      'Tent Gear',
      'Footprint, Pole Set, Rain Fly, Gear Loft, Peg Set',
      'fit, stitching, weight, packing size, coating',
      10,
      120,
    ),
    series(
      'Trail Guides',
      'Trail Guide, Hiking Map Set, Route Atlas',
      'detail, index, paper, route choice, photography',
      9,
      35,
    ),
    plain(
      'Backpacks',
      'Backpack, Daypack, Dry Bag, Trekking Pack',
      'hip belt, zip, back panel, fabric, rain cover',
      25,
      260,
    ),
  ],
  brands: ['Gullybrook', 'Farstep', 'Northpeak', 'Cairn & Co', 'Altavia', 'Summitry'],
  systems: ['Ridge 2P', 'Fjord 4', 'Mistral UL', 'Basecamp 6'],
  topics: ['Alpine', 'Coast', 'Forest', 'Canyon', 'Lakes', 'Highland'],
};
