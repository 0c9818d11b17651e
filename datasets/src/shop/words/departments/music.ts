import { accessory, base, plain, series, type Department } from '../department.js';

export const music: Department = {
  name: 'Music',
  shelves: [
    base(
      'Synthesizers',
      'Synthesizer, Stage Keyboard, Groovebox',
      'sound, keyboard, menu, build, sequencer',
      120,
      1400,
    ),
    accessory(
      'Studio Gear',
      'Stand, Sustain Pedal, Gig Bag, Patch Cable Set, Dust Cover',
      'stability, cable, padding, build, size',
      9,
      140,
    ),
    series('Records', 'Album, Live Album, Vinyl LP', 'mix, opening track, pressing, sleeve, singing', 10, 48),
    plain(
      'Headphones',
      'Headphone Set, Earbud Set, Monitor Headset, Speaker',
      'bass, comfort, cable, isolation, treble',
      18,
      420,
    ),
  ],
  brands: ['Tinwhistle', 'Echolane', 'Fourth Fret', 'Wavehouse', 'Monodrome', 'Aurelia'],
  systems: ['Polar 8', 'Mono 12', 'Drift 25', 'Cascade'],
  topics: ['Midnight', 'Delta', 'Neon', 'Cathedral', 'Motor City', 'Ocean'],
};
