import type { Department } from './department.js';
import { books } from './departments/books.js';
import { crafts } from './departments/crafts.js';
import { fitness } from './departments/fitness.js';
import { kitchen } from './departments/kitchen.js';
import { music } from './departments/music.js';
import { outdoor } from './departments/outdoor.js';
import { photography } from './departments/photography.js';
import { videoGames } from './departments/video-games.js';

/** The eight categories of the shop. Every brand and system is invented. */
export const DEPARTMENTS: readonly Department[] = [
  videoGames,
  books,
  outdoor,
  kitchen,
  music,
  photography,
  fitness,
  crafts,
];
