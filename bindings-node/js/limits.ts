// The core's limits on one JSON text. A test keeps them equal to what the core has.

/** Nesting of arrays and objects. */
export const JSON_DEPTH = 64;

/** Values in one text. */
export const JSON_VALUES = 200_000;
