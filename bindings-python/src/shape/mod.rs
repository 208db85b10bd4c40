//! Where in a value the classes, integers and doubles of generated code are.
//!
//! Shapes are described by the code that brings the classes along, and laid out flat here: a [`Shape`]
//! is a number. A shape never decides whether a value is right: the schema does.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use peer_contract_core::plan::{member, value_span};
use peer_contract_core::schema::Schema;
use peer_contract_core::{Contract, Limits, Pointer};

mod class;
mod read;

pub(crate) use class::{Class, class_of};
pub(crate) use read::pointer;

/// A part of a type, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shape(u32);

impl Shape {
    /// Plain Python objects.
    pub(crate) const PLAIN: Self = Self(0);
    /// `int`, also when the wire says `1.0`.
    pub(crate) const INTEGER: Self = Self(1);
    /// `float`, also when the wire says `1`.
    pub(crate) const NUMBER: Self = Self(2);

    const FIRST_NODE: u32 = 3;
    /// Set in the numbers of unions, so that asking for one looks nowhere.
    const UNION: u32 = 1 << 31;
    /// The same for lists whose places have shapes of their own.
    const PLACES: u32 = 1 << 29;

    pub(crate) fn is_union(self) -> bool {
        self.0 & Self::UNION != 0
    }

    /// Whether it is a list whose places have shapes of their own.
    pub(crate) fn has_places(self) -> bool {
        self.0 & Self::PLACES != 0
    }

    fn of_node(index: usize, node: &Node) -> Self {
        let index = u32::try_from(index).expect("fewer shapes than bytes of memory");
        let mark = match node {
            Node::Tagged(_) | Node::Untagged(_) | Node::Kinds(_) => Self::UNION,
            Node::Places(_) => Self::PLACES,
            Node::List(_) | Node::Map(_) | Node::Record(_) => 0,
        };
        Self((index + Self::FIRST_NODE) | mark)
    }
}

/// A part of a type that has parts itself.
#[derive(Clone)]
pub(crate) enum Node {
    /// A list of these.
    List(Shape),
    /// A dict of these.
    Map(Shape),
    /// A class with fields, by its index.
    Record(usize),
    /// The value of a property says which.
    Tagged(Arc<Tagged>),
    /// The first whose schema holds.
    Untagged(Arc<[Variant]>),
    /// What JSON has says which.
    Kinds(Kinds),
    /// A list whose places have shapes of their own.
    Places(Arc<Places>),
}

/// What an object, an array and a number stand for.
#[derive(Clone, Copy)]
pub(crate) struct Kinds {
    object: Shape,
    array: Shape,
    number: Shape,
}

/// The places of a list.
#[derive(Clone)]
pub(crate) struct Places {
    /// Shapes of the first items.
    items: Vec<Shape>,
    /// Shape of those behind them.
    rest: Shape,
    /// Whether it becomes a tuple.
    pub(crate) is_tuple: bool,
}

impl Places {
    /// The shape of the item at `index`.
    pub(crate) fn at(&self, index: usize) -> Shape {
        self.items.get(index).copied().unwrap_or(self.rest)
    }
}

impl Kinds {
    fn choose(self, text: &[u8]) -> Shape {
        match text.first() {
            Some(b'{') => self.object,
            Some(b'[') => self.array,
            Some(b'-' | b'0'..=b'9') => self.number,
            _ => Shape::PLAIN,
        }
    }
}

/// A union whose alternatives have another constant each in one property.
pub(crate) struct Tagged {
    tag: String,
    /// How an object of each kind begins whose first member is the tag, in the order of the kinds.
    beginnings: Vec<Vec<u8>>,
    /// The constants, as JSON and as they are, and what each stands for.
    variants: Vec<(Vec<u8>, String, Shape)>,
}

/// An alternative of a union that has no tag.
pub(crate) struct Variant {
    at: Pointer,
    shape: Shape,
    schema: OnceLock<Option<Arc<Schema>>>,
}

/// The types of one generated package.
pub(crate) struct Shapes {
    contract: Contract,
    names: BTreeMap<String, Definition>,
    nodes: RwLock<Arc<Vec<Node>>>,
    classes: Vec<Class>,
    /// Index in `classes` by the address of the type, which the class keeps alive.
    by_type: class::ByAddress,
}

/// A type that has a name.
#[derive(Clone)]
pub(crate) struct Definition {
    /// Where its schema stands.
    pub(crate) at: Pointer,
    pub(crate) shape: Shape,
}

impl Shapes {
    pub(crate) fn contract(&self) -> &Contract {
        &self.contract
    }

    pub(crate) fn definition(&self, name: &str) -> Option<&Definition> {
        self.names.get(name)
    }

    pub(crate) fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// The class whose exact instances have this type.
    #[inline]
    pub(crate) fn class_at(&self, address: usize) -> Option<usize> {
        self.by_type.get(&address).copied()
    }

