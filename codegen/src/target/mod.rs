//! The three languages. Each turns the graph into files; none knows another.

use peer_contract_core::Pointer;

use crate::ir::{Graph, NamedType, Type, TypeId};

pub mod javascript;
pub mod python;
pub mod rust;

/// One file to write, path relative to the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// With `/` between folders; made from names that the checker let through.
    pub path: String,
    /// Whole text, ending in a line break.
    pub text: String,
}

/// Names that Windows keeps for devices, in any case and with any ending.
const DEVICES: &[&str] = &["aux", "con", "conin$", "conout$", "nul", "prn"];

/// Whether no file can have this name, without its ending, on some system that people check projects out on.
pub fn is_device(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let is_port = |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    DEVICES.contains(&stem.as_str()) || is_port("com") || is_port("lpt")
}

/// Says how generated code writes the type of the schema at a place.
pub type Speller<'g> = Box<dyn Fn(&Pointer, &Type) -> String + 'g>;

/// A target language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Rust.
    Rust,
    /// Python.
    Python,
    /// JavaScript with type declarations.
    JavaScript,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rust, Self::Python, Self::JavaScript];

    /// As it is written in `peerc.toml` and as a flag.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::JavaScript => "javascript",
        }
    }

    /// The language with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }

    /// As people write it; the types of JavaScript are those of TypeScript.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::JavaScript => "TypeScript",
        }
    }

    /// What says how generated code writes the type of the schema at a place.
    pub fn speller(self, graph: &Graph) -> Speller<'_> {
        match self {
            Self::Rust => Box::new(rust::speller(graph)),
            Self::Python => Box::new(python::speller(graph)),
            Self::JavaScript => Box::new(javascript::speller(graph)),
        }
    }

    /// Renders everything for one contract. Same graph, same bytes.
    pub fn generate(self, graph: &Graph) -> Vec<GeneratedFile> {
        match self {
            Self::Rust => rust::generate(graph),
            Self::Python => python::generate(graph),
            Self::JavaScript => javascript::generate(graph),
        }
    }
}

/// The named type that is declared for the schema at a place, as against one that is only used there.
fn declared<'a>(graph: &'a Graph, at: &Pointer, ty: &Type) -> Option<&'a NamedType> {
    let Type::Named(TypeId(id)) = ty else { return None };
    Some(&graph.types[*id]).filter(|named| named.pointer == at.as_str())
}
