//! The rules.

mod bounds;
mod names;
mod patterns;
mod size;
mod unions;
mod usage;

use super::suppress;
use super::{Level, Rule};

/// Every rule, by id.
pub static RULES: &[Rule] = &[
    Rule {
        id: "closed-enum",
        level: Level::Info,
        about: "An `enum` in what an operation gives, or in the state, cannot grow.",
        why: "Whoever reads by the old version refuses a value that is new, so one more value is a major change.",
        instead: "where more values may come, let readers expect them: `anyOf: [{ enum: [a, b] }, { type: string, maxLength: 64 }]`",
        check: unions::closed_enums,
    },
    Rule {
        id: "colliding-names",
        level: Level::Warn,
        about: "Two properties, types or listed texts are one name once case and `_` are gone.",
        why: "Generated code writes names as each language does; both get letters behind them that say nothing, and a name that one had alone is gone.",
        instead: "give one of them a name that says what sets it apart",
        check: names::colliding,
    },
    Rule {
        id: "missing-description",
        level: Level::Info,
        about: "A part of the contract says nothing about itself.",
        why: "Descriptions become the documentation of the generated code; they are the only one that all languages share.",
        instead: "add a `description` of one sentence",
        check: usage::undescribed,
    },
    Rule {
        id: "optional-nullable",
        level: Level::Info,
        about: "A property may be left out, and may be `null`.",
        why: "There are two ways to say nothing, and each reader must know whether they mean the same.",
        instead: "require it, or take `null` out of its type",
        check: unions::optional_nullable,
    },
    Rule {
        id: "pattern-dialect",
        level: Level::Warn,
        about: "A pattern means something else here than in the engines that many know.",
        why: "Patterns are read as ECMAScript reads them with the `u` flag: `\\w`, `\\d` and `\\b` know ASCII only, and `&&`, `--`, `~~` in a class are characters.",
        instead: "write out the characters that are meant, or `\\p{L}` and `\\p{N}` for letters and numbers of all languages",
        check: patterns::dialect,
    },
    Rule {
        id: "retry-without-key",
        level: Level::Info,
        about: "An operation that others begin or call is tried several times, and has no `idempotencyKey`.",
        why: "A caller that repeats its request after a lost answer sends a new message; without a key the work is done twice.",
        instead: "point `idempotencyKey` at the part of the input that makes two requests the same",
        check: usage::retries_without_key,
    },
    Rule {
        id: "state-outgrows-limit",
        level: Level::Info,
        about: "The state may become larger than `maxStateBytes` allows.",
        why: "The work then ends with `state_too_large`, most often at its last hops, when the most has been done for it.",
        instead: "bound its strings, arrays and maps, or keep large things in a store and only their names in the state",
        check: size::state,
    },
    Rule {
        id: suppress::INVALID,
        level: Level::Error,
        about: "`x-lint` names no rule, or gives no reason.",
        why: "A suppression that does nothing hides that the rule still holds; one without a reason helps nobody who reads it.",
        instead: "write `x-lint: { rule-id: the reason }`",
        check: |_, _| {},
    },
    Rule {
        id: suppress::UNUSED,
        level: Level::Warn,
        about: "`x-lint` suppresses a rule that finds nothing there.",
        why: "It was needed once. What is left of it would hide the next mistake.",
        instead: "take it out",
        check: |_, _| {},
    },
    Rule {
        id: "unanchored-pattern",
        level: Level::Info,
        about: "A pattern may match anywhere in a text.",
        why: "Most patterns are meant for the whole text; without `^` and `$` anything may stand around what they match.",
        instead: "write `^…$`, with `(?:…)` around alternatives",
        check: patterns::unanchored,
    },
    Rule {
        id: "unbounded-array",
        level: Level::Info,
        about: "An array that an operation accepts may have any number of items.",
        why: "The limit is then that of the transport: a caller learns it from a message that was refused.",
        instead: "add `maxItems`",
        check: bounds::arrays,
    },
    Rule {
        id: "unbounded-integer",
        level: Level::Info,
        about: "An integer has no bounds.",
        why: "Integers beyond ±(2^53-1) are refused, because JavaScript would round them; Rust and Python can make such.",
        instead: "add `minimum` and `maximum`, or use a string with `format: int64`",
        check: bounds::integers,
    },
    Rule {
        id: "unbounded-string",
        level: Level::Info,
        about: "A string that an operation accepts may have any length.",
        why: "The limit is then that of the transport: a caller learns it from a message that was refused.",
        instead: "add `maxLength`",
        check: bounds::strings,
    },
    Rule {
        id: "uncalled-operation",
        level: Level::Info,
        about: "No operation of the contract calls a callable operation.",
        why: "If nobody outside calls it either, it is code and rights for nothing.",
        instead: "list it in the `calls` of who asks it, or take it out",
        check: usage::uncalled,
    },
    Rule {
        id: "untagged-union",
        level: Level::Warn,
        about: "Alternatives that are objects cannot be told apart by one property.",
        why: "Readers must try one after the other, and what is wrong with a value that fits none cannot be said.",
        instead: "give each alternative a required property with a `const` of its own",
        check: unions::untagged,
    },
    Rule {
        id: "unused-type",
        level: Level::Warn,
        about: "Nothing leads to a type in `$defs`.",
        why: "It is read and kept up to date for nothing, or the `$ref` to it was forgotten.",
        instead: "refer to it, or take it out",
        check: usage::unused_types,
    },
];
