import { TowerkitError } from '../errors.js';

/** What events of one kind do beside being kept and counted. */
export interface EventKind {
  /** Whether the item enters the history that the user's answers are made from. */
  readonly history: boolean;
  /** Whether the item is left out of the user's answers. */
  readonly exclude: boolean;
}

/** The kind of an event that names none. */
export const DEFAULT_KIND = 'interaction';

/** The kinds that are known without a config: what somebody has or refuses is left out, what they looked at is not. */
export const DEFAULT_KINDS: Readonly<Record<string, EventKind>> = {
  interaction: { history: true, exclude: true },
  impression: { history: false, exclude: false },
  view: { history: true, exclude: false },
  click: { history: true, exclude: false },
  like: { history: true, exclude: false },
  cart: { history: true, exclude: false },
  purchase: { history: true, exclude: true },
  dislike: { history: false, exclude: true },
  hide: { history: false, exclude: true },
};

/** The kinds of events that are taken, and what they mean. */
export class EventKinds {
  /** Kinds whose items enter the history. */
  readonly history: readonly string[];
  /** Kinds whose items are left out of answers. */
  readonly exclude: readonly string[];
  readonly names: readonly string[];
  readonly #names: ReadonlySet<string>;

  /** @param kinds by name, such as {@link DEFAULT_KINDS} */
  constructor(kinds: Readonly<Record<string, EventKind>>) {
    this.names = Object.keys(kinds);
    this.#names = new Set(this.names);
    this.history = this.names.filter((name) => kinds[name].history);
    this.exclude = this.names.filter((name) => kinds[name].exclude);
  }

  /**
   * @param where what names the kind, for the message, such as `body/type`
   * @throws TowerkitError `UNKNOWN_KIND` for a kind that is not there
   */
  check(name: string, where: string): void {
    if (this.#names.has(name)) return;
    throw new TowerkitError('UNKNOWN_KIND', `${where}: there is no kind of event ${JSON.stringify(name)}`, {
      hint: `the kinds are ${this.names.join(', ')}; \`kinds\` in the config of the server adds others`,
      details: { kinds: this.names },
    });
  }
}
