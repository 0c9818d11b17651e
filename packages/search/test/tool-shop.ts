/** A small shop with judgments: things in colors and sizes, asked for in other words than their titles have. */
const THINGS: readonly (readonly [name: string, asked: string])[] = [
  ['Cordless Drill', 'boring machine'],
  ['Claw Hammer', 'nail basher'],
  ['Ceiling Fan', 'air mover'],
  ['Shower Head', 'bath sprinkler'],
  ['Paint Roller', 'wall coater'],
  ['Door Lock', 'entry bolt lock'],
  ['Garden Hose', 'lawn pipe'],
  ['Light Bulb', 'lamp'],
];
const COLORS = ['Black', 'White', 'Brushed Nickel', 'Red', 'Oak'];
const SIZES = ['12 in.', '2x4', '18-Volt', '3/4 in.'];

export interface ToolShop {
  readonly products: readonly { readonly id: string; readonly title: string; readonly brand: string }[];
  readonly judgments: readonly { readonly query: string; readonly product: string; readonly label: string }[];
}

/** 160 products and 48 queries; labels 1 to 4. */
export function toolShop(): ToolShop {
  const products = THINGS.flatMap(([name], thing) =>
    COLORS.flatMap((color, c) =>
      SIZES.map((size, s) => ({
        id: `p${thing}-${c}-${s}`,
        title: `${['Acme', 'Bolt'][s % 2]} ${color} ${name} ${size}`,
        brand: ['Acme', 'Bolt'][s % 2],
      })),
    ),
  );
  const judgments = THINGS.flatMap(([, asked], thing) =>
    ['', ...COLORS].flatMap((color, c) => {
      const query = `${color.toLowerCase()} ${asked}`.trim();
      const at = (t: number, k: number, s: number, label: number) => ({
        query,
        product: `p${t}-${k}-${s}`,
        label: String(label),
      });
      const own = c === 0 ? 0 : c - 1;
      return [
        ...[0, 1, 2, 3].map((s) => at(thing, own, s, 4)),
        at(thing, (own + 1) % COLORS.length, 0, c === 0 ? 4 : 2),
        at((thing + 1) % THINGS.length, own, 1, 1),
      ];
    }),
  );
  return { products, judgments };
}
