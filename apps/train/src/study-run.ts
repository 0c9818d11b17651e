import { serveJobs } from '@towerkit/study/run';

import { loadConfig } from './config/load-config.js';

// The program of one run of a study: it reads configs as the command does.
serveJobs(loadConfig);
