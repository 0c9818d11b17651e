// Apart from the main entry: reading a config brings a bundler along.
export { loadConfig, type LoadConfigOptions, type LoadedConfig } from './config/load-config.js';
