import { accessory, base, plain, series, type Department } from '../department.js';

export const books: Department = {
  name: 'Books',
  shelves: [
    base(
      'E-Readers',
      'E-Reader, Reading Tablet, Pocket Reader',
      'screen, battery life, page turning, menu, weight',
      70,
      330,
    ),
    accessory(
      'Reader Gear',
      'Folio Cover, Clip Light, Sleeve, Page Turner, Stylus',
      'fit, hinge, material, stitching, brightness',
      8,
      60,
    ),
    series(
      'Novels',
      'Novel, Mystery Novel, Fantasy Novel, Historical Novel',
      'ending, prose, plot, dialogue, setting',
      6,
      32,
    ),
    plain(
      'Notebooks',
      'Notebook, Journal, Planner, Sketchbook',
      'paper, binding, cover, layout, ribbon',
      5,
      40,
    ),
  ],
  brands: ['Pennyleaf', 'Oakmere', 'Lantern House', 'Quillon', 'Ashford', 'Vellum & Sons'],
  systems: ['Folio 3', 'InkPad S', 'Lumen Mini', 'Codex'],
  topics: ['Ember Crown', 'Harbour', 'Winter Court', 'Detective', 'Clockmaker', 'Island'],
};
