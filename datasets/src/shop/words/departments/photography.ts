import { accessory, base, plain, series, type Department } from '../department.js';

export const photography: Department = {
  name: 'Photography',
  shelves: [
    base(
      'Cameras',
      'Camera, Mirrorless Camera, Compact Camera',
      'autofocus, viewfinder, menu, grip, battery life',
      210,
      1900,
    ),
    accessory(
      'Lenses',
      'Prime Lens, Zoom Lens, Macro Lens, Battery Grip, Filter Kit',
      'sharpness, contrast, focus ring, mount, build',
      30,
      900,
    ),
    series(
      'Photo Courses',
      'Photo Course, Editing Course, Lighting Course',
      'teaching, pacing, example set, narration, depth',
      14,
      60,
    ),
    plain(
      'Camera Bags',
      'Camera Bag, Sling, Tripod, Camera Strap',
      'padding, strap, zip, balance, fabric',
      14,
      210,
    ),
  ],
  brands: ['Snapwell', 'Parallax', 'Lumora', 'Greyfield', 'Optica Nord', 'Veridian'],
  systems: ['Alto M', 'Fenix R', 'Iris Z', 'Kestrel'],
  topics: ['Portrait', 'Landscape', 'Street', 'Wildlife', 'Studio', 'Night'],
};
