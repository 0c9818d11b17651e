/**
 * How the items of a shelf relate to each other: parts of a series are bought in order, accessories after the
 * `base` they fit; `plain` items stand alone.
 */
export type ShelfKind = 'base' | 'accessory' | 'series' | 'plain';

/** A subcategory: what is on it is called one of `nouns` and costs between the two prices. */
export interface Shelf {
  readonly name: string;
  readonly kind: ShelfKind;
  readonly nouns: readonly string[];
  /** What reviewers of its items talk about, five. */
  readonly aspects: readonly string[];
  readonly price: readonly [low: number, high: number];
}

/** A category with everything that is particular to it: its shelves, brands, systems and talk. */
export interface Department {
  readonly name: string;
  /** One shelf of each {@link ShelfKind}, in that order. */
  readonly shelves: readonly [Shelf, Shelf, Shelf, Shelf];
  /** From the cheapest to the dearest. */
  readonly brands: readonly string[];
  /** What a base is an instance of, and an accessory fits. */
  readonly systems: readonly string[];
  /** What its series are about. */
  readonly topics: readonly string[];
}

const shelf =
  (kind: ShelfKind) =>
  (name: string, nouns: string, aspects: string, low: number, high: number): Shelf => ({
    name,
    kind,
    nouns: nouns.split(', '),
    aspects: aspects.split(', '),
    price: [low, high],
  });
const base = shelf('base');
const accessory = shelf('accessory');
const series = shelf('series');
const plain = shelf('plain');

/** The eight categories of the shop. Every brand and system is invented. */
export const DEPARTMENTS: readonly Department[] = [
  {
    name: 'Video Games',
    shelves: [
      base(
        'Consoles',
        'Console, Handheld Console, Console Bundle',
        'loading time, controller, setup, cooling, picture',
        180,
        560,
      ),
      accessory(
        'Controllers',
        'Controller, Headset, Charging Dock, Racing Wheel, Carry Case',
        'grip, battery life, cable, button feel, build',
        15,
        160,
      ),
      series(
        'Games',
        'Game, Adventure Game, Strategy Game, Racing Game',
        'story, soundtrack, pacing, difficulty, artwork',
        15,
        70,
      ),
      plain(
        'Figures',
        'Figure, Plush Toy, Display Stand, Desk Mat',
        'paint, sculpt, packaging, size, finish',
        8,
        90,
      ),
    ],
    brands: ['Pluckwood', 'Brightpixel', 'Hexaplay', 'Tallgate', 'Novarune', 'Kingsmark'],
    systems: ['Orbit 5', 'Nimbus X', 'Pixelbox', 'Vanta Go'],
    topics: ['Starfall', 'Dungeon', 'Turbo', 'Kingdom', 'Mech', 'Harvest'],
  },
  {
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
  },
  {
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
  },
  {
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
  },
  {
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
      series(
        'Records',
        'Album, Live Album, Vinyl LP',
        'mix, opening track, pressing, sleeve, singing',
        10,
        48,
      ),
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
  },
  {
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
  },
  {
    name: 'Fitness',
    shelves: [
      base(
        'Smart Watches',
        'Smart Watch, Running Watch, Fitness Tracker',
        'tracking, display, battery life, app, comfort',
        60,
        650,
      ),
      accessory(
        'Watch Bands',
        'Watch Band, Screen Guard, Charger, Chest Strap, Bike Mount',
        'clasp, material, fit, texture, durability',
        7,
        90,
      ),
      series(
        'Workout Programs',
        'Workout Program, Training Plan, Yoga Program',
        'coaching, variety, warm-up, music, progression',
        10,
        50,
      ),
      plain(
        'Running Shoes',
        'Running Shoe, Trail Shoe, Gym Shoe, Running Belt',
        'cushioning, sole, fit, lacing, grip',
        25,
        220,
      ),
    ],
    brands: ['Trotwell', 'Pacer', 'Quickfoot', 'Meridian', 'Stridelab', 'Olympe'],
    systems: ['Pulse 4', 'Tempo GT', 'Circuit', 'Vigor S'],
    topics: ['Marathon', 'Strength', 'Mobility', 'Sprint', 'Balance', 'Triathlon'],
  },
  {
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
  },
];
