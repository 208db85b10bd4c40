//! When two values are one and the same to JSON Schema: `1` and `1.0` are, `1` and `true` are not.

use serde_json::{Number, Value};

use crate::json::canonical;

/// Whether two values are equal.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

/// Whether no item comes twice. Sorted, because comparing each with each is quadratic.
pub(crate) fn are_unique(items: &[Value]) -> bool {
    if let [a, b] = items {
        return !equal(a, b);
    }
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    match texts {
        Some(texts) => differ(texts),
        // Equal values have one canonical form.
        None => differ(items.iter().map(|item| canonical(item).into_vec()).collect()),
    }
}

fn differ<T: Ord>(mut all: Vec<T>) -> bool {
    crate::sorting::sort(&mut all);
    all.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{are_unique, equal};

    #[test]
    fn numbers_are_equal_by_value_and_by_nothing_else() {
        for (a, b) in [
            (json!(1), json!(1.0)),
            (json!([0]), json!([-0.0])),
            (json!({ "a": 2, "b": 1 }), json!({ "b": 1.0, "a": 2.0 })),
        ] {
            assert!(equal(&a, &b), "{a} {b}");
            assert!(!are_unique(&[a.clone(), json!("x"), b.clone()]), "{a} {b}");
            assert!(!are_unique(&[a, b]));
        }
        for (a, b) in [
            (json!(1), json!(true)),
            (json!(0), json!(false)),
            (json!("1"), json!(1)),
            (json!([]), json!({})),
            (json!(null), json!(0)),
        ] {
            assert!(!equal(&a, &b), "{a} {b}");
            assert!(are_unique(&[a, json!("x"), b]));
        }
    }
}
