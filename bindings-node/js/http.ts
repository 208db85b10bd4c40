// HTTP/1.1 as the only client of one server: one request at a time, over a kept connection.
//
// `node:http` can do much more, and pays for it: loading it is a seventh of an agent's cold start, and a request through it
// takes twice as long.

import net = require('node:net');

/** What a server answered. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. Of a name that came twice, the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Bytes of a status line with all headers. */
const MOST_HEAD = 1 << 16;

/** A place in the printable part of ASCII, without spaces: what a path may be made of here. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

export class Connection {
  readonly #host: string;
  readonly #port: number;
  #open: { readonly socket: net.Socket; readonly incoming: Incoming } | undefined;

  /** `127.0.0.1:9001` */
  constructor(readonly address: string) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#host = hostname.replace(/^\[|\]$/g, '');
    this.#port = Number(port || 80);
  }

  /**
   * Sends a request and waits for the whole reply, for as long as it takes. Requests must not overlap.
   *
   * @throws {Error} when the connection ends first, or what comes is no HTTP
   */
  async send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: Buffer): Promise<Reply> {
    const { socket, incoming } = (this.#open ??= this.#connect());
    const lines = [`${method} ${path} HTTP/1.1`, `host: ${this.address}`];
    for (const name in headers) lines.push(`${name}: ${headers[name]}`);
    if (body !== undefined) lines.push(`content-length: ${body.length}`);
    // Both in one packet.
    socket.cork();
    socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    if (body !== undefined) socket.write(body);
    socket.uncork();
    const reply = await readReply(incoming);
    if (reply.headers.get('connection')?.toLowerCase() === 'close') this.#leave(socket);
    return reply;
  }

  #connect() {
    const socket = net.connect({ host: this.#host, port: this.#port, noDelay: true });
    const incoming = new Incoming();
    const ended = (error?: Error) => {
      incoming.fail(error ?? new Error('it ended the connection'));
      this.#leave(socket);
    };
    socket.on('data', (chunk: Buffer) => incoming.push(chunk));
    socket.on('end', () => ended());
    socket.on('error', ended);
    return { socket, incoming };
  }

  /** The next request gets a connection of its own. */
  #leave(socket: net.Socket): void {
    if (this.#open?.socket === socket) this.#open = undefined;
    socket.destroy();
  }
}

async function readReply(incoming: Incoming): Promise<Reply> {
  const [first = '', ...lines] = (await incoming.until('\r\n\r\n')).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error('what it answered is no HTTP/1.1');
  // Something is said in advance; the answer follows.
  if (status < 200) return readReply(incoming);
  const headers = new Map(lines.map(headerOf));
  return { status, headers, body: await readBody(incoming, headers) };
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

async function readBody(incoming: Incoming, headers: ReadonlyMap<string, string>): Promise<Buffer> {
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return readChunks(incoming);
  const length = headers.get('content-length') ?? '0';
  if (!/^\d{1,9}$/.test(length)) throw new Error('it answered with a length that is no number');
  return incoming.take(Number(length));
}

async function readChunks(incoming: Incoming): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (;;) {
    const size = /^[0-9a-f]{1,8}(?=[;\s]|$)/i.exec(await incoming.until('\r\n'))?.[0];
    if (size === undefined) throw new Error('it answered with a chunk without a size');
    if (Number.parseInt(size, 16) === 0) break;
    chunks.push(await incoming.take(Number.parseInt(size, 16)));
    await incoming.until('\r\n');
  }
  while ((await incoming.until('\r\n')) !== '');
  return Buffer.concat(chunks);
}

/** The bytes of a connection, as they are asked for. */
class Incoming {
  #chunks: Buffer[] = [];
  #length = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#wake?.();
  }

  /** Nothing more will come. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** The next bytes. */
  async take(length: number): Promise<Buffer> {
    while (this.#length < length) await this.#more();
    return this.#split(length);
  }

  /** The text before the next `end`, which goes, too. */
  async until(end: string): Promise<string> {
    let from = 0;
    for (;;) {
      const held = this.#joined();
      const at = held.indexOf(end, from, 'latin1');
      if (at >= 0) return this.#split(at + end.length).toString('latin1', 0, at);
      if (held.length > MOST_HEAD) throw new Error('it answered with endless headers');
      from = Math.max(0, held.length - end.length);
      await this.#more();
    }
  }

  #split(length: number): Buffer {
    const held = this.#joined();
    this.#chunks = held.length > length ? [held.subarray(length)] : [];
    this.#length -= length;
    return held.subarray(0, length);
  }

  #joined(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  async #more(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
  }
}
