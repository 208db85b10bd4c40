'use strict';

// Finds the addon for this platform and loads it. In the folder of this package first, where a build puts it,
// then in the package for the platform. When none loads, the error says what was tried and why
// each one failed: the reason is most often a C library that is too old.

const { existsSync } = require('node:fs');
const { isAbsolute, join, resolve } = require('node:path');

/** Names of builds that may run here, likeliest first. */
function platformNames() {
  const { platform, arch } = process;
  if (platform === 'linux') return [`linux-${arch}-gnu`, `linux-${arch}-musl`];
  if (platform === 'win32') return [`win32-${arch}-msvc`];
  return [`${platform}-${arch}`];
}

/** Where the addon may be. A path in `PEER_CONTRACT_NATIVE` is the only one when it is set. */
function candidates(folder) {
  const chosen = process.env.PEER_CONTRACT_NATIVE;
  if (chosen) return [resolve(chosen)];
  return platformNames().flatMap((name) => [join(folder, `peer-contract.${name}.node`), `peer-contract-${name}`]);
}

function load(folder) {
  const failures = [];
  for (const candidate of candidates(folder)) {
    try {
      return open(candidate);
    } catch (error) {
      failures.push({ candidate, error });
    }
  }
  throw loadError(failures);
}

/** `require` would look for the file first, and costs a cold start half as much as the addon itself. */
function open(candidate) {
  if (!isAbsolute(candidate)) return require(candidate);
  const module = { exports: {} };
  process.dlopen(module, candidate);
  return module.exports;
}

function loadError(failures) {
  const here = `${process.platform}-${process.arch}, Node ${process.versions.node}`;
  const tried = failures.map(({ candidate, error }) => `  ${candidate}\n    ${reason(candidate, error)}`);
  const message = `peer-contract: the native addon cannot be loaded on ${here}. Tried:\n${tried.join('\n')}`;
  // The cause is the first file that is there and does not load, if one is.
  const found = failures.find(({ candidate, error }) => !isMissing(candidate, error));
  return new Error(message, { cause: (found ?? failures[0]).error });
}

function reason(candidate, error) {
  return isMissing(candidate, error) ? 'not there' : String(error.message).split('\n')[0];
}

function isMissing(candidate, error) {
  return isAbsolute(candidate) ? !existsSync(candidate) : error.code === 'MODULE_NOT_FOUND';
}

module.exports = { load, platformNames };
