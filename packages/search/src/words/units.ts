/** Units as shops write them, by the one way in which they are read here. */
const SPELLINGS: Readonly<Record<string, string>> = {
  in: 'inch inches',
  ft: 'foot feet',
  yd: 'yard yards',
  mm: 'millimeter millimeters millimetre millimetres',
  cm: 'centimeter centimeters centimetre centimetres',
  lb: 'lbs pound pounds',
  oz: 'ounce ounces',
  kg: 'kgs kilogram kilograms',
  gal: 'gallon gallons',
  qt: 'quart quarts',
  volt: 'v volts',
  watt: 'w watts',
  amp: 'amps ampere amperes',
  sq: 'square',
  cu: 'cubic',
  pk: 'pack packs pcs piece pieces',
  btu: 'btus',
};

const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([unit, others]) => others.split(' ').map((other) => [other, unit])),
);

/** The unit that a word names, in its one spelling; undefined for a word that is none, or is spelled so already. */
export const unitOf = (word: string): string | undefined => UNITS.get(word);
