import { flags } from '../arguments.js';

/** Flags of the retrieval benchmark. */
export const args = flags({
  shared: '../../../shared/datasets/amazon-video-games-2023',
  parts: 'latency,batch,filters,curves,million',
  part: '',
  queries: '500',
  rounds: '3',
  items: '1000000',
  noise: '0.1',
  work: '',
  svg: '',
  json: '',
  out: '',
  postgres: '',
  milvus: '',
});

export type Args = typeof args;
