// `bin/runtime.mjs` against a Runtime API of a few lines, and against the official emulator.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createRawServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('../bin/runtime.mjs', import.meta.url));
const agent = fileURLToPath(new URL('./support/reasoner.mjs', import.meta.url));

/** A Runtime API that gives out `events` and keeps what it is told. Ends the sandbox afterwards. */
async function runtimeApi(events) {
  const told = [];
  const left = [...events];
  const connections = new Set();
  const server = createServer(async (request, response) => {
    connections.add(request.socket);
    if (request.url.endsWith('/invocation/next')) {
      if (left.length === 0) return; // waits for ever, as the real one does
      const headers = { 'lambda-runtime-aws-request-id': `id-${told.length}`, 'lambda-runtime-trace-id': 'Root=1' };
      response.writeHead(200, { ...headers, 'lambda-runtime-deadline-ms': String(Date.now() + 30_000) });
      return response.end(left.shift());
    }
    const chunks = await request.toArray();
    told.push({
      path: request.url.replace('/2018-06-01/runtime', ''),
      type: request.headers['lambda-runtime-function-error-type'],
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    response.writeHead(202).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => server.closeAllConnections() ?? server.close();
  return { address: `127.0.0.1:${server.address().port}`, told, connections, close };
}

/** Runs a handler until `count` answers are there or the process ends. */
async function serve(place, events, count = events.length) {
  const api = await runtimeApi(events);
  const child = spawn(process.execPath, [runtime, place], {
    env: { ...process.env, AWS_LAMBDA_RUNTIME_API: api.address },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const ended = once(child, 'exit');
  while (api.told.length < count && child.exitCode === null) await sleep(5);
  if (child.exitCode === null && count === events.length) child.kill('SIGTERM');
  const [code, signal] = await ended;
  api.close();
  return { told: api.told, log, code, signal, connections: api.connections.size };
}

test('bytes go in and out over one connection, and SIGTERM ends it quietly', async () => {
  const { told, log, code, signal, connections } = await serve(`${agent}.handler`, [
    '{"text":"hello"}',
    '{"text":"again"}',
  ]);
  assert.deepEqual(
    told.map(({ path }) => path),
    ['/invocation/id-0/response', '/invocation/id-1/response'],
  );
  assert.equal(told[0].body.result.handoff.type, 'research-brief.ranker.rank');
  assert.deepEqual({ log, code, signal, connections }, { log: '', code: 0, signal: null, connections: 1 });
});

test('errors carry our code as their type, and the place', async () => {
  const events = ['{"text":3}', '{"text":"a","text":"b"}', '{"text":"throw"}', 'not json'];
  const { told, log } = await serve(`${agent}.handler`, events);
  assert.deepEqual(
    told.map(({ type, body: { errorType, at } }) => [type, errorType, at]),
    [
      ['type_mismatch', 'type_mismatch', '/text'],
      ['json_duplicate_key', 'json_duplicate_key', '/text'],
      ['handler_failed', 'handler_failed', undefined],
      ['json_syntax', 'json_syntax', undefined],
    ],
  );
  assert.match(log, /RangeError: a secret value\n +at /);
  assert.doesNotMatch(JSON.stringify(told), /secret|stack|support/);
});

test('the ending of the file may be left out', async () => {
  const { told } = await serve(`${agent.replace(/\.mjs$/, '')}.handler`, ['{"text":"hello"}']);
  assert.equal(told[0].path, '/invocation/id-0/response');
});

test('a handler that is not ours gets objects', async () => {
  const { told } = await serve(`${agent}.plain`, ['{"text":"hello"}']);
  assert.deepEqual(told[0].body, { got: { text: 'hello' }, requestId: 'id-0', timeIsLeft: true });
});

test('a handler that cannot be loaded is an init error', async () => {
  for (const place of [`${agent}.nothing`, '/nowhere/file.handler', 'nodot']) {
    const { told, code } = await serve(place, ['{}']);
    assert.deepEqual([told[0].path, told[0].type, code], ['/init/error', 'TypeError', 1], place);
  }
});

test('a file that throws while it loads is an init error with its kind', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'peer-contract-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'broken.mjs'), "import 'a-package-that-is-not-there';");
  const { told } = await serve(join(folder, 'broken.mjs.handler'), ['{}']);
  assert.deepEqual([told[0].path, told[0].type], ['/init/error', 'ERR_MODULE_NOT_FOUND']);
});

test('a Runtime API that goes away ends the process with one line', async () => {
  const child = spawn(process.execPath, [runtime, `${agent}.handler`], {
    env: { ...process.env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const [code] = await once(child, 'close');
  assert.equal(code, 1);
  assert.match(log, /^the Runtime API at 127\.0\.0\.1:1 is gone: .*\n$/);
});

/** Serves one event with a reply to `next` that is written as it stands here, in the pieces it is given in. */
async function answerTo(...pieces) {
  const told = Promise.withResolvers?.() ?? withResolvers();
  let connections = 0;
  const server = createRawServer((socket) => {
    connections += 1;
    let request = '';
    socket.on('error', () => {});
    socket.on('data', async (data) => {
      request += data.toString('latin1');
      if (request.startsWith('GET ')) {
        request = '';
        for (const piece of connections > 2 ? [] : pieces) {
          socket.write(piece, 'latin1');
          await sleep(2);
        }
      } else if (/\r\n\r\n./s.test(request)) {
        told.resolve({ line: request.split('\r\n', 1)[0], body: request.split('\r\n\r\n')[1], connections });
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = spawn(process.execPath, [runtime, `${agent}.plain`], {
    env: { ...process.env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const ended = once(child, 'close').then(([code]) => ({ code, log }));
  const first = await Promise.race([told.promise, ended]);
  child.kill('SIGKILL');
  await ended;
  server.close();
  return first;
}

function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve) => (made.resolve = resolve));
  return made;
}

const HEAD = 'HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: one\r\n';

test('a reply is the same, however it comes', async () => {
  const whole = `${HEAD}Content-Length: 12\r\n\r\n{"text":"hi"`;
  for (const [about, pieces, connections = 1] of [
    ['byte by byte', [...whole, '}'].map(String).slice(0, -1)],
    [
      'in chunks',
      [`${HEAD}Transfer-Encoding: chunked\r\n\r\n6;a=b\r\n{"text\r`, '\n6\r\n":"hi"\r\n0\r\nSum: 1\r\n\r\n'],
    ],
    ['behind another', ['HTTP/1.1 100 Continue\r\n\r\n', whole]],
    ['with the end of its connection', [`HTTP/1.1 200\r\nConnection: close\r\n${whole.slice(17)}`], 2],
  ]) {
    const told = await answerTo(...pieces);
    assert.equal(told.line, 'POST /2018-06-01/runtime/invocation/one/error HTTP/1.1', `${about}: ${told.log}`);
    assert.equal(told.connections, connections, about);
  }
});

test('what is no reply ends the process with one line', async () => {
  for (const [reply, reason] of [
    ['SMTP ready\r\n\r\n', 'what it answered is no HTTP/1.1'],
    [`${HEAD}Content-Length: -1\r\n\r\n`, 'it answered with a length that is no number'],
    [`${HEAD}Transfer-Encoding: chunked\r\n\r\nx\r\n`, 'it answered with a chunk without a size'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'it answered 200 without an event'],
    [`HTTP/1.1 200 OK\r\n${'a'.repeat(1 << 17)}`, 'it answered with endless headers'],
  ]) {
    const { code, log } = await answerTo(reply);
    assert.equal(code, 1, reason);
    assert.match(log, new RegExp(`^the Runtime API at 127\\.0\\.0\\.1:\\d+ is gone: ${reason}\\n$`));
  }
});

test('the official emulator runs the same file', { skip: process.env.PEER_CONTRACT_SKIP_REAL === '1' }, async () => {
  const rie = process.env.RIE;
  const help =
    'set RIE to `aws-lambda-rie-x86_64` or `aws-lambda-rie-arm64`, which `pip install --no-deps aws-sam-cli==1.170.0` ' +
    'puts into samcli/local/rapid; or set PEER_CONTRACT_SKIP_REAL=1';
  assert.ok(rie, help);
  accessSync(rie, constants.X_OK);

  const [port, apiPort] = [20_000 + (process.pid % 10_000), 30_000 + (process.pid % 10_000)];
  const flags = ['--log-level', 'error', '--runtime-interface-emulator-address', `127.0.0.1:${port}`];
  const child = spawn(
    rie,
    [...flags, '--runtime-api-address', `127.0.0.1:${apiPort}`, process.execPath, runtime, `${agent}.handler`],
    {
      env: { ...process.env, AWS_LAMBDA_FUNCTION_NAME: 'reasoner', AWS_LAMBDA_FUNCTION_TIMEOUT: '20' },
      stdio: 'ignore',
    },
  );
  try {
    const invoke = async (body) => {
      const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`;
      return (await fetch(url, { method: 'POST', body })).json();
    };
    const answer = await untilItListens(() => invoke('{"text":"hello"}'));
    assert.equal(answer.result.handoff.type, 'research-brief.ranker.rank');
    const refused = await invoke('{"text":3}');
    assert.deepEqual([refused.errorType, refused.at], ['type_mismatch', '/text']);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

async function untilItListens(call) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(50);
    }
  }
}
