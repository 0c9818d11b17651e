import type { ChildProcess } from 'node:child_process';

import type { Obeyed, Order } from './hooks.js';

/**
 * Sends orders to the hooks in a server. Each order gets the answer that was given to it: the hooks answer in the order in
 * which they are asked, and several orders may wait at once.
 *
 * @param ended rejects where the server ends, so that no order waits for ever
 */
export function ordersTo(
  child: Pick<ChildProcess, 'send' | 'on'>,
  ended: Promise<never>,
): (order: Order) => Promise<Obeyed> {
  const waiting: ((obeyed: Obeyed) => void)[] = [];
  child.on('message', (obeyed: Obeyed) => waiting.shift()?.(obeyed));
  return (order) => {
    const answer = new Promise<Obeyed>((resolve) => waiting.push(resolve));
    child.send(order, () => undefined); // it cannot be sent where the server ends: `ended` says so
    return Promise.race([answer, ended]);
  };
}
