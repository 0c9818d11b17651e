import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can misbehave: the network between a driver and its database. */
export class Proxy {
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  #stalled = false;
  #left = Infinity;

  static async to(port: number): Promise<Proxy> {
    const proxy = new Proxy(port);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(readonly target: number) {}

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Passes nothing on, and loses nothing. */
  stall(): void {
    this.#stalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    this.#stalled = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Breaks all connections, and any later one, once so many bytes more have come from clients. */
  breakAfter(bytes: number): void {
    this.#left = bytes;
  }

  /** Works as it should again. */
  heal(): void {
    this.#left = Infinity;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket): void {
    if (this.#left <= 0) {
      client.destroy();
      return;
    }
    const server = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes: Buffer) => {
        if (from === client) this.#left -= bytes.length;
        if (this.#left <= 0) for (const socket of this.#sockets) socket.destroy();
        else to.write(bytes);
      });
      if (this.#stalled) from.pause();
    }
  }
}
