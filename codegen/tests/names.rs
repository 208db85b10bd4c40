//! Names stay: what is added to a contract renames nothing that was there, and where it must, no name comes to mean
//! something else.

use std::collections::BTreeMap;
use std::path::Path;

use peer_contract_core::contract::fold;
use peer_contract_core::{Contract, Pointer, Value};
use peerc::ir::{Graph, Shape, Type, TypeId, camel, lower, snake};
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
    let lost = before.into_iter().filter(|(key, names)| !kept(key, names));
    lost.map(|((at, alternative), names)| (if alternative.is_empty() { at } else { alternative }, names)).collect()
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

/// A key in other spellings, which are the same words.
fn spellings(key: &str) -> Vec<String> {
    let (snake, camel) = (snake(key), camel(key));
    let mut lower = camel.clone();
    lower[..1].make_ascii_lowercase();
    let all = [snake.replace('_', "-"), snake.to_uppercase(), format!("_{snake}"), snake, camel, lower];
    all.into_iter().filter(|spelling| spelling != key).collect()
}

/// What each name of a type means, and each name of a field: a place.
fn meanings(graph: &Graph) -> BTreeMap<String, String> {
    let mut meanings = BTreeMap::new();
    for ty in &graph.types {
        let place = format!("{} {}", ty.pointer, ty.alternative.as_deref().unwrap_or_default());
        if let Shape::Record(record) = &ty.shape {
            let fields = record.fields.iter();
            meanings.extend(fields.map(|field| (format!("{place} {}", field.name), field.wire_name.clone())));
        }
        meanings.insert(ty.name.clone(), place);
    }
    meanings
}

/// Each object of each contract with each of its properties in each other spelling, with all kinds of type.
fn each_alike(mut see: impl FnMut(&Value, &Graph, &Graph, &Pointer, [&str; 2])) -> usize {
    let mut seen = 0;
    for contract in contracts() {
        let before = graph(&contract).unwrap();
        let mut found = Vec::new();
        places(&contract, &Pointer::root(), &mut found);
        for at in &found {
            let keys: Vec<String> =
                contract.pointer(at.as_str()).unwrap().as_object().unwrap().keys().cloned().collect();
            for key in keys.iter().filter(|key| !camel(key).is_empty()) {
                for (spelling, addition) in spellings(key).iter().zip(additions().iter().cycle()) {
                    let Some(after) = with(&contract, at, spelling, addition) else { continue };
                    see(&contract, &before, &after, at, [key, spelling]);
                    seen += 1;
                }
            }
        }
    }
    seen
}

#[test]
fn no_name_comes_to_mean_another_property_or_type() {
    let seen = each_alike(|_, before, after, at, alike| {
        let after = meanings(after);
        for (name, place) in meanings(before) {
            let now = after.get(&name);
            assert!(now.is_none_or(|now| *now == place), "{at} {alike:?}: {name} was {place}, is {now:?}");
        }
    });
    assert!(seen > 100, "{seen}");
}

#[test]
fn of_two_keys_alike_both_say_which_they_are_and_no_other_type_is_renamed() {
    each_alike(|_, before, after, at, [key, spelling]| {
        let is_of = |place: &str, key: &str| format!("{place}/").starts_with(&format!("{}/", at.key(key)));
        let others =
            renamed(before, after).into_iter().filter(|(place, _)| !is_of(place, key) && !is_of(place, spelling));
        assert_eq!(others.collect::<Vec<_>>(), [], "{at} {key} {spelling}");
        let object = at.parent().unwrap().0;
        for record in after.types.iter().filter(|ty| ty.pointer == object.as_str()) {
            let Shape::Record(record) = &record.shape else { continue };
            let named = record.fields.iter().filter(|field| field.wire_name == key || field.wire_name == spelling);
            let names: Vec<&String> = named.map(|field| &field.name).collect();
            assert!(names.len() < 2 || names.iter().all(|name| *name != &snake(key)), "{at} {names:?}");
        }
    });
}

#[test]
fn a_third_key_alike_renames_neither_of_the_two() {
    let mut seen = 0;
    let object = json!({"type": "object", "properties": {"deep": {"type": "string"}}});
    each_alike(|contract, _, _, at, [key, spelling]| {
        let mut wider = contract.clone();
        let members = wider.pointer_mut(at.as_str()).unwrap().as_object_mut().unwrap();
        members.extend([key, spelling].map(|key| (key.to_owned(), object.clone())));
        for third in spellings(key).iter().filter(|third| *third != spelling).take(1) {
            let (Some(two), Some(three)) = (graph(&wider), with(&wider, at, third, &object)) else { continue };
            assert_eq!(renamed(&two, &three), [], "{at} {key} {spelling} {third}");
            let (two, three) = (meanings(&two), meanings(&three));
            assert!(two.iter().all(|(name, place)| three.get(name) == Some(place)), "{at} {key} {spelling} {third}");
            seen += 1;
        }
    });
    assert!(seen > 100, "{seen}");
}

#[test]
fn places_that_want_one_name_get_none_of_it_and_a_third_changes_nothing() {
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
    let both = ["/$defs/Ab/properties/c/properties/deF", "/$defs/AbC/properties/de/properties/f"];
    let before = both.map(|at| name_at(&contract, at));
    assert!(before.iter().all(|name| name.starts_with("AbCDeF") && name.len() == "AbCDeF".len() + 4), "{before:?}");
    contract["$defs"]["AbCDe"] = place("f", "x");
    assert_eq!(both.map(|at| name_at(&contract, at)), before);
}