    /// The shapes there are now.
    pub(crate) fn nodes(&self) -> Arc<Vec<Node>> {
        Arc::clone(&self.nodes.read().expect(NO_PANIC))
    }

    /// Makes the choice that a union leaves, for the value that `text` begins with.
    pub(crate) fn settle(&self, nodes: &[Node], mut shape: Shape, text: &[u8]) -> Shape {
        // A union within a union is settled in turn. None contains itself without an object in between.
        while shape.is_union() {
            shape = match node(nodes, shape) {
                Some(Node::Tagged(tagged)) => tagged.choose(text),
                Some(Node::Untagged(variants)) => self.first_valid(nodes, variants, text),
                Some(Node::Kinds(kinds)) => kinds.choose(text),
                _ => Shape::PLAIN,
            };
        }
        shape
    }

    fn first_valid(&self, nodes: &[Node], variants: &[Variant], text: &[u8]) -> Shape {
        // Most often no alternative, or only one, makes anything of its own of such a value.
        if variants.iter().all(|variant| !tells(nodes, variant.shape, text)) {
            return Shape::PLAIN;
        }
        let value = value_span(text);
        let holds = |variant: &&Variant| {
            let schema = variant.schema.get_or_init(|| self.contract.schema(&variant.at).ok());
            schema.as_ref().is_some_and(|schema| schema.check(value, &Limits::default()).is_ok())
        };
        variants.iter().find(holds).map_or(Shape::PLAIN, |variant| variant.shape)
    }
}

impl Tagged {
    fn new(tag: String, variants: BTreeMap<String, Shape>) -> Self {
        let quoted = |text: &str| serde_json::to_vec(text).expect("a string is JSON");
        let beginning = |word: &str| [b"{", &*quoted(&tag), b":", &*quoted(word)].concat();
        let beginnings = variants.keys().map(|word| beginning(word)).collect();
        let variants = variants.into_iter().map(|(word, shape)| (quoted(&word), word, shape)).collect();
        Self { beginnings, variants, tag }
    }

    fn choose(&self, text: &[u8]) -> Shape {
        // The whole beginning of an object that has its tag first, as it is most often written.
        let mut known = self.beginnings.iter().zip(&self.variants);
        if let Some((_, (.., shape))) = known.find(|(beginning, _)| begins_with(text, beginning)) {
            return *shape;
        }
        let Some(value) = member(text, &self.tag) else { return Shape::PLAIN };
        if let Some((.., shape)) = self.variants.iter().find(|(quoted, ..)| quoted == value) {
            return *shape;
        }
        // With an escape in it; rare enough to read it the slow way.
        let spelled: Option<String> = serde_json::from_slice(value).ok();
        let known = |spelled: String| self.variants.iter().find(|(_, word, _)| *word == spelled);
        spelled.and_then(known).map_or(Shape::PLAIN, |(.., shape)| *shape)
    }
}

/// Whether a text begins in this way: for a beginning of some ten bytes, quicker than a call.
#[inline(always)]
fn begins_with(text: &[u8], beginning: &[u8]) -> bool {
    let Some(text) = text.get(..beginning.len()) else { return false };
    match (text.first_chunk::<8>(), text.last_chunk::<8>(), beginning.first_chunk(), beginning.last_chunk()) {
        // The last eight tell the most, and overlap the others where these are few.
        (Some(first), Some(last), Some(other_first), Some(other_last)) => {
            last == other_last && first == other_first && (text.len() <= 16 || text == beginning)
        }
        _ => text == beginning,
    }
}

/// What stands behind a shape that has parts.
#[inline(always)]
pub(crate) fn node(nodes: &[Node], shape: Shape) -> Option<&Node> {
    nodes.get(((shape.0 & !(Shape::UNION | Shape::PLACES)) as usize).checked_sub(Shape::FIRST_NODE as usize)?)
}

/// Whether a shape makes something else than plain objects of a value that begins in this way.
fn tells(nodes: &[Node], shape: Shape, text: &[u8]) -> bool {
    match (text.first(), shape, node(nodes, shape)) {
        (_, Shape::PLAIN, _) => false,
        (Some(b'-' | b'0'..=b'9'), Shape::INTEGER | Shape::NUMBER, _) => true,
        (Some(b'['), _, Some(Node::List(_) | Node::Places(_))) => true,
        (_, _, Some(Node::Kinds(kinds))) => tells(nodes, kinds.choose(text), text),
        (Some(b'{'), _, Some(Node::Map(_) | Node::Record(_) | Node::Tagged(_))) => true,
        (_, _, Some(Node::Untagged(variants))) => variants.iter().any(|variant| tells(nodes, variant.shape, text)),
        _ => false,
    }
}

const NO_PANIC: &str = "no code panics while it holds this lock";
