// One copy of everything for `import` and `require`: this only names what the CommonJS build has.

export { Contract, ContractError, DeclaredError, load, local, Work } from './index.js';
export type {
  Agents,
  Callable,
  Codec,
  ContractModule,
  DeclaredErrorOptions,
  ErrorCode,
  Finished,
  Handler,
  Json,
  Operation,
  OperationFacts,
  Problem,
  RunOptions,
  WorkOptions,
} from './index.js';
