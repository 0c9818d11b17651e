import type { Manifest } from './manifest.js';

export const s3recBeauty: Manifest = {
  name: 's3rec-beauty',
  title: 'Amazon Beauty 5-core sequences with item attributes, as S3-Rec prepared them',
  homepage: 'https://github.com/RUCAIBox/CIKM2020-S3Rec',
  license: 'Research use; made from the Amazon review data of McAuley et al. Not to be redistributed here.',
  packaging:
    'Derived: one line per user, `user item item ...`, oldest first, ids from 1, with the last target of each ' +
    'user held back; attributes as JSON, item to attribute ids. Renamed and compressed. Checksums are of these ' +
    'files.',
  files: [
    { name: 'sequences.txt.gz', sha256: '2c2b5da5142e7089c27add9c8e6ba6edf9c3cbbe02c42c50828aeb781ddfe401' },
    {
      name: 'attributes.json.gz',
      sha256: 'e56011b985ee247e1451b8bd4e19f976c219716bccb3f24de668d6ffc4f6e8f7',
    },
  ],
  interactions: {
    file: 'sequences.txt.gz',
    format: 'sequences',
    columns: { user: 'user_id', item: 'item_id' },
  },
  protocol:
    "Leave-last-out in the order of the line, no further filtering: each user's last item is the target. Rank " +
    'all items, the history removed. Users whose target repeats their history are not evaluated. HR@10, NDCG@10.',
};
