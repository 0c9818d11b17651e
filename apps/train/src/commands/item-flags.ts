import { Option, type Command } from 'commander';

import { eachTime, metresList, namesList, positive } from './flag-values.js';
import { json } from './shared-options.js';

/** Flags of `add-items`. */
export const addItemsFlags = (command: Command): Command =>
  command
    .requiredOption('--artifact <folder>', 'what gets them; it is replaced as a whole')
    .requiredOption('--items <file>', "a file with the catalog's columns")
    .option(
      '--vectors <name=file>',
      'vectors of the items for a feature that is one: .npy, .safetensors or .parquet; given several times',
      eachTime,
    )
    .option(
      '--vector-ids <name=file>',
      'whose each row of those vectors is, where their file does not say',
      eachTime,
    )
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .addOption(
      new Option(
        '--on-bad-row <what>',
        'what to do with a row that cannot be used, or an item that is known',
      ).choices(['error', 'skip']),
    )
    .addOption(json());

/** Flags of `embed-images`. */
export const embedImagesFlags = (command: Command): Command =>
  command
    .requiredOption(
      '--model <folder>',
      'an image encoder: config.json, preprocessor_config.json and onnx/model.onnx (CLIP: onnx/vision_model.onnx)',
    )
    .requiredOption('--images <folder>', 'images, each named after the id of what it shows')
    .requiredOption('--out <file>', 'a .safetensors, .parquet or .npy file, the last with its ids beside it')
    .option('--batch-size <n>', 'images in one run of the model (default: 16)', positive)
    .option('--threads <n>', 'threads of the model', positive)
    .addOption(
      new Option('--on-bad <what>', 'what to do with a file that is no image').choices(['error', 'skip']),
    )
    .addOption(json());

/** Flags of `geo-features`. */
export const geoFeaturesFlags = (command: Command): Command =>
  command
    .requiredOption('--osm <file>', 'what stands where: .osm.pbf, .geojson or .json')
    .requiredOption(
      '--places <file>',
      'CSV, TSV or Parquet with an id, a latitude and a longitude in each row',
    )
    .requiredOption('--out <file>', 'a .csv, .csv.gz, .tsv or .parquet file, a row for each place')
    .option('--ground <file>', 'write streets, buildings and water as GeoJSON, too, for serve --ground')
    .option('--radius <metres>', 'of the circles, separated by commas (default: 100,200,500)', metresList)
    .option('--nearest <classes>', 'classes whose nearest is looked for, separated by commas', namesList)
    .option('--within <metres>', 'how far the nearest is looked for (default: 2000)', Number)
    .option('--classes <file>', 'JSON: rules by the name of their class, instead of the eleven of the study')
    .option('--id <column>', 'id of a place (default: the first column)')
    .option('--lat <column>', 'latitude in degrees (default: lat or latitude)')
    .option('--lon <column>', 'longitude in degrees (default: lon, lng or longitude)')
    .addOption(
      new Option('--on-bad <what>', 'what to do with coordinates out of range').choices(['error', 'skip']),
    )
    .addOption(json());

/** Flags of `search`. */
export const searchFlags = (command: Command): Command =>
  command
    .argument('<text>', 'what is looked for')
    .requiredOption('--artifact <folder>', 'what searches')
    .option('-k <n>', 'how many items', positive, 10)
    .option('--filter <json>', 'what the items must meet, such as \'{"brand": "acme"}\'')
    .option('--explain', 'say what each score is made of')
    .option('--history <ids>', 'items somebody had: products like them come sooner', eachTime)
    .option('--models <folder>', 'where text models are; from the hub when absent')
    .addOption(json());
