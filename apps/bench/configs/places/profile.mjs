import shipped from '../../../train/configs/places-profile.ts';
import { onTest } from './_on-test.mjs';

export default onTest(shipped, 'profile');
