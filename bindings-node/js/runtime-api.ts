// The Runtime API of a sandbox, over one kept connection.

import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions } from 'node:http';

import type { Answer } from './native';
import type { Invocation } from './serve';

const ROOT = '/2018-06-01/runtime';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A function error as the Runtime API takes it. */
export type Fault = Pick<Answer, 'code' | 'message' | 'at'>;

export class RuntimeApi {
  readonly #address: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** `127.0.0.1:9001` */
  constructor(address: string) {
    this.#address = address;
  }

  /** Waits for the next event, for as long as it takes. */
  async next(): Promise<{ event: Buffer; invocation: Invocation }> {
    const { status, headers, body } = await this.#send('GET', '/invocation/next');
    const requestId = headers['lambda-runtime-aws-request-id'];
    if (status !== 200 || typeof requestId !== 'string') throw new Error(`it answered ${status} without an event`);
    const deadlineMs = Number(headers['lambda-runtime-deadline-ms']) || undefined;
    const traceId = headers['lambda-runtime-trace-id'];
    return { event: body, invocation: { requestId, deadlineMs, traceId: traceId?.toString() } };
  }

  /** Answers an event. */
  async answer(requestId: string, answer: Answer): Promise<void> {
    const place = `/invocation/${requestId}`;
    if (answer.payload === undefined) return this.#fault(`${place}/error`, answer);
    const { status } = await this.#send('POST', `${place}/response`, answer.payload);
    // The platform tells the invoker itself; here it would be a mystery without this line.
    if (status === 413) console.error(`an answer of ${answer.payload.length} bytes is more than the platform takes`);
  }

  /** Says that the handler could not be loaded. */
  async initError(fault: Fault): Promise<void> {
    await this.#fault('/init/error', fault);
  }

  async #fault(path: string, { code = 'handler_failed', message = '', at }: Fault): Promise<void> {
    const body = JSON.stringify({ errorType: code, errorMessage: message, ...(at ? { at } : {}) });
    await this.#send('POST', path, Buffer.from(body), {
      'content-type': 'application/json',
      'lambda-runtime-function-error-type': code,
    });
  }

  #send(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Reply> {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const options: RequestOptions = { method, agent: this.#agent, headers: { ...headers, ...length } };
    return new Promise((resolve, reject) => {
      const sent = request(`http://${this.#address}${ROOT}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
