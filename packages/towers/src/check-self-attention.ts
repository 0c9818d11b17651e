import { TowerkitError } from '@towerkit/core';

/**
 * Checks the options of a self-attention tower.
 *
 * @throws TowerkitError `BAD_OPTION`, and `BAD_TOWER` for dimensions that the heads cannot share
 */
export function checkSelfAttention(
  sizes: Readonly<Record<'dimensions' | 'maxLength' | 'layers' | 'heads' | 'units', number>>,
  convolution: number,
  frequencies: { readonly share: number; readonly low: number } | undefined,
  attention: string,
): void {
  for (const [option, value] of Object.entries(sizes))
    if (!isWhole(value, 1)) throw bad(option, value, '1 or more');
  if (!isWhole(convolution, 0)) throw bad('convolution', convolution, '0 or more');
  if (frequencies) {
    const { share, low } = frequencies;
    if (!(share >= 0 && share <= 1)) throw bad('frequencies.share', share, 'in [0, 1]');
    if (!isWhole(low, 1)) throw bad('frequencies.low', low, '1 or more');
  }
  if (attention !== 'softmax' && attention !== 'pointwise')
    throw bad('attention', attention, "'softmax' or 'pointwise'");
  if (attention === 'pointwise' && frequencies)
    throw new TowerkitError('BAD_TOWER', 'frequencies stand beside the softmax attention alone', {
      hint: "leave out frequencies, or choose attention: 'softmax'",
    });
  const { dimensions, heads } = sizes;
  if (dimensions % heads !== 0)
    throw new TowerkitError('BAD_TOWER', `${heads} heads cannot share ${dimensions} dimensions`, {
      hint: 'choose dimensions that are a multiple of the heads',
    });
}

const isWhole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;

const bad = (option: string, value: number | string, rule: string) =>
  new TowerkitError('BAD_OPTION', `selfAttentionTower: ${option} must be ${rule}, got ${value}`, {
    details: { option, value },
  });
