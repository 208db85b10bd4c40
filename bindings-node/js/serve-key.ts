/** Where a handler of ours keeps its way from bytes to bytes, for `bin/runtime.mjs`: whichever copy of this package made it. */
export const serveKey: unique symbol = Symbol.for('peer-contract.serve');
