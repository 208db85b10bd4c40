//! The type graph: what all three languages generate from.
//!
//! Lists are in a stable order (types by pointer, agents and operations by name, fields as
//! [`Record::fields`] says), so that shuffled keys in the contract give the same bytes.
//! Whatever the types do not express is still checked: validation always runs the whole schema.

use std::collections::BTreeMap;

use serde_json::Value;

/// All that the generators know about one contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// Facts for headers and for the embedded contract.
    pub contract: ContractFacts,
    /// Named types, by pointer. [`TypeId`] indexes this list.
    pub types: Vec<NamedType>,
    /// The state that travels with the work; none when no operation has a phase.
    pub state: Option<Type>,
    /// The agents by name.
    pub agents: Vec<AgentNode>,
    /// What stands at each place that a type was made of, by pointer: what `peerc explain` tells.
    pub places: BTreeMap<String, Type>,
}

/// Facts about the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractFacts {
    /// `research-brief`.
    pub name: String,
    /// `1.0.0`.
    pub version: String,
    /// Description, line by line.
    pub docs: Vec<String>,
    /// `sha256:…`.
    pub hash: String,
    /// The canonical text, which generated code embeds; parsing it gives the same hash.
    pub canonical: String,
    /// Version of the compiler.
    pub compiler: String,
    /// What `Work.new` begins with.
    pub initial_state: Option<Value>,
}

/// Index into [`Graph::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A type that gets a name in every language.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedType {
    /// UpperCamelCase, unique in the contract after folding; languages only escape reserved words.
    pub name: String,
    /// Where its schema stands in the contract: `/$defs/Brief`. What `from_json` validates against.
    pub pointer: String,
    /// Where the alternative stands of which this is the type, with what stands beside it at `pointer`: `from_json`
    /// validates against both.
    pub alternative: Option<String>,
    /// Description, line by line.
    pub docs: Vec<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// What it is.
    pub shape: Shape,
}

/// What a named type is.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with known properties.
    Record(Record),
    /// A closed list of strings.
    Enum(Vec<EnumMember>),
    /// One of several types.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
}

/// An object with known properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Required fields in the order of `required`, then the others by name.
    pub fields: Vec<Field>,
    /// What other properties may be there.
    pub extra: Extra,
}

/// Properties that are not listed.
#[derive(Debug, Clone, PartialEq)]
pub enum Extra {
    /// None: the object is closed.
    None,
    /// Any, kept as they are; or of this type.
    Of(Type),
}

/// A property.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// As it stands in JSON.
    pub wire_name: String,
    /// `snake_case` form of the wire name, made of `[a-z0-9_]`, beginning with a letter, unique in the record.
    /// Languages re-case it and escape reserved words.
    pub name: String,
    /// Description, line by line.
    pub docs: Vec<String>,
    /// Type without null, see [`Field::nullable`].
    pub ty: Type,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// Whether Rust must box it: the field closes a cycle of types.
    pub boxed: bool,
    /// The only value it can have, when the schema is a `const` (union tags among others).
    pub constant: Option<Value>,
    /// `deprecated: true`.
    pub deprecated: bool,
}

/// A member of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumMember {
    /// UpperCamelCase, unique in the enum.
    pub name: String,
    /// As it stands in JSON.
    pub value: String,
}

/// One of several types.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// The alternatives in the order of the schema.
    pub variants: Vec<Variant>,
    /// Wire name of the property whose `const` string tells the variants apart, when there is one.
    pub tag: Option<String>,
}

/// One alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// UpperCamelCase, unique in the union.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Pointer of its schema, for untagged unions: the variant is the one that validates.
    pub pointer: String,
    /// Value of the tag.
    pub tag: Option<String>,
    /// Whether Rust must box it.
    pub boxed: bool,
}

