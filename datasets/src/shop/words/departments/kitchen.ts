import { accessory, base, plain, series, type Department } from '../department.js';

export const kitchen: Department = {
  name: 'Kitchen',
  shelves: [
    base(
      'Espresso Machines',
      'Espresso Machine, Coffee Maker, Pod Machine',
      'crema, heating time, noise, water tank, steam',
      90,
      890,
    ),
    accessory(
      'Coffee Gear',
      'Portafilter, Milk Jug, Grinder, Drip Tray, Tamper',
      'fit, handle, balance, finish, cleaning',
      10,
      180,
    ),
    series(
      'Cookbooks',
      'Cookbook, Recipe Collection, Baking Book',
      'flavour, photography, layout, shopping list, index',
      12,
      45,
    ),
    plain(
      'Knives',
      "Chef's Knife, Paring Knife, Bread Knife, Knife Block",
      'edge, handle, balance, steel, finish',
      12,
      240,
    ),
  ],
  brands: ['Hobson', 'Daily Pantry', 'Marlowe', 'Cucinetta', 'Steelgarden', 'Bellavoro'],
  systems: ['Crema One', 'Barista 54', 'Aroma Duo', 'Moka Pro'],
  topics: ['Sourdough', 'Noodle', 'Vegetable', 'Pastry', 'Grill', 'Spice'],
};
