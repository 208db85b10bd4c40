// Texts that fit a schema, or nearly: made from a seed, so that a failure can be repeated.

/** Numbers from 0 to 1, the same for the same seed. */
export function randomness(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const STRINGS = [
  '',
  'a',
  'plain text',
  'größe',
  '日本語',
  '🙂 pair',
  'line\nbreak "quoted" \\',
  '\u0000',
  'x'.repeat(300),
];
const NUMBERS = [0, -0, 1, -1, 0.1, 1e300, 5e-324, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, 2 ** 53 - 1, -(2 ** 53 - 1), 1.5];
const KEYS = ['__proto__', 'constructor', 'toString', '0', '42', '-1', 'a b', 'ключ', 'hasOwnProperty', 'valueOf', ''];
const TEXTS = {
  uuid: '0b9f5c1e-6f0b-4c0e-9a52-6a5d8a3d9c11',
  date: '2026-11-20',
  'date-time': '2026-11-20T18:30:46Z',
  uri: 'https://example.org/a?b#c',
  email: 'someone@example.org',
};

/** Numbers within the bounds of a schema, and a few that are not. */
function numbersIn({ minimum = -Infinity, maximum = Infinity }) {
  const bounds = [minimum, maximum, minimum + 1].filter(Number.isFinite);
  return [...bounds, ...bounds, ...bounds, ...NUMBERS.filter((number) => number >= minimum && number <= maximum), -7];
}

/** Makes JSON texts for the schemas of one contract. */
export class Instances {
  #root;
  #random;

  constructor(contract, seed) {
    this.#root = contract;
    this.#random = randomness(seed);
  }

  /** A text for the schema at a JSON Pointer. Members come in any order, with any space, spelled in any way. */
  text(at) {
    return this.#any(this.#at(at), 6);
  }

  #pick(list) {
    return list[Math.floor(this.#random() * list.length)];
  }

  #at(pointer) {
    const steps = pointer.split('/').slice(1);
    return steps.reduce((node, step) => node[step.replaceAll('~1', '/').replaceAll('~0', '~')], this.#root);
  }

  #any(schema, depth) {
    if (typeof schema !== 'object' || depth < 0) return this.#free(Math.max(0, depth));
    if (schema.$ref) return this.#any(this.#at(schema.$ref.slice(1)), depth);
    if ('const' in schema) return this.#write(schema.const);
    if (schema.enum) return this.#write(this.#pick(schema.enum));
    const { oneOf, anyOf, ...beside } = schema;
    const union = oneOf ?? anyOf;
    if (union && beside.properties) return this.#any(this.#merged({ ...beside, allOf: [this.#pick(union)] }), depth);
    if (union) return this.#any(this.#pick(union), depth);
    if (schema.allOf) return this.#any(this.#merged(schema), depth);
    const type = schema.type ?? (schema.properties ? 'object' : schema.items ? 'array' : undefined);
    return this.#typed(Array.isArray(type) ? this.#pick(type) : type, schema, depth);
  }

  #typed(type, schema, depth) {
    switch (type) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'string':
        return this.#string(TEXTS[schema.format] ?? this.#pick(STRINGS).padEnd(schema.minLength ?? 0, '.'));
      case 'integer':
        return this.#write(this.#pick(numbersIn(schema).filter(Number.isInteger)));
      case 'number':
        return this.#pick([this.#write(this.#pick(numbersIn(schema))), '1E2', '-0.0', '10.0']);
      case 'boolean':
        return this.#pick(['true', 'false']);
      case 'null':
        return 'null';
      default:
        return this.#free(depth);
    }
  }

  #object({ properties = {}, required = [], additionalProperties: others }, depth) {
    const members = new Map();
    for (const [key, schema] of Object.entries(properties)) {
      if (required.includes(key) || this.#random() < 0.5) members.set(key, this.#any(schema, depth - 1));
    }
    const more = others === false ? 0 : Math.floor(this.#random() * 3);
    for (let index = 0; index < more; index += 1) {
      const key = this.#pick(KEYS);
      if (!members.has(key) && !(key in properties)) members.set(key, this.#any(others, depth - 1));
    }
    const shuffled = [...members].map((member) => [this.#random(), member]).sort(([one], [other]) => one - other);
    return this.#list(
      '{',
      shuffled.map(([, [key, text]]) => `${this.#string(key)}${this.#space()}:${this.#space()}${text}`),
      '}',
    );
  }

  #array({ items, minItems = 0 }, depth) {
    const length = minItems + Math.floor(this.#random() * 4);
    return this.#list(
      '[',
      Array.from({ length }, () => this.#any(items, depth - 1)),
      ']',
    );
  }

  /** All of an `allOf` as one schema; enough for objects. */
  #merged({ allOf, ...own }) {
    const parts = [own, ...allOf.map((part) => (part.$ref ? this.#at(part.$ref.slice(1)) : part))];
    return parts.reduce((one, other) => ({
      ...one,
      ...other,
      properties: { ...one.properties, ...other.properties },
      required: [...(one.required ?? []), ...(other.required ?? [])],
    }));
  }

  #list(open, parts, close) {
    return open + this.#space() + parts.join(`${this.#space()},${this.#space()}`) + this.#space() + close;
  }

  #free(depth) {
    const kind = this.#pick(
      depth > 1 ? ['string', 'number', 'boolean', 'null', 'array', 'object'] : ['string', 'number', 'null'],
    );
    return this.#typed(kind, {}, Math.min(depth - 1, 2));
  }

  #write(value) {
    if (typeof value === 'string') return this.#string(value);
    return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  }

  /** A string as it is, or with all of it escaped. */
  #string(text) {
    if (this.#random() < 0.7) return JSON.stringify(text);
    const unit = (index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
    return `"${Array.from({ length: text.length }, (_, index) => unit(index)).join('')}"`;
  }

  #space() {
    return this.#random() < 0.8 ? '' : this.#pick([' ', '\n  ', '\t']);
  }
}
