#!/usr/bin/env node
// Runs one handler over Lambda's Runtime API: `runtime.mjs agents/formatter.mjs.handler`.

import { runLoop } from '../dist/loop.js';

// The platform ends a sandbox so; nothing is under way then that could be saved.
process.on('SIGTERM', () => process.exit(0));

const place = process.argv[2] ?? process.env._HANDLER;
const address = process.env.AWS_LAMBDA_RUNTIME_API;
if (place === undefined || address === undefined) {
  console.error('usage: AWS_LAMBDA_RUNTIME_API=<host:port> runtime.mjs <file>.<handler>');
  process.exit(64);
}
process.exit(await runLoop(place, address));
