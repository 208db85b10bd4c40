'use strict';

// Finds the addon for this platform and loads it. Beside this file first, where a build puts it,
// then in the package for the platform. When none loads, the error says what was tried and why
// each one failed: the reason is most often a C library that is too old.

const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** Names of builds that may run here, likeliest first. */
function platformNames() {
  const { platform, arch } = process;
  if (platform === 'linux') return [`linux-${arch}-gnu`, `linux-${arch}-musl`];
  if (platform === 'win32') return [`win32-${arch}-msvc`];
  return [`${platform}-${arch}`];
}

/** Where the addon may be. A path in `PEER_CONTRACT_NATIVE` is the only one when it is set. */
function candidates() {
  const chosen = process.env.PEER_CONTRACT_NATIVE;
  if (chosen) return [chosen];
  return platformNames().flatMap((name) => [join(__dirname, `peer-contract.${name}.node`), `peer-contract-${name}`]);
}

function load() {
  const failures = [];
  for (const candidate of candidates()) {
    try {
      return require(candidate);
    } catch (error) {
      failures.push({ candidate, error });
    }
  }
  throw loadError(failures);
}

function loadError(failures) {
  const here = `${process.platform}-${process.arch}, Node ${process.versions.node}`;
  const tried = failures.map(({ candidate, error }) => `  ${candidate}\n    ${reason(candidate, error)}`);
  const message = `peer-contract: the native addon cannot be loaded on ${here}. Tried:\n${tried.join('\n')}`;
  // The cause is the first file that is there and does not load, if one is.
  const found = failures.find(({ error }) => error.code !== 'MODULE_NOT_FOUND');
  return new Error(message, { cause: (found ?? failures[0]).error });
}

function reason(candidate, error) {
  if (error.code === 'MODULE_NOT_FOUND' && !existsSync(candidate)) return 'not there';
  return String(error.message).split('\n')[0];
}

module.exports = { load, platformNames };
