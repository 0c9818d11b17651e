import shipped from '../../../train/configs/places-profile-bpr.ts';
import { onTest } from './_on-test.mjs';

export default onTest(shipped, 'profile-bpr');