/// A type in use.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// A named type.
    Named(TypeId),
    /// Text.
    String,
    /// Text that has a parsed view beside it.
    Text(Format),
    /// An integer within ±(2^53-1).
    Integer,
    /// A double.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Only `null`.
    Null,
    /// Anything: the types say nothing, the check still does.
    Json,
    /// A list.
    List(Box<Type>),
    /// An object of values of one type under any key.
    Map(Box<Type>),
    /// Or `null`.
    Nullable(Box<Type>),
    /// Exactly this string, integer or boolean.
    Constant(Value),
    /// One of these strings, numbers and booleans, which are not all strings: those are an [`Shape::Enum`].
    Constants(Vec<Value>),
    /// Places of a list that have a type each.
    Tuple(Tuple),
    /// One of these, told apart by what JSON has: text, number, boolean, array, object.
    Either(Vec<Type>),
}

/// The formats of which every language has a parsed view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A point in time.
    DateTime,
    /// A day.
    Date,
    /// A UUID.
    Uuid,
    /// A URI with its scheme.
    Uri,
}

impl Format {
    /// The format with this name; none for those that stay text alone.
    pub fn of(name: &str) -> Option<Self> {
        [Self::DateTime, Self::Date, Self::Uuid, Self::Uri].into_iter().find(|format| format.name() == name)
    }

    /// As `format` says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::DateTime => "date-time",
            Self::Date => "date",
            Self::Uuid => "uuid",
            Self::Uri => "uri",
        }
    }

    /// What its type is called where it has one.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::DateTime => "DateTime",
            // `Date` is something else in JavaScript.
            Self::Date => "CalendarDate",
            Self::Uuid => "Uuid",
            Self::Uri => "Uri",
        }
    }
}

/// A list whose places have types of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuple {
    /// The types of the first items, in order.
    pub items: Vec<Type>,
    /// How many of them must be there.
    pub required: usize,
    /// Those behind them; none when the list ends there.
    pub rest: Option<Box<Type>>,
}

impl Tuple {
    /// Whether it always has the same length.
    pub fn is_fixed(&self) -> bool {
        self.rest.is_none() && self.required == self.items.len()
    }
}

/// An agent.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentNode {
    /// As in the contract.
    pub name: String,
    /// Description, line by line.
    pub docs: Vec<String>,
    /// Type of its settings.
    pub config: Option<Type>,
    /// Its operations by name.
    pub operations: Vec<OperationNode>,
    /// The errors of all its operations by name; one name is one error per agent.
    pub errors: Vec<ErrorNode>,
}

/// An operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationNode {
    /// As in the contract.
    pub name: String,
    /// `agent.operation`.
    pub target: String,
    /// Description, line by line.
    pub docs: Vec<String>,
    /// What it accepts.
    pub input: Type,
    /// What it replies.
    pub output: Option<Type>,
    /// Whether it may be called: no phase, no handoff, no state.
    pub callable: bool,
    /// Whether work may start here.
    pub entry: bool,
    /// Its handoffs, by target.
    pub hands_to: Vec<HandoffNode>,
    /// Its children and its join, if it fans out.
    pub fans_out: Option<FanOutNode>,
    /// The callable operations it may ask, `agent.operation`.
    pub calls: Vec<String>,
    /// Names of its errors, in [`AgentNode::errors`].
    pub errors: Vec<String>,
}

/// A handoff.
#[derive(Debug, Clone, PartialEq)]
pub struct HandoffNode {
    /// The agent that gets the work.
    pub agent: String,
    /// Its operation.
    pub operation: String,
    /// The phase this leads to.
    pub phase: String,
}

/// A fan-out.
#[derive(Debug, Clone, PartialEq)]
pub struct FanOutNode {
    /// The operations that children may be.
    pub each: Vec<ChildNode>,
    /// The operation that goes on, `agent.operation`.
    pub join: String,
}

/// An operation that a child may be.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildNode {
    /// Its agent.
    pub agent: String,
    /// Its name.
    pub operation: String,
}

/// An error of an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorNode {
    /// As in the contract, and as the code on the wire.
    pub name: String,
    /// Description, line by line.
    pub docs: Vec<String>,
    /// What it carries.
    pub data: Option<Type>,
    /// Whether the same message may be tried again.
    pub retryable: bool,
}
