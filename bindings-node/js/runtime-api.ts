// The Runtime API of a sandbox, over one kept connection.

import { Connection, isToken } from './http';
import type { Reply } from './http';
import type { Answer } from './native';
import type { Invocation } from './serve';

const ROOT = '/2018-06-01/runtime';

/** A function error as the Runtime API takes it. */
export type Fault = Pick<Answer, 'code' | 'message' | 'at'>;

export class RuntimeApi {
  readonly #connection: Connection;

  /** `127.0.0.1:9001` */
  constructor(address: string) {
    this.#connection = new Connection(address);
  }

  /** Waits for the next event, for as long as it takes. */
  async next(): Promise<{ event: Buffer; invocation: Invocation }> {
    const { status, headers, body } = await this.#send('GET', '/invocation/next');
    const requestId = headers.get('lambda-runtime-aws-request-id') ?? '';
    if (status !== 200 || !isToken(requestId)) throw new Error(`it answered ${status} without an event`);
    const deadlineMs = Number(headers.get('lambda-runtime-deadline-ms')) || undefined;
    return { event: body, invocation: { requestId, deadlineMs, traceId: headers.get('lambda-runtime-trace-id') } };
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
      // A library's error may call itself what no header can say.
      'lambda-runtime-function-error-type': isToken(code) ? code : 'handler_failed',
    });
  }

  #send(method: string, path: string, body?: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#connection.send(method, `${ROOT}${path}`, headers, body);
  }
}
