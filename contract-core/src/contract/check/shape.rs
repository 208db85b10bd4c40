//! Members that are unknown, missing or of the wrong type, found with the meta-schema.

use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};

use super::suggest;
use crate::contract::meta_schema;
use crate::schema::explained;
use crate::{ErrorCode, Pointer, Problem};

/// What the shape breaks.
pub(super) fn problems(value: &Value) -> Vec<Problem> {
    let shape = Shape::get();
    if shape.validator.is_valid(value) {
        return Vec::new();
    }
    let errors: Vec<_> = shape.validator.iter_errors(value).collect();
    let mistyped: Vec<String> = errors.iter().filter(|error| is_type(error)).map(place_of).collect();
    // What has the wrong type breaks every other rule of its place too.
    let telling = errors.iter().filter(|error| is_type(error) || !mistyped.contains(&place_of(error)));
    // Names have rules and words of their own.
    let telling = telling.filter(|error| !matches!(error.kind(), Kind::PropertyNames { .. }));
    telling.flat_map(|error| shape.explain(error)).collect()
}

/// Whether the problem is a member that is unknown and like no other: without it the contract says what it says.
/// One that is nearly known was meant, and what it was meant to say is missing now.
pub(super) fn is_surplus(problem: &Problem) -> bool {
    problem.help.is_empty() && problem.message.ends_with(UNKNOWN_MEMBER)
}

/// How the sentence on an unknown member ends.
const UNKNOWN_MEMBER: &str = "is not a member that contracts have here";

fn is_type(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), Kind::Type { .. })
}

fn place_of(error: &ValidationError<'_>) -> String {
    error.instance_path().as_str().to_owned()
}

struct Shape {
    schema: Value,
    validator: Validator,
}

impl Shape {
    fn get() -> &'static Self {
        static SHAPE: OnceLock<Shape> = OnceLock::new();
        SHAPE.get_or_init(|| {
            let mut schema = meta_schema();
            // The schemas inside have a check of their own.
            schema["$defs"]["Schema"] = json!({ "type": ["object", "boolean"] });
            let options = jsonschema::options().with_draft(Draft::Draft202012).offline();
            let validator = options.build(&schema).expect("the meta-schema is a schema");
            Self { schema, validator }
        })
    }

    fn explain(&self, error: &ValidationError<'_>) -> Vec<Problem> {
        let mut problems = explained(error, None);
        for problem in &mut problems {
            problem.code = match error.kind() {
                Kind::Constant { .. } => ErrorCode::ContractVersion,
                Kind::Minimum { .. } | Kind::Maximum { .. } => ErrorCode::ConstraintInvalid,
                Kind::Pattern { .. } if problem.at.as_str() == "/name" => ErrorCode::NameInvalid,
                _ => ErrorCode::ContractShape,
            };
            self.reword(error, problem);
        }
        problems
    }

    /// Says in the words of contracts what the engine says in those of schemas.
    fn reword(&self, error: &ValidationError<'_>, problem: &mut Problem) {
        let Some((_, member)) = problem.at.parent() else { return };
        match error.kind() {
            Kind::AdditionalProperties { .. } => {
                problem.message = format!("`{member}` {UNKNOWN_MEMBER}");
                problem.help = suggest::nearest(&member, self.known(error).iter().map(String::as_str));
            }
            Kind::Required { .. } => problem.message = format!("the member `{member}` is missing"),
            Kind::Constant { .. } => "this compiler reads version `1` of the format".clone_into(&mut problem.message),
            Kind::Pattern { .. } if member == "name" => {
                "a contract's name is a lowercase letter, then up to 63 lowercase letters, digits and `-`"
                    .clone_into(&mut problem.message);
            }
            Kind::Pattern { .. } => "expected a semantic version such as `1.0.0`".clone_into(&mut problem.message),
            _ => {}
        }
    }

    /// The members that the object with an unknown one could have.
    fn known(&self, error: &ValidationError<'_>) -> Vec<String> {
        let keyword: Option<Pointer> = error.schema_path().as_str().parse().ok();
        let object = keyword.and_then(|keyword| keyword.parent()).map(|(object, _)| object.key("properties"));
        let properties = object.and_then(|at| self.schema.pointer(at.as_str())?.as_object());
        properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
    }
}
