//! Which schemas an import takes along: those that were named, and all that these lead to.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::Pointer;
use serde_json::Value;

use super::Located;
use super::draft::Draft;
use super::keyword::{self, Form};
use super::library::{Library, Place};
use super::notes::Note;
use super::upgrade::{Leading, Reference, Upgraded, upgrade};

/// What was reached.
#[derive(Default)]
pub(super) struct Reach {
    /// Every schema object, in the words of 2020-12.
    pub(super) schemas: BTreeMap<Place, Upgraded>,
    /// Schemas that something refers to.
    pub(super) targets: BTreeSet<Place>,
    /// Where each reference leads.
    pub(super) links: BTreeMap<(Place, Leading), Link>,
    /// Names of dynamic anchors that something asks for; the empty one stands for `$recursiveAnchor`.
    pub(super) dynamic: BTreeSet<String>,
    /// Schemas under `definitions` of the named documents.
    pub(super) definitions: Vec<Place>,
    /// References that lead nowhere.
    pub(super) problems: Vec<Located>,
}

impl Reach {
    /// Takes what there is to know about the schemas.
    pub(super) fn notes(&mut self) -> Vec<Note> {
        let remarks = self.schemas.iter_mut().flat_map(|(place, upgraded)| {
            std::mem::take(&mut upgraded.remarks)
                .into_iter()
                .map(|remark| Note::new(remark.rule, place.key(&remark.keyword), remark.message).with_help(remark.help))
        });
        remarks.collect()
    }
}

/// Where one reference leads.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Where it leads by itself.
    pub(super) to: Place,
    /// The anchor whose outermost bearer it leads to instead, if there is one.
    pub(super) dynamic: Option<String>,
}

/// Everything that the named documents hold and lead to.
pub(super) fn reach(library: &mut Library<'_>, named: &[usize]) -> Reach {
    let mut walk = Walk { library, reach: Reach::default(), waiting: Vec::new() };
    for document in named {
        let root = Place { document: *document, at: Pointer::root() };
        let listed = walk.library.listed(*document);
        if listed.is_empty() {
            walk.definitions(&root);
            walk.waiting.push(root);
            continue;
        }
        for place in listed.iter().map(|at| root.below(at)) {
            walk.reach.definitions.push(place.clone());
            walk.definitions(&place);
        }
    }
    walk.waiting.extend(walk.reach.definitions.iter().cloned());
    loop {
        walk.run();
        if !walk.wake_dynamic() {
            break;
        }
    }
    walk.reach
}

struct Walk<'w, 'l> {
    library: &'w mut Library<'l>,
    reach: Reach,
    waiting: Vec<Place>,
}

impl Walk<'_, '_> {
    fn run(&mut self) {
        while let Some(place) = self.waiting.pop() {
            if self.reach.schemas.contains_key(&place) {
                continue;
            }
            let source = self.library.source(place.document);
            let value = source.value().ok().and_then(|value| value.pointer(place.at.as_str()));
            let Some(Value::Object(members)) = value else { continue };
            let draft = self.library.resource_of(&place).draft;
            let upgraded = upgrade(members, draft, self.library.formats());
            self.waiting.extend(upgraded.places().into_iter().map(|at| place.below(at)));
            for reference in &upgraded.references {
                self.follow(&place, reference, draft);
            }
            self.reach.schemas.insert(place, upgraded);
        }
    }

    fn follow(&mut self, from: &Place, reference: &Reference, draft: Draft) {
        let target = match self.library.resolve(from, reference.by.keyword(), &reference.to) {
            Ok(target) => target,
            Err(problem) => return self.reach.problems.push(problem),
        };
        let dynamic = match reference.by {
            Leading::Dynamic if !target.dynamic.is_empty() => Some(target.dynamic),
            Leading::Recursive if draft == Draft::Draft2019 && self.is_recursive(&target.place) => Some(String::new()),
            _ => None,
        };
        self.reach.dynamic.extend(dynamic.iter().cloned());
        self.reach.targets.insert(target.place.clone());
        self.reach.links.insert((from.clone(), reference.by), Link { to: target.place.clone(), dynamic });
        self.waiting.push(target.place);
    }

    fn is_recursive(&self, place: &Place) -> bool {
        let resource = self.library.resource_of(place);
        resource.recursive && resource.root == *place
    }

    /// Puts every bearer of an anchor that is asked for among the targets; whether there was a new one.
    fn wake_dynamic(&mut self) -> bool {
        let mut woken = Vec::new();
        for resource in &self.library.resources {
            let named = resource.dynamic.iter().filter(|(name, _)| self.reach.dynamic.contains(*name));
            woken.extend(named.map(|(_, place)| place.clone()));
            woken.extend((resource.recursive && self.reach.dynamic.contains("")).then(|| resource.root.clone()));
        }
        woken.retain(|place| self.reach.targets.insert(place.clone()));
        self.waiting.extend(woken.iter().cloned());
        !woken.is_empty()
    }

    /// Notes the schemas under `definitions` and `$defs`, wherever a schema has them, from `root` down.
    fn definitions(&mut self, root: &Place) {
        let source = self.library.source(root.document);
        let value = source.value().ok().and_then(|value| value.pointer(root.at.as_str()));
        let mut open: Vec<(&Value, Place)> = value.map(|value| (value, root.clone())).into_iter().collect();
        while let Some((schema, place)) = open.pop() {
            let Value::Object(members) = schema else { continue };
            let draft = self.library.resource_of(&place).draft;
            for (name, value) in members {
                let Some(form) = keyword::form(draft, name) else { continue };
                for at in keyword::places(form, name, value) {
                    let Some(below) = schema.pointer(at.as_str()) else { continue };
                    let below_place = place.below(&at);
                    if form == Form::Definitions && (below.is_object() || below.is_boolean()) {
                        self.reach.definitions.push(below_place.clone());
                    }
                    open.push((below, below_place));
                }
            }
        }
        self.reach.definitions.sort();
    }
}
