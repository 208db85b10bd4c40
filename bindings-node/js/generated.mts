export { codec, contract, DeclaredError, handler, operation } from './generated.js';
