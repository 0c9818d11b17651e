import { bpr, type Config } from 'towerkit';

import profile, { profileModel } from './places-profile.js';

/** `places-profile` that ranks a place somebody went to above one drawn at random (BPR), in place of telling the two apart. */
export default {
  ...profile,
  name: 'places-profile-bpr',
  model: profileModel(bpr()),
} satisfies Config;
