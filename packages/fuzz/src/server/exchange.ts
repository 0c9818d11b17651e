import { connect } from 'node:net';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** An answer, or why there is none. */
export interface WireAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `closed` where the server hung up without a whole answer, `late` where nothing came in time. */
  readonly failed?: 'closed' | 'late';
}

/** Sends bytes that no client library would, and reads one answer. */
export function exchange(port: number, request: WireRequest, limit: number): Promise<WireAnswer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const settle = (failed?: 'closed' | 'late') => {
      clearTimeout(timer);
      socket.destroy();
      const answer = parsed(Buffer.concat(parts));
      resolve(answer.status === undefined ? { ...answer, failed: failed ?? 'closed' } : answer);
    };
    const timer = setTimeout(() => settle('late'), limit);
    socket.on('error', () => settle('closed')).on('close', () => settle('closed'));
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      if (isWhole(Buffer.concat(parts))) settle();
    });
    socket.write(bytesOf(request));
  });
}

function bytesOf({ method, target, headers, body }: WireRequest): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  // Targets and headers go out byte for byte, bodies as UTF-8.
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return body === undefined ? head : Buffer.concat([head, Buffer.from(body)]);
}

function isWhole(given: Buffer): boolean {
  const bytes = final(given);
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const { headers } = parsed(bytes);
  const length = headers['content-length'];
  if (length !== undefined) return bytes.length >= end + 4 + Number(length);
  return headers['transfer-encoding'] === undefined || bytes.subarray(-5).toString('latin1') === '0\r\n\r\n';
}

/** Without `100 Continue`, which is not the answer yet. */
function final(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, 13).equals(Buffer.from('HTTP/1.1 100 '))) return bytes;
  const end = bytes.indexOf('\r\n\r\n');
  return end < 0 ? Buffer.alloc(0) : final(bytes.subarray(end + 4));
}

function parsed(given: Buffer): WireAnswer {
  const bytes = final(given);
  const end = bytes.indexOf('\r\n\r\n');
  const [first, ...lines] = bytes.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(first)?.[1];
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const raw = bytes.subarray(end + 4);
  const body = headers['transfer-encoding'] === undefined ? raw.toString('utf8') : unchunked(raw);
  return { ...(status !== undefined && { status: Number(status) }), headers, body };
}

function unchunked(bytes: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    if (end < 0 || !(size > 0)) break;
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts).toString('utf8');
}
