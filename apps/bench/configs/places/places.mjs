/** `places` with the last tenth of the rows as a test and the tenth before it to choose by, and without a refit: every model knows the same. */
import shipped from '../../../train/configs/places.ts';
import { onTest } from './_on-test.mjs';

export default onTest(shipped, 'places');
