import { h } from './dom.js';

/** Milliseconds without a key before the server is asked. */
const PAUSE = 120;

/**
 * An editable combobox with a listbox, as the ARIA Authoring Practices have it: the focus stays in the input, arrows move
 * the active option, Enter picks it, Escape closes and then empties.
 *
 * @param {object} parts
 * @param {HTMLInputElement} parts.input
 * @param {HTMLElement} parts.list
 * @param {(text: string, signal: AbortSignal) => Promise<object[]>} parts.find
 * @param {(option: object) => Node[]} parts.render what an option shows
 * @param {(option: object) => void} parts.pick
 * @param {(text: string) => void} parts.say announces to a screen reader
 * @param {(problem?: Error) => void} parts.fail
 */
export function combobox({ input, list, find, render, pick, say, fail }) {
  let options = [];
  let active = -1;
  let asking = new AbortController();
  let timer;

  const close = () => {
    asking.abort();
    clearTimeout(timer);
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    activate(-1);
  };

  const activate = (place) => {
    active = place;
    [...list.children].forEach((option, at) => {
      if (options.length > 0) option.setAttribute('aria-selected', String(at === place));
    });
    if (place < 0) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', `${list.id}-${place}`);
    list.children[place].scrollIntoView({ block: 'nearest' });
  };

  const show = (found) => {
    options = found;
    list.replaceChildren(
      ...found.map((option, at) =>
        h(
          'li',
          {
            role: 'option',
            id: `${list.id}-${at}`,
            'aria-selected': 'false',
            mousedown: (event) => event.preventDefault(), // the input keeps the focus
            click: () => choose(at),
          },
          ...render(option),
        ),
      ),
    );
    if (found.length === 0)
      list.append(
        h(
          'li',
          { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' },
          'Nothing is called that',
        ),
      );
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    activate(-1);
    say(found.length === 0 ? 'Nothing is called that' : `${found.length} suggestions`);
  };

  const open = async (then) => {
    clearTimeout(timer); // a question that waited for a pause in typing is this one
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const found = await find(input.value.trim(), signal);
      if (signal.aborted) return;
      fail();
      show(found);
      then?.();
    } catch (error) {
      if (signal.aborted) return;
      close();
      fail(error);
    }
  };

  const choose = (place) => {
    const option = options[place];
    close();
    input.value = '';
    pick(option);
  };

  const move = (step) => {
    const { length } = options;
    if (length > 0) activate(active < 0 ? (step > 0 ? 0 : length - 1) : (active + step + length) % length);
  };

  const keys = {
    ArrowDown: () => (list.hidden ? void open(() => move(1)) : move(1)),
    ArrowUp: () => (list.hidden ? void open(() => move(-1)) : move(-1)),
    Enter: () => active >= 0 && choose(active),
    Escape: () => (list.hidden ? (input.value = '') : close()),
  };
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || !(event.key in keys)) return;
    event.preventDefault(); // Enter does not send the form from here, arrows do not move the caret
    keys[event.key]();
  });
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void open(), PAUSE);
  });
  input.addEventListener('click', () => list.hidden && void open());
  input.addEventListener('blur', close);
}
