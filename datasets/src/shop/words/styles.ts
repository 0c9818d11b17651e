/** A look that items have and people want; it shows in the words of a title. */
export interface Style {
  readonly name: string;
  readonly words: readonly string[];
}

/** The six styles of the shop, the same in every category. */
export const STYLES: readonly Style[] = [
  { name: 'retro', words: ['Retro', 'Vintage', 'Classic', 'Heritage'] },
  { name: 'minimalist', words: ['Minimal', 'Slim', 'Pure', 'Clean'] },
  { name: 'rugged', words: ['Rugged', 'Tough', 'Armoured', 'Expedition'] },
  { name: 'playful', words: ['Playful', 'Rainbow', 'Happy', 'Pastel'] },
  { name: 'professional', words: ['Pro', 'Expert', 'Master', 'Studio'] },
  { name: 'natural', words: ['Natural', 'Organic', 'Earth', 'Botanic'] },
];
