export { generateShop, type Shop } from './shop/shop.js';
export { writeShop } from './shop/write-shop.js';
export { holdsShop, loadShop } from './shop/load-shop.js';
export { idealScores } from './shop/ideal.js';
export { reviewOf, type Review } from './shop/reviews.js';
export { SHOP_DEFAULTS, type ShopOptions } from './shop/options.js';
export { ANONYMOUS_NAMES, type ShopInteractions } from './shop/purchases.js';
export type { ShopItem } from './shop/naming.js';
export { manifests } from './manifests/all.js';
export { shopManifest } from './manifests/shop.js';
export type {
  Manifest,
  ManifestFile,
  InteractionsSchema,
  CatalogSchema,
  FileFormat,
} from './manifests/manifest.js';
export type { ErrorCode } from './error-code.js';
