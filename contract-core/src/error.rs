//! What can go wrong, as a word for programs, a place, and a sentence for people.
//!
//! `schemas/errors.json` is written from [`ErrorCode::ALL`] and a test keeps the two in step;
//! Python and JavaScript test themselves against that file.

use std::fmt;

use crate::pointer::Pointer;

macro_rules! codes {
    ($($variant:ident $word:literal $retry:ident $about:literal;)*) => {
        /// A word for programs. Words are added, never renamed or reused.
        #[non_exhaustive]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ErrorCode { $(#[doc = $about] $variant,)* }

        impl ErrorCode {
            /// Every code, in the order of `schemas/errors.json`.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word, as it stands in messages, logs and `schemas/errors.json`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// One sentence on what the code means.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            /// Whether trying the same message again can help.
            pub const fn retryable(self) -> bool {
                match self { $(Self::$variant => codes!(@ $retry),)* }
            }

            /// The code with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
    (@ retry) => { true };
    (@ final) => { false };
}

codes! {
    // Reading JSON.
    JsonSyntax "json_syntax" final "The text is not JSON.";
    JsonEncoding "json_encoding" final "The text is not UTF-8 without a byte order mark.";
    JsonDuplicateKey "json_duplicate_key" final "An object has the same key twice.";
    JsonSurrogate "json_surrogate" final "A string holds half of a surrogate pair.";
    JsonNumber "json_number" final "A number is not finite, or an integer is beyond 2^53-1.";
    JsonDepth "json_depth" final "Values are nested deeper than the limit.";
    JsonTooManyValues "json_too_many_values" final "The text holds more values than the limit.";
    JsonTooManyKeys "json_too_many_keys" final "An object has more keys than the limit.";
    JsonTooLarge "json_too_large" final "The text is longer than the limit.";
    YamlSyntax "yaml_syntax" final "The text is not YAML, or uses YAML that JSON cannot say.";

    // Checking a contract.
    ContractShape "contract_shape" final "A member of the contract is unknown, missing or of the wrong type.";
    ContractVersion "contract_version" final "`peerContract` names a version of the format that is not known.";
    NameInvalid "name_invalid" final "A name does not follow the rule for its kind.";
    NameReserved "name_reserved" final "A name is kept for generated code.";
    NameCollides "name_collides" final "Two names are the same once case and underscores are gone.";
    RefUnresolved "ref_unresolved" final "A `$ref` does not lead to a schema of this contract.";
    RefCycle "ref_cycle" final "A `$ref` leads back to itself without a step down into the value.";
    SchemaInvalid "schema_invalid" final "A schema breaks the rules of JSON Schema 2020-12.";
    KeywordUnsupported "keyword_unsupported" final "A keyword is one that the compiler does not carry over.";
    PatternInvalid "pattern_invalid" final "A pattern is not a regular expression.";
    PatternNotLinear "pattern_not_linear" final "A pattern cannot be matched in linear time with one meaning in all three languages.";
    IntegerUnsafe "integer_unsafe" final "An integer bound or constant lies beyond 2^53-1.";
    DefaultInvalid "default_invalid" final "A default does not fit its schema.";
    ExampleInvalid "example_invalid" final "An example does not fit its schema.";
    InitialStateInvalid "initial_state_invalid" final "`initialState` does not fit the schema of the state.";
    PhaseUnknown "phase_unknown" final "A phase is named that no operation starts from and that is no end.";
    PhaseUnreachable "phase_unreachable" final "No outcome leads to a phase.";
    PhaseDeadEnd "phase_dead_end" final "No end can be reached from a phase.";
    TargetUnknown "target_unknown" final "A handoff or call names an operation that does not exist.";
    TargetPhase "target_phase" final "A handoff leads to a phase its target does not start from.";
    CallNotCallable "call_not_callable" final "`calls` or `fansOut` names an operation that has phases or handoffs.";
    FanOutInvalid "fan_out_invalid" final "A `fansOut` does not say all it must, or asks for what cannot be.";
    JoinInput "join_input" final "The join of a `fansOut` does not accept the results that its children may give.";
    OperationShape "operation_shape" final "An operation is neither callable nor part of the phases.";
    EntryMissing "entry_missing" final "No operation starts from the start phase.";
    IdempotencyKeyInvalid "idempotency_key_invalid" final "`idempotencyKey` does not point at a required scalar of the input.";
    EventMappingInvalid "event_mapping_invalid" final "`events` does not make an input of the operation, or starts work where none may begin.";
    ConstraintInvalid "constraint_invalid" final "A constraint is out of its range or not a duration.";

    // Validating a value against a schema.
    TypeMismatch "type_mismatch" final "A value has another JSON type than the schema asks for.";
    RequiredMissing "required_missing" final "A required property is missing.";
    PropertyUnknown "property_unknown" final "A property is not one that a closed object has.";
    PropertyNameInvalid "property_name_invalid" final "A property name does not fit `propertyNames`.";
    PropertyCount "property_count" final "An object has too few or too many properties.";
    DependentMissing "dependent_missing" final "A property asks for another one that is missing.";
    ConstMismatch "const_mismatch" final "A value is not the constant of the schema.";
    EnumMismatch "enum_mismatch" final "A value is none of the listed ones.";
    PatternMismatch "pattern_mismatch" final "A string does not match the pattern.";
    FormatMismatch "format_mismatch" final "A string is not of the format.";
    LengthMismatch "length_mismatch" final "A string is too short or too long.";
    RangeMismatch "range_mismatch" final "A number is too small or too large.";
    MultipleMismatch "multiple_mismatch" final "A number is not a multiple of the given one.";
    ItemCount "item_count" final "An array is too short or too long.";
    ItemDuplicate "item_duplicate" final "An array that must have unique items has one twice.";
    ItemUnexpected "item_unexpected" final "An array has an item that the schema does not allow.";
    ContainsMismatch "contains_mismatch" final "An array has too few or too many items that fit `contains`.";
    UnionNone "union_none" final "A value fits none of the alternatives.";
    UnionSeveral "union_several" final "A value fits more than one alternative of a `oneOf`.";
    NotAllowed "not_allowed" final "A value fits a schema that it must not fit, or none is allowed.";

    // Envelopes and what they may ask for.
    EnvelopeInvalid "envelope_invalid" final "The payload is not an envelope of this version.";
    OperationUnknown "operation_unknown" final "The agent has no operation of this name.";
    OperationNotCallable "operation_not_callable" final "The operation is part of the phases and cannot be called.";
    EntryAmbiguous "entry_ambiguous" final "A plain input came, and the agent has no entry or several.";
    PhaseRefused "phase_refused" final "The operation does not start from the phase the work is in.";
    OutcomeRefused "outcome_refused" final "The contract does not list this outcome for the operation.";
    OutputInvalid "output_invalid" final "What the handler returned does not fit the contract.";
    ChildrenLimit "children_limit" final "A fan-out has more children than it may.";
    FanOutFailed "fan_out_failed" final "Too many children of a fan-out failed for its join to run.";
    HopLimit "hop_limit" final "The work has made as many hops as it may.";
    DeadlineExceeded "deadline_exceeded" final "The time of the work, or of the operation, is over.";
    PayloadTooLarge "payload_too_large" final "A payload is larger than its transport may carry.";
    StateTooLarge "state_too_large" final "The state is larger than the contract allows.";
    InflateLimit "inflate_limit" final "Compressed bytes grow beyond the limit or the ratio.";
    ReferenceInvalid "reference_invalid" final "The bytes of a reference do not have its hash or length.";
    ContractRequired "contract_required" final "The receiver does not know the contract; send it inline.";
    ContractMismatch "contract_mismatch" final "A contract does not have the hash it was announced with.";
    ContractIncompatible "contract_incompatible" final "Sender and receiver have versions of the contract whose operation does not fit.";
    StoreRequired "store_required" final "This needs a shared store, and none is configured.";
    StoreFailed "store_failed" retry "A store could not be read or written.";
    InProgress "in_progress" retry "Another delivery of the same message is being worked on.";
    KeyConflict "key_conflict" final "The same idempotency key came with another payload.";
    EventInvalid "event_invalid" final "An event has the mark of a service's events and is not whole, or has the marks of two.";
    EventUnmapped "event_unmapped" final "The contract maps such an event to no operation of the agent.";
    RequestRefused "request_refused" final "An HTTP request has a method or a content type that messages do not have.";
    DurableUnsupported "durable_unsupported" final "The event of a durable execution is not supported yet.";

    // Reaching peers.
    AddressRefused "address_refused" final "An address is not one that the contract or the configuration allows.";
    PeerUnreachable "peer_unreachable" retry "A peer could not be reached.";
    PeerFailed "peer_failed" retry "A peer ended without an answer.";
    PeerInvalid "peer_invalid" final "A peer answered with something that is no reply to the message.";
    HandlerFailed "handler_failed" retry "The handler of the agent raised an unexpected error.";
    GeneratedUnsafe "generated_unsafe" final "Free text of the contract would have become code; nothing was written.";
    ConfigurationInvalid "configuration_invalid" final "A setting or a file of the project is wrong.";
    Interrupted "interrupted" final "The caller stopped waiting.";
}

impl ErrorCode {
    /// Whether it says that a text is no strict JSON, or more of it than is read.
    pub const fn is_of_json(self) -> bool {
        matches!(
            self,
            Self::JsonSyntax
                | Self::JsonEncoding
                | Self::JsonDuplicateKey
                | Self::JsonSurrogate
                | Self::JsonNumber
                | Self::JsonDepth
                | Self::JsonTooManyValues
                | Self::JsonTooManyKeys
                | Self::JsonTooLarge
        )
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One broken rule.
///
/// The message carries names, types and lengths, never a value of a payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at `{at}`)")]
pub struct Problem {
    /// The word for programs.
    pub code: ErrorCode,
    /// Where, in the document the caller gave us.
    pub at: Pointer,
    /// What was found and what would be right. Free to improve.
    pub message: String,
    /// What to do about it, when that can be said: "did you mean `ranked`?". Empty otherwise.
    pub help: String,
}

impl Problem {
    /// A problem without help.
    // Told to be rare, so that what leads to it is built small.
    #[cold]
    pub fn new(code: ErrorCode, at: Pointer, message: impl Into<String>) -> Self {
        Self { code, at, message: message.into(), help: String::new() }
    }

    /// The same with a hint on what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same problem seen from further out: its place gets `prefix` in front.
    #[must_use]
    pub fn under(mut self, prefix: &Pointer) -> Self {
        self.at = prefix.join(&self.at);
        self
    }

    /// By their places, each once.
    pub(crate) fn in_order(mut problems: Vec<Self>) -> Vec<Self> {
        crate::sorting::sort_by(&mut problems, |a, b| (&a.at, a.code, &a.message).cmp(&(&b.at, b.code, &b.message)));
        problems.dedup();
        problems
    }
}

/// One or more problems, in the order of their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `Err` with all of them when there are any.
    pub fn result_of(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// The first one, which stands for all where only one fits.
    pub fn first(&self) -> &Problem {
        &self.0[0]
    }

    /// All of them.
    pub fn as_slice(&self) -> &[Problem] {
        &self.0
    }

    /// All of them, to keep.
    pub fn into_vec(self) -> Vec<Problem> {
        self.0
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first())?;
        match self.0.len() - 1 {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl std::error::Error for Problems {}
