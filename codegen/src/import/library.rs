//! The documents of one import, and the schemas in them by their addresses.
//!
//! A document is read once, and everything in it that has an address of its own is noted: `$id`, `$anchor`,
//! `$dynamicAnchor` and what older drafts had for these.

use std::collections::BTreeMap;
use std::rc::Rc;

use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::{Map, Value};

use super::draft::{Declared, Draft};
use super::files::read_text;
use super::keyword;
use super::meta;
use super::notes::{Note, Rule};
use super::openapi;
use super::{Formats, Loader, Located, Options, uri};
use crate::source::{Notation, Source};

/// A place in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the document.
    pub document: usize,
    /// Where in it.
    pub at: Pointer,
}

impl Place {
    pub(super) fn below(&self, rest: &Pointer) -> Self {
        Self { document: self.document, at: self.at.join(rest) }
    }

    pub(super) fn key(&self, key: &str) -> Self {
        Self { document: self.document, at: self.at.key(key) }
    }
}

/// A schema with an address, and all below it up to the next one with an address.
pub(super) struct Resource {
    base: String,
    pub(super) draft: Draft,
    pub(super) root: Place,
    anchors: BTreeMap<String, Found<Place>>,
    /// `$dynamicAnchor`s by name.
    pub(super) dynamic: BTreeMap<String, Place>,
    /// Whether `$recursiveAnchor` is true at the root.
    pub(super) recursive: bool,
}

/// Something found by a name that only one should have.
#[derive(Clone)]
enum Found<T> {
    One(T),
    Several,
}

struct Document {
    source: Rc<Source>,
    /// Whether it was named, and not found by a reference.
    named: bool,
}

/// Where a reference leads.
pub(super) struct Target {
    pub(super) place: Place,
    /// The name of the `$dynamicAnchor` it leads to; empty for none.
    pub(super) dynamic: String,
}

/// Everything that was read.
pub(super) struct Library<'l> {
    documents: Vec<Document>,
    pub(super) resources: Vec<Resource>,
    roots: BTreeMap<Place, usize>,
    by_uri: BTreeMap<String, Found<usize>>,
    loader: &'l mut dyn Loader,
    options: &'l Options,
    pub(super) notes: Vec<Note>,
}

impl<'l> Library<'l> {
    pub(super) fn new(loader: &'l mut dyn Loader, options: &'l Options) -> Self {
        Self {
            documents: Vec::new(),
            resources: Vec::new(),
            roots: BTreeMap::new(),
            by_uri: BTreeMap::new(),
            loader,
            options,
            notes: Vec::new(),
        }
    }

    /// Adds a document that was asked for by name.
    pub(super) fn add_named(&mut self, address: &str, source: Source) -> Result<usize, Located> {
        self.add(address, source, None, true)
    }

    fn add(&mut self, address: &str, source: Source, referring: Option<Draft>, named: bool) -> Result<usize, Located> {
        let document = self.documents.len();
        let source = Rc::new(source);
        self.documents.push(Document { source: source.clone(), named });
        let root = Place { document, at: Pointer::root() };
        let schema = source.value().map_err(|problem| Located { document, problem: problem.clone() })?;
        let draft = self.draft_of(schema, &root, referring, named)?;
        let empty = Map::new();
        let resource = self.open(address, draft, &root, schema.as_object().unwrap_or(&empty));
        self.called(address, resource);
        self.index(schema, &root, resource);
        let listed = openapi::schemas(schema);
        if named && !listed.is_empty() {
            let message = "of this description of an API, the schemas under `components` are taken, and nothing else";
            self.notes.push(Note::new(Rule::OnlyComponents, root.key("openapi"), message));
        }
        for at in listed {
            if let Some(below) = schema.pointer(at.as_str()) {
                self.index(below, &root.below(&at), resource);
            }
        }
        Ok(document)
    }

