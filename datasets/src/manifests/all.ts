import { amazonVideoGames2023 } from './amazon-video-games-2023.js';
import { completeJourney } from './complete-journey.js';
import { datafinitiReviews } from './datafiniti-reviews.js';
import { esci } from './esci.js';
import { esciJudgments } from './esci-judgments.js';
import { gowalla } from './gowalla.js';
import { homeDepot } from './home-depot.js';
import { homeDepotSearch } from './home-depot-search.js';
import type { Manifest } from './manifest.js';
import { ml100k } from './ml-100k.js';
import { movielens1m } from './movielens-1m.js';
import { nycCheckinsOsm } from './nyc-checkins-osm.js';
import { petalingJayaCheckins } from './petaling-jaya-checkins.js';
import { s3recBeauty } from './s3rec-beauty.js';
import { wands } from './wands.js';
import { yelp } from './yelp.js';
import { yelpCore40 } from './yelp-core40.js';
import { yelpPhiladelphia } from './yelp-philadelphia.js';

/** The public sets Towerkit knows, by name in alphabetical order. The generated shop has its own manifest. */
export const manifests: readonly Manifest[] = [
  amazonVideoGames2023,
  completeJourney,
  datafinitiReviews,
  esci,
  esciJudgments,
  gowalla,
  homeDepot,
  homeDepotSearch,
  ml100k,
  movielens1m,
  nycCheckinsOsm,
  petalingJayaCheckins,
  s3recBeauty,
  wands,
  yelp,
  yelpCore40,
  yelpPhiladelphia,
];
