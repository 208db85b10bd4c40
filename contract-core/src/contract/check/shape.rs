//! Members that are unknown, missing or of the wrong type, found with the meta-schema.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::contract::meta_schema;
use crate::schema::{Bound, Finding, Kind, Program, explained};
use crate::{ErrorCode, Pointer, Problem, suggest};

/// What the shape of a document is like.
#[derive(Default)]
pub(super) struct Shape {
    pub(super) problems: Vec<Problem>,
    /// Whether a problem stands in the way of reading the document.
    pub(super) is_broken: bool,
}

/// What the shape breaks.
pub(super) fn look(value: &Value) -> Shape {
    let rules = Rules::get();
    let findings = rules.program.findings(value);
    let mistyped: Vec<&Pointer> =
        findings.iter().filter(|finding| is_type(finding)).map(|finding| &finding.at).collect();
    let mut shape = Shape::default();
    for finding in &findings {
        // What has the wrong type breaks every other rule of its place too, and names have rules and words of
        // their own.
        let told = !is_type(finding) && mistyped.contains(&&finding.at);
        if told || matches!(finding.kind, Kind::PropertyNames) {
            continue;
        }
        for problem in rules.explain(finding) {
            shape.is_broken |= problem.code == ErrorCode::ContractShape && !is_surplus(finding, &problem);
            shape.problems.push(problem);
        }
    }
    shape
}

/// Whether the problem is a member that is unknown and like no other: without it the contract says what it says.
/// One that is nearly known was meant, and what it was meant to say is missing now.
fn is_surplus(finding: &Finding<'_>, problem: &Problem) -> bool {
    matches!(finding.kind, Kind::AdditionalProperties(_)) && problem.help.is_empty()
}

fn is_type(finding: &Finding<'_>) -> bool {
    matches!(finding.kind, Kind::Type(_))
}

/// The meta-schema of contracts.
struct Rules {
    schema: Value,
    program: Program,
}

impl Rules {
    fn get() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| {
            let mut schema = meta_schema();
            // The schemas inside have a check of their own.
            schema["$defs"]["Schema"] = json!({ "type": ["object", "boolean"] });
            let program = Program::alone(&schema);
            Self { schema, program }
        })
    }

    fn explain(&self, finding: &Finding<'_>) -> Vec<Problem> {
        let mut problems = explained(finding);
        for problem in &mut problems {
            problem.code = match finding.kind {
                Kind::Const(_) => ErrorCode::ContractVersion,
                Kind::Bound(Bound::Minimum | Bound::Maximum, _) => ErrorCode::ConstraintInvalid,
                Kind::Pattern(_) if problem.at.as_str() == "/name" => ErrorCode::NameInvalid,
                _ => ErrorCode::ContractShape,
            };
            self.reword(finding, problem);
        }
        problems
    }

    /// Says in the words of contracts what the engine says in those of schemas.
    fn reword(&self, finding: &Finding<'_>, problem: &mut Problem) {
        let Some((_, member)) = problem.at.parent() else { return };
        match finding.kind {
            Kind::AdditionalProperties(_) => {
                problem.message = format!("`{member}` is not a member that contracts have here");
                problem.help = suggest::did_you_mean(&member, self.known(finding).iter().map(String::as_str));
            }
            Kind::Required(_) => problem.message = format!("the member `{member}` is missing"),
            Kind::Const(_) => "this compiler reads version `1` of the format".clone_into(&mut problem.message),
            Kind::Pattern(_) if member == "name" => {
                "a contract's name is a lowercase letter, then up to 63 lowercase letters, digits and `-`"
                    .clone_into(&mut problem.message);
            }
            Kind::Pattern(_) => "expected a semantic version such as `1.0.0`".clone_into(&mut problem.message),
            _ => {}
        }
    }

    /// The members that the object with an unknown one could have.
    fn known(&self, finding: &Finding<'_>) -> Vec<String> {
        let properties = self.schema.pointer(finding.schema.key("properties").as_str()).and_then(Value::as_object);
        properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
    }
}
