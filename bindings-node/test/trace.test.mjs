import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { context, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { local } from 'peer-contract';
import * as research from './.generated/research/index.mjs';
import { agents, question } from './support/agents.mjs';

/** The example of the manual, which calls `seen` with its span. */
function exampleOfTheManual() {
  const manual = readFileSync(new URL('../../docs/trace.md', import.meta.url), 'utf8');
  const [, code] = /```js\n(import .*?)```/s.exec(manual);
  const body = code.replace(/^import .*$/m, '').replace('{ … }', '{ seen(span) }');
  assert.ok(body.includes('seen(span)'), 'the example leaves room for what is traced');
  return new Function('context', 'propagation', 'trace', 'work', 'seen', body);
}

test('spans of the official SDK come after the handler', async () => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new BasicTracerProvider());
  const example = exampleOfTheManual();
  const spans = [];
  const render = (work, ranking) => {
    example(context, propagation, trace, work, (span) => spans.push({ work, span }));
    return agents.formatter.render(work, ranking);
  };
  await local.run(research, { ...agents, formatter: { ...agents.formatter, render } }, question);
  const [{ work, span }] = spans;
  const [, traceId, parent] = work.traceparent.split('-');
  assert.equal(traceId, work.id.replaceAll('-', ''));
  assert.equal(span.spanContext().traceId, traceId);
  assert.equal(span.parentSpanContext.spanId, parent);
});
