// Contracts between agents, for Node: what people import.

export type { Codec } from './codec';
export type { ErrorCode } from './codes';
export { Contract, load } from './contract';
export type { FirstMessage, FirstOptions, OperationFacts } from './contract';
export { DeclaredError } from './declared';
export type { DeclaredErrorOptions } from './declared';
export { ContractError } from './error';
export type { Problem } from './error';
/** @internal */
export { generated } from './generated';
export { fanOut } from './fan-out';
export type { FanOut } from './fan-out';
export type { Json } from './json';
export type { Fields, Log } from './log';
export * as local from './local';
export type { Agents, ContractModule, Finished, RunOptions } from './local';
export type { Callable, Operation } from './operation';
export { parsed } from './parsed';
export type { Handler } from './serve';
export type { CalendarDate, DateTime, Uri, Uuid } from './text';
export { Work } from './work';
export type { WorkOptions } from './work';