    fn draft_of(
        &mut self,
        schema: &Value,
        root: &Place,
        referring: Option<Draft>,
        named: bool,
    ) -> Result<Draft, Located> {
        if let Some(draft) = self.options.draft.filter(|_| named) {
            return Ok(draft);
        }
        match schema.get("$schema").and_then(Value::as_str).map(Draft::declared) {
            Some(Declared::Read(draft)) => Ok(draft),
            Some(Declared::TooOld) => {
                let message = "found draft 3 or older, whose `required`, `extends` and `disallow` mean something else; \
                               draft 4 and later are read";
                Err(refuse(ErrorCode::KeywordUnsupported, root.key("$schema"), message)
                    .with_help("upgrade it to draft 4 first, or say `--draft 4` where it is one in truth"))
            }
            Some(Declared::Foreign) => {
                let message = "`$schema` names a meta-schema that is not one of JSON Schema";
                Err(refuse(ErrorCode::KeywordUnsupported, root.key("$schema"), message)
                    .with_help("say with `--draft` by which draft it is to be read"))
            }
            None => {
                let known = openapi::draft(schema).or(referring);
                Ok(known.unwrap_or_else(|| self.guess(schema, root)))
            }
        }
    }

    fn guess(&mut self, schema: &Value, root: &Place) -> Draft {
        let (draft, word) = Draft::guessed(schema);
        let because = word.map(|word| format!(", because of `{word}`")).unwrap_or_default();
        let message = format!("there is no `$schema`, so it is read as {}{because}", draft.said());
        self.notes.push(Note::new(Rule::DraftAssumed, root.clone(), message).with_help("say another with `--draft`"));
        draft
    }

    /// A new resource, under the address that it gives itself.
    fn open(&mut self, base: &str, draft: Draft, root: &Place, schema: &Map<String, Value>) -> usize {
        let id = schema.get(draft.id_keyword()).and_then(Value::as_str).unwrap_or_default();
        let alone = draft.reference_stands_alone() && schema.contains_key("$ref");
        let id = if alone { "" } else { id };
        let (base, _) = uri::resolve(base, id);
        let resource = self.resources.len();
        let recursive = draft == Draft::Draft2019 && schema.get("$recursiveAnchor") == Some(&Value::Bool(true));
        let (anchors, dynamic) = (BTreeMap::new(), BTreeMap::new());
        self.called(&base, resource);
        self.resources.push(Resource { base, draft, root: root.clone(), anchors, dynamic, recursive });
        self.roots.insert(root.clone(), resource);
        resource
    }

    fn called(&mut self, address: &str, resource: usize) {
        let known = self.by_uri.get(address);
        let found = match known {
            Some(Found::One(other)) if *other != resource => Found::Several,
            Some(Found::Several) => Found::Several,
            _ => Found::One(resource),
        };
        self.by_uri.insert(address.to_owned(), found);
    }

    /// Notes what has an address, from a schema down.
    fn index(&mut self, schema: &Value, place: &Place, resource: usize) {
        let Value::Object(members) = schema else { return };
        let resource = self.entered(members, place, resource);
        self.anchor(members, place, resource);
        let draft = self.resources[resource].draft;
        for (name, value) in members {
            let Some(form) = keyword::form(draft, name) else { continue };
            for at in keyword::places(form, name, value) {
                if let Some(below) = schema.pointer(at.as_str()) {
                    self.index(below, &place.below(&at), resource);
                }
            }
        }
    }

    /// The resource that a schema belongs to: a new one where it gives itself an address.
    fn entered(&mut self, members: &Map<String, Value>, place: &Place, resource: usize) -> usize {
        if let Some(known) = self.roots.get(place) {
            return *known;
        }
        let outer = &self.resources[resource];
        let declared = members.get("$schema").and_then(Value::as_str).map(Draft::declared);
        let draft = if let Some(Declared::Read(draft)) = declared { draft } else { outer.draft };
        let id = members.get(draft.id_keyword()).and_then(Value::as_str);
        let hidden = draft.reference_stands_alone() && members.contains_key("$ref");
        match id {
            Some(id) if !hidden && !id.starts_with('#') => {
                let base = outer.base.clone();
                self.open(&base, draft, place, members)
            }
            _ => resource,
        }
    }

    fn anchor(&mut self, members: &Map<String, Value>, place: &Place, resource: usize) {
        let resource = &mut self.resources[resource];
        let draft = resource.draft;
        let text = |keyword: &str| members.get(keyword).and_then(Value::as_str);
        let hidden = draft.reference_stands_alone() && members.contains_key("$ref");
        let fragment = || text(draft.id_keyword()).and_then(|id| id.split_once('#')).map(|(_, fragment)| fragment);
        let mut names = Vec::new();
        if draft < Draft::Draft2019 && !hidden {
            names.extend(fragment().filter(|name| !name.is_empty() && !name.starts_with('/')));
        }
        if draft >= Draft::Draft2019 {
            names.extend(text("$anchor"));
        }
        if let Some(name) = text("$dynamicAnchor").filter(|_| draft == Draft::Draft2020) {
            names.push(name);
            resource.dynamic.entry(name.to_owned()).or_insert_with(|| place.clone());
        }
        for name in names {
            let found = if resource.anchors.contains_key(name) { Found::Several } else { Found::One(place.clone()) };
            resource.anchors.insert(name.to_owned(), found);
        }
    }

