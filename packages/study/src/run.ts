// Apart from the main entry: running a job brings tfjs and a bundler along, which a report does without.
export { serveJobs } from './runs/serve-jobs.js';
export { runJob, type LoadConfig, type RunJobOptions } from './runs/run-job.js';
