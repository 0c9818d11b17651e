import type { Manifest } from './manifest.js';

export const gowalla: Manifest = {
  name: 'gowalla',
  title: 'Gowalla check-ins, the LightGCN split',
  homepage: 'https://github.com/gusye1234/LightGCN-PyTorch',
  license:
    'The check-ins come from SNAP (https://snap.stanford.edu/data/loc-gowalla.html), which states no license; ' +
    'cite Cho, Myers and Leskovec, KDD 2011. Not to be redistributed here.',
  packaging:
    "Derived: the split's training part divided into train and valid, its test part held back. One line per " +
    'user, `user item item ...`, in no order of time. Checksums are of these files.',
  files: [
    { name: 'train.txt.gz', sha256: 'aa35b5539b086969dbc611e26ca1b856208beeb7c1688bdc519d0debba7855b1' },
    { name: 'valid.txt.gz', sha256: '4a22e3619724602dce32bf5177746901a7db3da5f3ab7292d5d79b92bf3c2b83' },
  ],
  interactions: {
    file: 'train.txt.gz',
    heldBack: { validation: 'valid.txt.gz' },
    format: 'sequences',
    columns: { user: 'user_id', item: 'item_id' },
  },
  protocol:
    'Train on train.txt.gz, choose on valid.txt.gz (both in the same format). Rank all items, the training ' +
    'items of the user removed. Recall@20 with all relevant items in the denominator, NDCG@20.',
};
