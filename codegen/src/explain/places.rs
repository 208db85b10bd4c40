//! The places that somebody asks about.

use peer_contract_core::suggest::nearest;
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem, Value, contract};

/// Steps of the longest place that is looked for under another name.
const MOST_STEPS: usize = 64;

/// What was asked for: everything, what stands at and below a place, or a keyword that the place lies in.
pub struct Asked {
    below: Option<Pointer>,
    keyword: Option<Pointer>,
}

impl Asked {
    /// All keywords.
    pub fn everything() -> Self {
        Self { below: None, keyword: None }
    }

    /// What stands at and below a place of a contract, which may be one without schemas or a value of a keyword.
    ///
    /// # Errors
    /// `ref_unresolved` when there is no such place, or nothing there that could be explained; the help names the
    /// place that was probably meant.
    pub fn at(text: &str, written: &Value) -> Result<Self, Problem> {
        let refuse = |message: String| Problem::new(ErrorCode::RefUnresolved, Pointer::root(), message);
        let parsed = text.strip_prefix('#').unwrap_or(text).parse::<Pointer>();
        let at = parsed.map_err(|error| refuse(format!("`{text}`: {error}")))?;
        let schemas: Vec<(Pointer, &Value)> = contract::schemas(written);
        let is_schema = schemas.iter().any(|(schema, _)| *schema == at);
        let keyword = keyword_around(&at, &schemas).filter(|_| !is_schema && written.pointer(at.as_str()).is_some());
        if is_schema || keyword.is_some() || schemas.iter().any(|(schema, _)| is_below(schema, &at)) {
            return Ok(Self { keyword, below: Some(at) });
        }
        let steps: Vec<String> = at.tokens().collect();
        let help = match meant(written, &steps).filter(|place| *place != at) {
            Some(place) => format!("did you mean `{place}`?"),
            None => "places are such as `/$defs/Name`, `/state`, `/agents/name`, `/$defs/Name/properties/name`".into(),
        };
        Err(refuse(format!("there is no schema at or below `{text}`")).with_help(help))
    }

    /// Whether the keyword of the schema at a place was asked for.
    pub fn holds(&self, schema: &Pointer, keyword: &str) -> bool {
        let Some(at) = &self.below else { return true };
        let place = schema.key(keyword);
        schema == at || is_below(&place, at) || self.keyword.as_ref() == Some(&place)
    }
}

/// Whether a place lies below another.
pub fn is_below(place: &Pointer, at: &Pointer) -> bool {
    place.as_str().strip_prefix(at.as_str()).is_some_and(|rest| rest.starts_with('/'))
}

/// The keyword that a place inside of a schema is, or lies in.
fn keyword_around(at: &Pointer, schemas: &[(Pointer, &Value)]) -> Option<Pointer> {
    let up = |at: &Pointer| at.parent().map(|(parent, _)| parent);
    let is_keyword = |place: &Pointer| up(place).is_some_and(|up| schemas.iter().any(|(schema, _)| *schema == up));
    std::iter::successors(Some(at.clone()), up).find(is_keyword)
}

/// The place that somebody meant who wrote these steps: the same with a name that is spelt right, or with the step that
/// was left out.
fn meant(written: &Value, steps: &[String]) -> Option<Pointer> {
    let mut value = written;
    let mut place = Pointer::root();
    for step in steps.iter().take(MOST_STEPS) {
        let (next, steps) = step_to(value, step)?;
        place = steps.iter().fold(place, |place, step| place.key(step));
        value = next;
    }
    Some(place)
}

fn step_to<'v>(value: &'v Value, step: &str) -> Option<(&'v Value, Vec<String>)> {
    let members = match value {
        Value::Array(items) => return Some((items.get(step.parse::<usize>().ok()?)?, vec![step.to_owned()])),
        value => value.as_object()?,
    };
    if let Some(next) = members.get(step) {
        return Some((next, vec![step.to_owned()]));
    }
    for between in ["properties", "$defs", "agents", "operations"] {
        if let Some(next) = members.get(between).and_then(|inner| inner.get(step)) {
            return Some((next, vec![between.to_owned(), step.to_owned()]));
        }
    }
    let near = nearest(step, members.keys().map(String::as_str))?;
    Some((&members[near], vec![near.to_owned()]))
}

/// Every schema that does not lie in another: first those that messages are held to, then the types.
pub fn whole_schemas(contract: &Contract) -> Vec<Pointer> {
    let configs = contract.agents().values().filter_map(|agent| agent.config.clone());
    let operations = contract.operations().flat_map(|operation| {
        let output = operation.output.iter().map(|output| output.schema.clone());
        let errors = operation.errors.values().filter_map(|error| error.data.clone());
        std::iter::once(operation.input.clone()).chain(output).chain(errors)
    });
    let defs = contract.value().get("$defs").and_then(Value::as_object).into_iter().flat_map(|defs| defs.keys());
    let defs = defs.map(|name| Pointer::root().key("$defs").key(name));
    contract.state().into_iter().chain(configs).chain(operations).chain(defs).collect()
}
