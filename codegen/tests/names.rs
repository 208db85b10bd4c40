//! Names of types stay: what is added to a contract renames nothing that was there.

use std::collections::BTreeMap;
use std::path::Path;

use peer_contract_core::contract::fold;
use peer_contract_core::{Contract, Pointer, Value};
use peerc::ir::{Graph, Type, TypeId, lower};
use peerc::source::Source;
use peerc::target::Language;
use serde_json::json;

/// What people add: a property or type of each kind that gets a name.
fn additions() -> [Value; 4] {
    [
        json!({"type": "object", "properties": {"deep": {"enum": ["a", "b"]}}}),
        json!({"type": "array", "items": {"type": "object", "properties": {"x": {"type": ["string", "integer"]}}}}),
        json!({"enum": ["on", "off"]}),
        json!({"oneOf": [{"type": "string"}, {"type": "object", "properties": {"kind": {"const": "k"}}}]}),
    ]
}

fn contracts() -> Vec<Value> {
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folders = std::fs::read_dir(goldens).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let written = |folder: std::path::PathBuf| {
        let path = [folder.join("contract.yaml"), folder.join("contract.json")].into_iter().find(|path| path.exists());
        Source::read(&path.unwrap()).unwrap().contract().unwrap().value().clone()
    };
    let mut contracts: Vec<Value> = folders.map(written).collect();
    contracts.sort_by_key(|contract| contract["name"].as_str().unwrap().to_owned());
    assert!(contracts.len() > 5);
    contracts
}

fn graph(contract: &Value) -> Option<Graph> {
    Contract::parse(contract.to_string().as_bytes()).ok().map(|contract| lower(&contract))
}

/// How the three languages declare each type, by its place and by what it is there.
fn names(graph: &Graph) -> BTreeMap<(String, String), Vec<String>> {
    let spellers = Language::ALL.map(|language| language.speller(graph));
    let mut names: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (id, ty) in graph.types.iter().enumerate() {
        let at: Pointer = ty.pointer.parse().unwrap();
        let key = (ty.pointer.clone(), ty.alternative.clone().unwrap_or_default());
        // `type State = …` may well become `interface State`; the name may not change.
        let declared = spellers.iter().map(|spell| spell(&at, &Type::Named(TypeId(id))));
        let name = |text: String| text.split(" = ").next().unwrap().split(' ').next_back().unwrap().to_owned();
        names.entry(key).or_default().extend(declared.map(name));
    }
    names
}

fn renamed(before: &Graph, after: &Graph) -> Vec<(String, Vec<String>)> {
    let (before, after) = (names(before), names(after));
    let kept = |key: &(String, String), names: &Vec<String>| after.get(key).is_some_and(|now| now == names);
    before.into_iter().filter(|(key, names)| !kept(key, names)).map(|((at, _), names)| (at, names)).collect()
}

/// Places of objects with listed properties, and that of the types.
fn places(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::Object(members) => {
            let is_schema = !at.as_str().ends_with("/properties") && !at.as_str().ends_with("/$defs");
            if is_schema && members.contains_key("properties") {
                found.push(at.key("properties"));
            }
            members.iter().for_each(|(key, member)| places(member, &at.key(key), found));
        }
        Value::Array(items) => (0..).zip(items).for_each(|(index, item)| places(item, &at.index(index), found)),
        _ => {}
    }
}

/// The contract with something more at a place; none where there is something of that name, or the contract refuses it.
fn with(contract: &Value, at: &Pointer, name: &str, addition: &Value) -> Option<Graph> {
    let mut wider = contract.clone();
    let members = wider.pointer_mut(at.as_str())?.as_object_mut()?;
    if members.contains_key(name) {
        return None;
    }
    members.insert(name.to_owned(), addition.clone());
    graph(&wider)
}

/// Each contract with each addition under each of these names at each place.
fn each_wider(words: impl Fn(&Graph) -> Vec<String>, mut see: impl FnMut(&Graph, &Graph, &Pointer)) -> usize {
    let mut seen = 0;
    for contract in contracts() {
        let before = graph(&contract).unwrap();
        let mut found = vec![Pointer::root().key("$defs")];
        places(&contract, &Pointer::root(), &mut found);
        for at in &found {
            for (index, word) in words(&before).iter().enumerate() {
                let addition = &additions()[index % 4];
                if let Some(after) = with(&contract, at, word, addition) {
                    see(&before, &after, at);
                    seen += 1;
                }
            }
        }
    }
    seen
}

#[test]
fn what_is_added_renames_nothing() {
    let words = |_: &Graph| ["aardvark", "zebra", "Middle", "new_one"].map(str::to_owned).to_vec();
    let seen = each_wider(words, |before, after, at| {
        assert_eq!(renamed(before, after), [], "{} {at}", before.contract.name);
    });
    assert!(seen > 100, "{seen}");
}

/// Words of which names are made that types have already, so that the new one wants the same.
fn words_of_names(graph: &Graph) -> Vec<String> {
    let words = |name: &String| {
        let ends =
            name.char_indices().skip(1).filter(|(_, c)| c.is_ascii_uppercase()).map(|(at, _)| name[at..].to_owned());
        ends.chain([name.clone(), name.to_lowercase()]).collect::<Vec<_>>()
    };
    graph.types.iter().map(|ty| &ty.name).flat_map(words).collect()
}

#[test]
fn no_property_takes_the_name_of_a_type_that_the_contract_names() {
    let mut met = 0;
    each_wider(words_of_names, |before, after, at| {
        let defined = |(at, _): &(String, Vec<String>)| at.starts_with("/$defs/") && at.matches('/').count() == 2;
        let is_property = at.as_str().ends_with("/properties");
        let lost: Vec<_> = renamed(before, after).into_iter().filter(|lost| is_property && defined(lost)).collect();
        assert_eq!(lost, [], "{} {at}", before.contract.name);
        let names =
            |graph: &Graph| graph.types.iter().map(|ty| fold(&ty.name)).collect::<std::collections::BTreeSet<_>>();
        met += usize::from(names(after).len() == after.types.len() && after.types.len() > before.types.len());
    });
    assert!(met > 100, "{met}");
}

#[test]
fn of_two_that_want_a_name_no_third_renames_the_one_without_it() {
    let place = |first: &str, second: &str| json!({"type": "object", "properties": {first: {"type": "object", "properties": {second: {"enum": ["a", "b"]}}}}});
    let mut contract = json!({
        "peerContract": "1", "name": "words", "version": "1.0.0",
        "$defs": {"Ab": place("c", "deF"), "AbC": place("de", "f")},
        "agents": {"a": {"operations": {"b": {"input": {}, "output": {"schema": {}}}}}},
    });
    let name_at = |contract: &Value, at: &str| {
        let graph = graph(contract).unwrap();
        graph.types.iter().find(|ty| ty.pointer == at).unwrap().name.clone()
    };
    let (holder, other) = ("/$defs/Ab/properties/c/properties/deF", "/$defs/AbC/properties/de/properties/f");
    let before = [holder, other].map(|at| name_at(&contract, at));
    assert_eq!(before[0], "AbCDeF");
    assert!(before[1].starts_with("AbCDeF") && before[1].len() == before[0].len() + 4, "{before:?}");
    contract["$defs"]["AbCDe"] = place("f", "x");
    assert_eq!([holder, other].map(|at| name_at(&contract, at)), before);
}
