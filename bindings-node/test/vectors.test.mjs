// The files of schemas/vectors, which Rust and Python run as well.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Contract, Work, parsed } from 'peer-contract';
import { readJson, vectors } from './support/vectors.mjs';

const native = createRequire(import.meta.url)('../native.cjs').load(fileURLToPath(new URL('..', import.meta.url)));

/** One test per file of a folder. */
function each(folder, check) {
  for (const [name, vector] of vectors(folder)) test(`${folder}/${name}: ${vector.about}`, () => check(vector));
}

/** Code and place of what `run` throws; `null` when it does not. */
function problemOf(run) {
  try {
    run();
    return null;
  } catch (error) {
    // What the addon itself throws has its problems as JSON in its message.
    const { code, at } = error.problems === undefined ? JSON.parse(error.message).problems[0] : error;
    return { code, at };
  }
}

const bytesOf = ({ text, base64 }) => (base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64'));

const contracts = new Map();
function sharedContract(name) {
  if (!contracts.has(name)) {
    contracts.set(name, Contract.parse(JSON.stringify(readJson(`vectors/contracts/${name}.json`))));
  }
  return contracts.get(name);
}

const anything = Contract.parse(
  JSON.stringify({
    peerContract: '1',
    name: 'anything',
    version: '1.0.0',
    agents: { agent: { operations: { take: { input: {}, output: { schema: {} } } } } },
  }),
).codec('/agents/agent/operations/take/input');

each('json', (vector) => {
  const expected = vector.error === null ? null : { code: vector.error, at: vector.at };
  assert.deepEqual(
    problemOf(() => anything.fromJson(bytesOf(vector))),
    expected,
  );
});

each('hash', ({ contract: text, hash, operations }) => {
  const contract = Contract.parse(text);
  assert.equal(contract.hash, hash);
  assert.deepEqual(Object.fromEntries(contract.operations.map(({ target, hash }) => [target, hash])), operations);
  assert.equal(Contract.parse(contract.canonical()).hash, hash);
});

each('contract', ({ contract, problems }) => {
  let found = [];
  try {
    Contract.parse(contract);
  } catch (error) {
    found = error.problems.map(({ code, at }) => ({ code, at }));
  }
  assert.deepEqual(found, problems);
});

each('message', (vector) => {
  const codec = sharedContract(vector.contract).codec(vector.pointer);
  assert.deepEqual(
    problemOf(() => codec.fromJson(bytesOf(vector))),
    vector.error,
  );
});

each('envelope', ({ contract, agent, event, arrival, expect }) => {
  const handle = sharedContract(contract).handle();
  let found;
  const error = problemOf(() => {
    const { now_ms: now, shared_store: store, deadline_ms: deadline } = arrival;
    found = JSON.parse(native.rehearse(handle, agent, Buffer.from(event), now, store, deadline ?? undefined));
  });
  assert.deepEqual(error === null ? found : { error }, expect);
});

/** How a text is spelled is not what a vector is about. */
function withReadBody(told) {
  if (typeof told.answer?.body === 'string') told.answer.body = JSON.parse(told.answer.body);
  return told;
}

const becomes = ({ contract, agent, event, ends, arrival, expect }) => {
  const handle = sharedContract(contract).handle();
  const [message, ended] = [event, ends].map((value) => Buffer.from(JSON.stringify(value)));
  let found;
  const error = problemOf(() => {
    const { now_ms: now, shared_store: store, trace_header: header } = arrival;
    found = JSON.parse(native.rehearseEvent(handle, agent, message, ended, now, store, header ?? undefined));
  });
  assert.deepEqual(withReadBody(error === null ? found : { error }), withReadBody(expect));
};
each('events', becomes);
each('trace', becomes);

each('replies', ({ contract, entry, input, delivery, replyTo, error }) => {
  const first = () => sharedContract(contract).firstMessage(entry, input, { delivery, replyTo });
  assert.deepEqual(problemOf(first), error);
  if (error !== null) return;
  const { work, message } = first();
  const { subject, replyto } = JSON.parse(message);
  assert.deepEqual([subject, replyto], [work, replyTo]);
});

each('requests', ({ contract, operation, messages, expect }) => {
  const text = Buffer.from(JSON.stringify(messages));
  assert.deepEqual(JSON.parse(native.rehearseRequests(sharedContract(contract).handle(), operation, text)), expect);
});

each('compat', ({ sends, accepts, operation, verdict, part, at }) => {
  const [sender, receiver] = [sends, accepts].map((contract) => Contract.parse(JSON.stringify(contract)));
  const found = JSON.parse(native.fits(sender.handle(), receiver.handle(), operation));
  assert.deepEqual([found.verdict, found.part, found.at], [verdict, part, at]);
});

/** A view as the vectors write it, as far as JavaScript can say it: milliseconds. */
const VIEWS = {
  'date-time': (text) => {
    const ms = parsed.dateTime(text).getTime();
    return { seconds: Math.floor(ms / 1000), milliseconds: ((ms % 1000) + 1000) % 1000 };
  },
  date: (text) => {
    const day = parsed.date(text);
    const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + 1];
    return { year, month, day: day.getUTCDate(), days: day.getTime() / 86_400_000 };
  },
  uuid: (text) => ({ hex: Buffer.from(parsed.uuid(text)).toString('hex') }),
  uri: (text) => {
    const { protocol, host, pathname, search, hash } = parsed.uri(text);
    return {
      scheme: protocol.slice(0, -1),
      authority: host,
      path: pathname,
      query: search.slice(1),
      fragment: hash.slice(1),
    };
  },
};

each('parsed', ({ format, text, texts, view, beyond, error }) => {
  const codeOf = (text) => problemOf(() => VIEWS[format](text))?.code;
  if (error !== undefined) return assert.deepEqual(texts.map(codeOf), Array(texts.length).fill(error));
  if (beyond.includes('javascript')) return assert.equal(codeOf(text), 'range_mismatch');
  const { nanoseconds, ...told } = view;
  const expected = nanoseconds === undefined ? told : { ...told, milliseconds: Math.floor(nanoseconds / 1e6) };
  return assert.deepEqual(VIEWS[format](text), expected);
});

/** What a handler's log writes to standard output at this time. */
function written(t, facts, now, write) {
  const { work: id, operation: target, trace_id: trace, span_id: span, ...others } = facts;
  const work = new Work({}, { ...others, id, target, key: id, traceparent: `00-${trace}-${span}-01` });
  const lines = [];
  t.mock.method(Date, 'now', () => now);
  t.mock.method(process.stdout, 'write', (line) => lines.push(line));
  write(work.log);
  t.mock.restoreAll();
  return lines.join('');
}

for (const [name, vector] of vectors('log')) {
  test(`log/${name}: ${vector.about}`, (t) => {
    const { facts, time_ms: now, level, message, fields, line, plain } = vector;
    const write = (log) => log[level.toLowerCase()](message, fields);
    t.after(() => ['LEVEL', 'FORMAT'].forEach((what) => delete process.env[`AWS_LAMBDA_LOG_${what}`]));
    process.env.AWS_LAMBDA_LOG_LEVEL = 'debug';
    const json = written(t, facts, now, write);
    assert.match(json, /^[^\n]+\n$/);
    assert.deepEqual(JSON.parse(json), line);
    process.env.AWS_LAMBDA_LOG_FORMAT = 'Text';
    assert.equal(written(t, facts, now, write), `${plain}\n`);
    process.env.AWS_LAMBDA_LOG_LEVEL = 'FATAL';
    assert.equal(written(t, facts, now, write), '');
  });
}
