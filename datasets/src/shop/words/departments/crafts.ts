import { accessory, base, plain, series, type Department } from '../department.js';

export const crafts: Department = {
  name: 'Crafts',
  shelves: [
    base(
      'Sewing Machines',
      'Sewing Machine, Overlocker, Quilting Machine',
      'stitch quality, noise, pedal, threading, lighting',
      90,
      980,
    ),
    accessory(
      'Presser Feet',
      'Presser Foot Set, Bobbin Set, Extension Table, Needle Pack, Hard Case',
      'fit, steel, labelling, precision, storage box',
      6,
      110,
    ),
    series(
      'Pattern Books',
      'Pattern Book, Knitting Book, Quilting Book',
      'sizing, charting, photography, wording, choice of yarn',
      8,
      36,
    ),
    plain(
      'Yarn',
      'Yarn, Yarn Bundle, Embroidery Kit, Fabric Pack',
      'texture, dye, softness, strength, value of the set',
      5,
      70,
    ),
  ],
  brands: ['Thimble', 'Patchwell', 'Loom & Lane', 'Woolgather', 'Silkworth', 'Maison Aiguille'],
  systems: ['Stitch 200', 'Bobbin Pro', 'Heirloom', 'Tailor QE'],
  topics: ['Cardigan', 'Quilt', 'Baby', 'Lace', 'Folk', 'Denim'],
};
