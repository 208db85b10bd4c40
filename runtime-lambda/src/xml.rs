//! The few texts that matter in the answers of services that speak XML. They hold names that cannot need escapes, so tags are looked for as they are.

/// The text of the first element of this name.
pub(crate) fn text_of<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    elements(xml, name).next()
}

/// The texts of all elements of this name, in order.
pub(crate) fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (text, left) = after.split_once(&close)?;
        rest = left;
        Some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_in_order_and_broken_ones_not_at_all() {
        let xml = "<A><B>1</B><C>x</C><B>2</B><B>3</A>";
        assert_eq!(elements(xml, "B").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((text_of(xml, "C"), text_of(xml, "D"), text_of("<A>", "A")), (Some("x"), None, None));
    }
}
