// Contracts between agents, for Node: what people import.

export type { Codec } from './codec';
export type { ErrorCode } from './codes';
export { Contract, load } from './contract';
export type { OperationFacts } from './contract';
export { ContractError, DeclaredError } from './error';
export type { DeclaredErrorOptions, Problem } from './error';
export type { Json } from './json';
export type { Callable, Operation } from './operation';
export type { Handler } from './serve';
export { Work } from './work';
export type { WorkOptions } from './work';
