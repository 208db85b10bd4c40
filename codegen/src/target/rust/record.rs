//! Records as structs.

use serde::Serialize;

use super::constants::Constant;
use super::types::{Context, Scope};
use super::{layout, literal, names};
use crate::ir::{Extra, Field, NamedType, Record, Type};

/// What `record.hbs` prints.
#[derive(Serialize)]
pub struct View {
    docs: Vec<String>,
    derive: String,
    name: String,
    has_fields: bool,
    fields: Vec<Vec<String>>,
    new: Vec<String>,
    has_new: bool,
    pointer: String,
    /// The place of the alternative that it is, too.
    alternative: String,
    rows: Vec<String>,
}

/// A record as a struct.
pub fn view(context: &Context<'_>, index: usize, ty: &NamedType, record: &Record) -> View {
    let name = names::ty(&ty.name);
    let has_default = context.has_default(index);
    let mut fields: Vec<Vec<String>> = record
        .fields
        .iter()
        .enumerate()
        .map(|(place, field)| field_lines(context, context.constant(index, place), field))
        .collect();
    fields.extend(extra_lines(context, &record.extra));
    let new = new_lines(context, record, has_default);
    View {
        docs: context.docs(ty),
        derive: if has_default { "Debug, Clone, Default, PartialEq" } else { "Debug, Clone, PartialEq" }.to_owned(),
        has_fields: !fields.is_empty(),
        fields,
        has_new: !new.is_empty(),
        new,
        pointer: literal::string(&ty.pointer),
        alternative: ty.alternative.as_deref().map(|at| format!(" and {}", literal::string(at))).unwrap_or_default(),
        rows: rows(record),
        name,
    }
}

fn field_lines(context: &Context<'_>, constant: Option<&Constant>, field: &Field) -> Vec<String> {
    let name = names::field(&field.name);
    let mut lines: Vec<String> =
        literal::docs("///", &field.docs).into_iter().map(|line| format!("    {line}")).collect();
    if field.deprecated {
        lines.push("    #[deprecated]".to_owned());
    }
    lines.push(format!("    pub {name}: {},", field_type(context, constant, field)));
    lines
}

/// The rows of the table that the struct is read and written by, in canonical order.
fn rows(record: &Record) -> Vec<String> {
    let mut fields: Vec<&Field> = record.fields.iter().collect();
    fields.sort_by_cached_key(|field| field.wire_name.encode_utf16().collect::<Vec<u16>>());
    let row = |field: &&Field| {
        let presence = if field.required { "" } else { ": optional" };
        format!("{} => {}{presence},", literal::string(&field.wire_name), names::field(&field.name))
    };
    let rest = (record.extra != Extra::None).then(|| "..extra".to_owned());
    fields.iter().map(row).chain(rest).collect()
}

fn field_type(context: &Context<'_>, constant: Option<&Constant>, field: &Field) -> String {
    let inner = constant.map_or_else(|| context.ty(&field.ty, Scope::Types), |constant| constant.name.clone());
    let inner = if field.boxed { format!("Box<{inner}>") } else { inner };
    match (field.required, field.nullable) {
        (true, false) => inner,
        (true, true) | (false, false) => format!("Option<{inner}>"),
        (false, true) => format!("Option<Option<{inner}>>"),
    }
}

fn extra_lines(context: &Context<'_>, extra: &Extra) -> Option<Vec<String>> {
    let Extra::Of(ty) = extra else { return None };
    let ty = match ty {
        Type::Json => "pc::Extra".to_owned(),
        ty => format!("std::collections::BTreeMap<String, {}>", context.ty(ty, Scope::Types)),
    };
    Some(vec!["    /// Properties that the contract does not list.".to_owned(), format!("    pub extra: {ty},")])
}

/// `new` with what is required; nothing where `default` says it all.
fn new_lines(context: &Context<'_>, record: &Record, has_default: bool) -> Vec<String> {
    let is_parameter = |field: &&Field| field.required && !matches!(field.ty, Type::Constant(_));
    let given: Vec<&Field> = record.fields.iter().filter(is_parameter).collect();
    if given.is_empty() && has_default {
        return Vec::new();
    }
    let parameters: Vec<String> = given
        .iter()
        .map(|field| {
            format!(
                "{}: {}",
                names::field(&field.name),
                field_type(context, None, &Field { boxed: false, ..(*field).clone() })
            )
        })
        .collect();
    let mut members: Vec<String> = given.iter().map(|field| member(field)).collect();
    let rest = record.fields.len() - given.len() + usize::from(record.extra != Extra::None);
    if rest > 0 && has_default {
        members.push("..Self::default()".to_owned());
    } else {
        let others = record.fields.iter().filter(|field| !is_parameter(field));
        members.extend(others.map(|field| format!("{}: Default::default()", names::field(&field.name))));
        members.extend((record.extra != Extra::None).then(|| "extra: Default::default()".to_owned()));
    }
    let mut lines = layout::signature("    pub fn new", &parameters, " -> Self {");
    lines.extend(layout::literal(8, &members));
    lines.push("    }".to_owned());
    lines
}

fn member(field: &Field) -> String {
    let name = names::field(&field.name);
    match (field.boxed, field.nullable) {
        (false, _) => name,
        (true, false) => format!("{name}: Box::new({name})"),
        (true, true) => format!("{name}: {name}.map(Box::new)"),
    }
}
