//! TOML as JSON values with places: `peerc.toml` is reported on like a contract.

use peer_contract_core::json::{Span, Spans};
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads TOML. Dates become strings, special floats are refused.
pub(super) fn parse_spanned(text: &str) -> (Result<Value, Problem>, Spans) {
    let mut spans = Spans::default();
    spans.value_at(Pointer::root(), Span { start: 0, end: text.len() });
    let value = match DeTable::parse(text) {
        Ok(table) => object(table.get_ref(), &Pointer::root(), &mut spans),
        Err(error) => {
            if let Some(span) = error.span() {
                spans.value_at(Pointer::root(), Span { start: span.start, end: span.end });
            }
            let message = format!("this is not TOML: {}", error.message());
            Err(Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message))
        }
    };
    (value, spans)
}

fn object(table: &DeTable<'_>, at: &Pointer, spans: &mut Spans) -> Result<Value, Problem> {
    let mut members = Map::new();
    for (key, value) in table {
        let below = at.key(key.get_ref());
        spans.key_at(below.clone(), span_of(key));
        members.insert(key.get_ref().to_string(), spanned(value, below, spans)?);
    }
    Ok(Value::Object(members))
}

fn spanned(value: &Spanned<DeValue<'_>>, at: Pointer, spans: &mut Spans) -> Result<Value, Problem> {
    spans.value_at(at.clone(), span_of(value));
    match value.get_ref() {
        DeValue::String(text) => Ok(Value::String(text.to_string())),
        DeValue::Boolean(boolean) => Ok(Value::Bool(*boolean)),
        DeValue::Datetime(time) => Ok(Value::String(time.to_string())),
        DeValue::Integer(number) => {
            let value = i64::from_str_radix(number.as_str(), number.radix());
            value.map(Value::from).map_err(|_| not_a_number(at))
        }
        DeValue::Float(number) => {
            let value = number.as_str().parse().ok().and_then(Number::from_f64);
            value.map(Value::Number).ok_or_else(|| not_a_number(at))
        }
        DeValue::Array(items) => {
            let item = |(index, item)| spanned(item, at.index(index), spans);
            items.iter().enumerate().map(item).collect::<Result<_, _>>().map(Value::Array)
        }
        DeValue::Table(table) => object(table, &at, spans),
    }
}

fn not_a_number(at: Pointer) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, at, "this number is not one that can be kept")
}

fn span_of<T>(spanned: &Spanned<T>) -> Span {
    let range = spanned.span();
    Span { start: range.start, end: range.end }
}
