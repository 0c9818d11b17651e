import type { MilvusClient, ClientConfig } from '@zilliz/milvus2-sdk-node';

import type { TowerkitError } from '@towerkit/core';

import { badOption } from '../../checks/options.js';
import { refused, timedOut, unavailable, withoutSecrets } from '../database/errors.js';
import { optionalPackage } from '../missing-driver.js';
import type { MilvusOptions } from './options.js';

/** What Milvus answers to anything: failures come in here, or as an error of gRPC. */
interface Answer {
  readonly status: Status;
}
interface Status {
  readonly error_code: string | number;
  readonly reason: string;
  readonly code?: number;
}

// Codes of gRPC.
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;
const DOWN: readonly unknown[] = [CANCELLED, PERMISSION_DENIED, UNAVAILABLE, UNAUTHENTICATED];

/** Of Milvus: there is no such collection. */
const NO_COLLECTION = 100;

/** A client of Milvus whose failures are TowerkitErrors. */
export class Connection {
  /** @throws TowerkitError `MISSING_DRIVER`, `BAD_OPTION`, `UNAVAILABLE`, `TIMEOUT` */
  static async open(
    { address = 'localhost:19530', client: given = {} }: Pick<MilvusOptions, 'address' | 'client'>,
    timeout: number,
  ): Promise<Connection> {
    const name = '@zilliz/milvus2-sdk-node';
    const sdk = await optionalPackage(name, '3', () => import('@zilliz/milvus2-sdk-node'));
    const secrets = ['token', 'password', 'username'].map((key) => String(given[key] ?? ''));
    const config: ClientConfig = {
      logLevel: 'none',
      telemetry: { enabled: false },
      ...given,
      address,
      timeout,
      channelOptions: {
        // A server that is back is found within seconds; the default waits up to two minutes.
        'grpc.initial_reconnect_backoff_ms': 200,
        'grpc.max_reconnect_backoff_ms': 3000,
        ...(given.channelOptions as object | undefined),
      },
    };
    let client: MilvusClient;
    try {
      client = new sdk.MilvusClient(config);
      client.connectPromise.catch(() => undefined); // it is asked below
    } catch {
      throw badOption('address', 'host:port of a Milvus server', 'something else');
    }
    const connection = new Connection(client, address, secrets);
    try {
      await connection.call(async () => {
        await client.connectPromise;
        return client.hasCollection({ collection_name: 'any' });
      });
      connection.#isLite = String((await client.getVersion()).version).startsWith('milvus_lite');
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  #isLite = false;

  /** Whether it is milvus-lite. */
  get isLite(): boolean {
    return this.#isLite;
  }

  private constructor(
    readonly client: MilvusClient,
    private readonly place: string,
    private readonly secrets: readonly string[],
  ) {}

  /** @throws TowerkitError `UNAVAILABLE`, `TIMEOUT`, `DATABASE_ERROR` */
  async call<T extends Answer | Status>(ask: (client: MilvusClient) => Promise<T>): Promise<T> {
    const answer = await this.#answer(ask);
    const status = statusOf(answer);
    if (isFailure(status)) throw this.#refused(status);
    return answer;
  }

  /** The same, but undefined where a collection is not there. */
  async find<T extends Answer | Status>(ask: (client: MilvusClient) => Promise<T>): Promise<T | undefined> {
    const answer = await this.#answer(ask);
    const status = statusOf(answer);
    if (status?.code === NO_COLLECTION || status?.error_code === 'CollectionNotExists') return undefined;
    if (isFailure(status)) throw this.#refused(status);
    return answer;
  }

  async close(): Promise<void> {
    await this.client.closeConnection().catch(() => undefined);
  }

  async #answer<T>(ask: (client: MilvusClient) => Promise<T>): Promise<T> {
    try {
      return await ask(this.client);
    } catch (error) {
      // Some calls of the client throw the answer instead of returning it.
      const status = statusOf(Object(error) as Answer);
      throw isFailure(status) ? this.#refused(status) : this.#broken(error);
    }
  }

  #refused({ reason, error_code }: Status): TowerkitError {
    const { message } = withoutSecrets(new Error(reason || String(error_code)), this.secrets);
    return refused(`Milvus at ${this.place} refused: ${message}`);
  }

  #broken(error: unknown): TowerkitError {
    const cause = withoutSecrets(error, this.secrets);
    const { code } = cause as { code?: unknown };
    if (code === DEADLINE_EXCEEDED) return timedOut(`Milvus at ${this.place} took too long`, cause);
    if (DOWN.includes(code))
      return unavailable(
        `Milvus at ${this.place} cannot be reached: ${cause.message}`,
        'see that it runs, and that address and client are right',
        cause,
      );
    return refused(`Milvus at ${this.place} failed: ${cause.message}`, cause);
  }
}

const statusOf = (answer: Answer | Status): Status | undefined =>
  'status' in answer ? answer.status : 'error_code' in answer ? answer : undefined;

const isFailure = (status: Status | undefined): status is Status =>
  status !== undefined && ![0, '0', 'Success'].includes(status.error_code);
