import { loadConfig } from '@towerkit/pipeline/config-files';

import { serveJobs } from './runs/serve-jobs.js';

// The program of a run where the study names no other: packages are looked up from each config.
serveJobs(loadConfig);
