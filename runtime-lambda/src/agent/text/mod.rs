//! Text with a format: kept as it was written, and read as something else when somebody asks.
//!
//! A value is its text: that is what is compared, hashed, written, and checked by the contract. `parsed` reads it anew
//! each time; nothing is read while a message is decoded.

mod date;
mod time;
mod uri;
mod uuid;

pub use date::YearMonthDay;
pub use uri::UriParts;

use std::borrow::Cow;
use std::fmt;

use peer_contract_core::ErrorCode;

use super::Error;
use super::codec::{Decode, Encode, Misfit, Reader, Writer};

macro_rules! text {
    ($(#[doc = $docs:literal])+ $name:ident) => {
        $(#[doc = $docs])+
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text as it was written.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl From<String> for $name {
            /// Any text; whether it is of the format is checked when it is written.
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            /// Any text; whether it is of the format is checked when it is written.
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.0 == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.0 == *text
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Decode for $name {
            #[inline]
            fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
                reader.string().map(Cow::into_owned).map(Self)
            }
        }

        impl Encode for $name {
            fn encode(&self, writer: &mut Writer) {
                writer.string(&self.0);
            }
        }

        crate::__serde!($name);
    };
}

text! {
    /// A point in time as RFC 3339 writes it: `1996-12-19T16:39:57.5-08:00`. Format `date-time`.
    ///
    /// ```
    /// let at = peer_contract::DateTime::from("1996-12-19T16:39:57.5-08:00");
    /// let since = at.parsed()?.duration_since(std::time::UNIX_EPOCH).unwrap();
    /// assert_eq!(since.as_millis(), 851_042_397_500);
    /// assert_eq!(at, "1996-12-19T16:39:57.5-08:00");
    /// # Ok::<_, peer_contract::Error>(())
    /// ```
    DateTime
}

text! {
    /// A day of the calendar: `1996-12-19`. Format `date`.
    CalendarDate
}

text! {
    /// A UUID as RFC 9562 writes it, in either case. Format `uuid`.
    ///
    /// ```
    /// let id = peer_contract::Uuid::from("0190a5f2-7b1c-7d3e-8f00-0123456789ab");
    /// assert_eq!(id.parsed()? >> 96, 0x0190_a5f2);
    /// # Ok::<_, peer_contract::Error>(())
    /// ```
    Uuid
}

text! {
    /// A URI with its scheme, as RFC 3986 writes it. Format `uri`.
    ///
    /// ```
    /// let link = peer_contract::Uri::from("https://example.org/a?b#c");
    /// assert_eq!(link.parsed()?.authority, Some("example.org"));
    /// # Ok::<_, peer_contract::Error>(())
    /// ```
    Uri
}

/// The text is not of its format. It stays out of the message.
#[cold]
fn unfit(format: &str) -> Error {
    Error::new(ErrorCode::FormatMismatch, format!("expected a text of the format `{format}`"))
}

/// The text is of its format, and says something that the type has no value for.
#[cold]
fn beyond(what: &str) -> Error {
    Error::new(ErrorCode::RangeMismatch, format!("the text is right, but {what} cannot hold it"))
}

/// The number that some ASCII digits are; `None` where another byte is among them, or for more than fits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u32::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;

    /// A view as the vectors write it.
    fn view(format: &str, text: &str) -> Result<Value, Error> {
        Ok(match format {
            "date-time" => {
                let (at, second) = (DateTime::from(text), 1_000_000_000);
                let nanos = at.unix_nanos()?;
                assert_eq!(DateTime::try_from(at.parsed()?).map_or(nanos, |same| same.unix_nanos().unwrap()), nanos);
                let (seconds, nanos) = (nanos.div_euclid(second), nanos.rem_euclid(second));
                json!({"seconds": i64::try_from(seconds).unwrap(), "nanoseconds": i64::try_from(nanos).unwrap()})
            }
            "date" => {
                let date = CalendarDate::from(text).parsed()?;
                json!({"year": date.year, "month": date.month, "day": date.day, "days": date.unix_days()})
            }
            "uuid" => json!({"hex": format!("{:032x}", Uuid::from(text).parsed()?)}),
            _ => {
                let uri = Uri::from(text);
                let UriParts { scheme, authority, path, query, fragment } = uri.parsed()?;
                let or_empty = Option::unwrap_or_default;
                json!({"scheme": scheme, "authority": or_empty(authority), "path": path, "query": or_empty(query), "fragment": or_empty(fragment)})
            }
        })
    }

    #[test]
    fn text_has_the_same_view_everywhere() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/vectors/parsed");
        let paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!paths.is_empty());
        for path in paths {
            let vector: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let format = vector["format"].as_str().unwrap();
            let texts = vector["texts"].as_array().into_iter().flatten().map(|text| (text, None));
            let right = vector.get("view").map(|view| (&vector["text"], Some(view)));
            for (text, told) in texts.chain(right) {
                let found = view(format, text.as_str().unwrap()).map_err(|error| error.code().as_str());
                let expected = told.cloned().ok_or_else(|| vector["error"].as_str().unwrap());
                assert_eq!(found, expected, "{}: {text}", path.display());
            }
        }
    }

    #[test]
    fn an_error_names_no_value() {
        let error = Uri::from("secret").parsed().unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn json_keeps_the_text() {
        let text = "\"2024-02-29t23:59:60.123450000z\"";
        let at: DateTime = serde_json::from_str(text).unwrap();
        assert_eq!((at.as_str(), serde_json::to_string(&at).unwrap()), (&text[1..text.len() - 1], text.to_owned()));
    }
}
