// One copy of everything for `import` and `require`: this only names what the CommonJS build has.

export { Contract, ContractError, DeclaredError, load, Work } from './index.js';
export type {
  Callable,
  Codec,
  DeclaredErrorOptions,
  ErrorCode,
  Handler,
  Json,
  Operation,
  OperationFacts,
  Problem,
  WorkOptions,
} from './index.js';