    pub(super) fn formats(&self) -> Formats {
        self.options.formats
    }

    /// The document with a number.
    pub(super) fn source(&self, document: usize) -> Rc<Source> {
        self.documents[document].source.clone()
    }

    /// The schemas that a document lists without being one itself.
    pub(super) fn listed(&self, document: usize) -> Vec<Pointer> {
        self.source(document).value().map(openapi::schemas).unwrap_or_default()
    }

    pub(super) fn is_named(&self, document: usize) -> bool {
        self.documents[document].named
    }

    pub(super) fn into_sources(self) -> Vec<Rc<Source>> {
        self.documents.into_iter().map(|document| document.source).collect()
    }

    /// What belongs together with a place: the nearest schema around it that has an address.
    pub(super) fn resource_of(&self, place: &Place) -> &Resource {
        let mut place = place.clone();
        loop {
            if let Some(resource) = self.roots.get(&place) {
                return &self.resources[*resource];
            }
            place.at = place.at.parent().expect("the root of a document is the root of a resource").0;
        }
    }

    /// The address of a schema below the root of its document, where it has one.
    pub(super) fn own_address(&self, place: &Place) -> Option<&str> {
        let resource = self.roots.get(place)?;
        Some(self.resources[*resource].base.as_str())
    }

    /// Where the reference leads that `keyword` of the schema at `from` holds.
    pub(super) fn resolve(&mut self, from: &Place, keyword: &str, text: &str) -> Result<Target, Located> {
        let refuse = |message: String| refuse(ErrorCode::RefUnresolved, from.key(keyword), message);
        let (base, draft) = {
            let resource = self.resource_of(from);
            (resource.base.clone(), resource.draft)
        };
        let (address, fragment) = uri::resolve(&base, text);
        let resource = self.resource_at(&address, draft).map_err(&refuse)?;
        let Found::One(resource) = resource else {
            return Err(refuse(format!("two schemas call themselves `{address}`")));
        };
        let resource = &self.resources[resource];
        if fragment.is_empty() || fragment.starts_with('/') {
            let at = peer_contract_core::contract::target_of(&format!("#{fragment}"))
                .ok_or_else(|| refuse(format!("`#{fragment}` is no JSON Pointer")))?;
            let place = resource.root.below(&at);
            let here =
                self.documents[place.document].source.value().is_ok_and(|v| v.pointer(place.at.as_str()).is_some());
            return if here {
                Ok(Target { place, dynamic: String::new() })
            } else {
                Err(refuse(format!("`{text}` leads to nothing")))
            };
        }
        match resource.anchors.get(&fragment) {
            Some(Found::One(place)) => {
                let is_dynamic = resource.dynamic.get(&fragment) == Some(place);
                Ok(Target { place: place.clone(), dynamic: if is_dynamic { fragment } else { String::new() } })
            }
            Some(Found::Several) => Err(refuse(format!("two schemas have the anchor `{fragment}`"))),
            None => Err(refuse(format!("no schema has the anchor `{fragment}`"))),
        }
    }

    /// The resource at an address, read now if it must be.
    fn resource_at(&mut self, address: &str, referring: Draft) -> Result<Found<usize>, String> {
        if let Some(found) = self.by_uri.get(address) {
            return Ok(found.clone());
        }
        let source = self.loader.load(address).or_else(|said| known(address).ok_or(said))?;
        let document = self.add(address, source, Some(referring), false).map_err(|Located { document, problem }| {
            format!("`{}` cannot be read: {problem}", self.documents[document].source.name)
        })?;
        let root = Place { document, at: Pointer::root() };
        Ok(Found::One(self.roots[&root]))
    }
}

/// What nobody has to bring along: who names a file for such an address has it read instead.
fn known(address: &str) -> Option<Source> {
    let text = meta::official(address)?.to_string();
    Some(read_text(address.to_owned(), text.as_bytes(), Some(Notation::Json)))
}

fn refuse(code: ErrorCode, place: Place, message: impl Into<String>) -> Located {
    Located { document: place.document, problem: Problem::new(code, place.at, message) }
}
