import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Python with milvus-lite, where there is one. */
export const milvusPython = process.env.TOWERKIT_MILVUS_PYTHON;

/** Milvus' own small server. */
export class MilvusLite {
  static async start(): Promise<MilvusLite> {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-milvus-'));
    const port = await freePort();
    const args = ['server', '--data-dir', folder, '--host', '127.0.0.1', '--port', String(port)];
    const server = spawn(join(dirname(milvusPython!), 'milvus-lite'), args, {
      stdio: 'ignore',
      env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONUNBUFFERED: '1' },
    });
    const milvus = new MilvusLite(server, folder, port);
    await milvus.#listens();
    return milvus;
  }

  private constructor(
    private readonly server: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const exit = once(this.server, 'exit');
      this.server.kill('SIGKILL');
      await exit;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #listens(): Promise<void> {
    for (const end = Date.now() + 30_000; ;) {
      const socket = connect(this.port, '127.0.0.1');
      const open = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      });
      socket.destroy();
      if (open) return;
      if (this.server.exitCode !== null || Date.now() > end) throw new Error('milvus-lite does not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
