//! Uniform Resource Identifiers, as far as references between schemas need them: RFC 3986, section 5.

/// The five parts of a reference; what is absent is not the same as what is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts<'t> {
    scheme: Option<&'t str>,
    authority: Option<&'t str>,
    path: &'t str,
    query: Option<&'t str>,
    fragment: Option<&'t str>,
}

/// Where a reference leads from a base: the address without its fragment, and the fragment, still escaped.
pub(super) fn resolve(base: &str, reference: &str) -> (String, String) {
    let to = split(reference);
    let fragment = to.fragment.unwrap_or_default().to_owned();
    let from = split(base);
    let whole = match to {
        Parts { scheme: Some(_), path, .. } => Parts { path, ..to },
        Parts { authority: Some(_), .. } => Parts { scheme: from.scheme, ..to },
        Parts { path: "", query: None, .. } => from,
        Parts { path: "", .. } => Parts { query: to.query, ..from },
        _ => return (address(Parts { query: to.query, ..from }, &without_dots(&merged(from, to.path))), fragment),
    };
    (address(whole, &without_dots(whole.path)), fragment)
}

/// Whether an address says how to get there.
pub(super) fn is_absolute(address: &str) -> bool {
    split(address).scheme.is_some()
}

/// A path with all that an address cannot hold as it is written as `%…`.
pub(super) fn escaped(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().fold(String::new(), |mut text, byte| {
        if plain(byte) {
            text.push(char::from(byte))
        } else {
            text.push_str(&format!("%{byte:02X}"))
        }
        text
    })
}

/// A path without `%…`; none where these are not characters.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0'))
}

fn split(text: &str) -> Parts<'_> {
    let (rest, fragment) = cut(text, '#');
    let (rest, query) = cut(rest, '?');
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, rest),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        None => (None, rest),
    };
    Parts { scheme, authority, path, query, fragment }
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// A relative path, put in the place of the last step of the base's path.
fn merged(base: Parts<'_>, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let folder = match base.path.rfind('/') {
        Some(end) => &base.path[..=end],
        None if base.authority.is_some() => "/",
        None => "",
    };
    format!("{folder}{path}")
}

/// The path without `.` and `..`; what would lead above the top stays at the top.
fn without_dots(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let steps: Vec<&str> = path.split('/').skip(usize::from(absolute)).collect();
    for (index, step) in steps.iter().enumerate() {
        let last = index + 1 == steps.len();
        match *step {
            "." => {}
            ".." => drop(kept.pop()),
            step => {
                kept.push(step);
                continue;
            }
        }
        if last {
            kept.push("");
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, kept.join("/"))
}

fn address(parts: Parts<'_>, path: &str) -> String {
    let mut text = String::new();
    if let Some(scheme) = parts.scheme {
        text.push_str(&scheme.to_ascii_lowercase());
        text.push(':');
    }
    if let Some(authority) = parts.authority {
        text.push_str("//");
        text.push_str(&authority.to_ascii_lowercase());
    }
    text.push_str(path);
    if let Some(query) = parts.query {
        text.push('?');
        text.push_str(query);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3986, section 5.4.
    #[test]
    fn references_resolve_as_the_standard_says() {
        for (reference, address) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../../../g", "http://a/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
        ] {
            assert_eq!(resolve("http://a/b/c/d;p?q", reference), (address.to_owned(), String::new()), "{reference}");
        }
    }

    #[test]
    fn paths_survive_escaping() {
        for path in ["/a b/%41/ü#?.json", "/"] {
            assert_eq!(unescaped(&escaped(path)).as_deref(), Some(path));
        }
        assert_eq!(unescaped("/%zz"), None);
        assert_eq!(unescaped("/%00"), None);
        assert_eq!(unescaped("/%f"), None);
    }

    #[test]
    fn fragments_stay_apart() {
        let both = |address: &str, fragment: &str| (address.to_owned(), fragment.to_owned());
        assert_eq!(resolve("http://a/b", "#/c%20d"), both("http://a/b", "/c%20d"));
        assert_eq!(resolve("urn:uuid:1#old", "#new"), both("urn:uuid:1", "new"));
        assert_eq!(resolve("HTTP://Example.com/a", "b#"), both("http://example.com/b", ""));
        assert_eq!(resolve("", "a.json#x"), both("a.json", "x"));
    }
}
