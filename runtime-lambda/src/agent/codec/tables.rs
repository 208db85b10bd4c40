//! The tables that generated types are read and written by.

use super::{Misfit, Reader, Writer};

/// The value of a property that can have one only.
pub trait Fixed {
    /// Whether the value that is next is this one; it is behind us then.
    ///
    /// # Errors
    /// When it is of another kind.
    fn is_next(&self, reader: &mut Reader<'_>) -> Result<bool, Misfit>;
    /// Writes it.
    fn write(&self, writer: &mut Writer);
}

impl Fixed for &str {
    fn is_next(&self, reader: &mut Reader<'_>) -> Result<bool, Misfit> {
        Ok(reader.string()? == *self)
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Fixed for i64 {
    fn is_next(&self, reader: &mut Reader<'_>) -> Result<bool, Misfit> {
        Ok(reader.integer()? == *self)
    }

    fn write(&self, writer: &mut Writer) {
        writer.integer(*self);
    }
}

impl Fixed for bool {
    fn is_next(&self, reader: &mut Reader<'_>) -> Result<bool, Misfit> {
        Ok(reader.boolean()? == *self)
    }

    fn write(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }
}

/// `from_json` and `to_json`, and serde's traits.
#[doc(hidden)]
#[macro_export]
macro_rules! __both_ways {
    ($type:ident, $pointer:literal, $contract:ident $(, $alternative:literal)?) => {
        impl $type {
            /// Reads JSON and validates it in full.
            pub fn from_json(data: &[u8]) -> ::std::result::Result<Self, $crate::Error> {
                $($crate::codec::check(&$contract, $alternative, data)?;)?
                $crate::codec::from_json(&$contract, $pointer, data)
            }

            /// Validates the value in full and writes it as JSON.
            pub fn to_json(&self) -> ::std::result::Result<::std::vec::Vec<u8>, $crate::Error> {
                let text = $crate::codec::to_json(&$contract, $pointer, self)?;
                $($crate::codec::check(&$contract, $alternative, &text)?;)?
                ::std::result::Result::Ok(text)
            }
        }

        $crate::__serde!($type);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($type:ident) => {
        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::codec::serialize(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::codec::deserialize(deserializer)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __field {
    ($found:ident, $key:literal) => {
        $found.ok_or_else(|| $crate::codec::Misfit::missing($key))?
    };
    ($found:ident, $key:literal, optional) => {
        $found
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __member {
    ($members:ident, $key:literal, $value:expr) => {
        $members.member($key, $value)
    };
    ($members:ident, $key:literal, $value:expr, optional) => {
        $members.optional($key, $value)
    };
}

/// Reads and writes a struct by a table of its properties in canonical order. `optional` ones may be absent; `..`
/// names the field for properties that are not listed. A type that is one alternative of a schema, with what stands
/// beside it there, is held to both: `at "/$defs/Event" and "/$defs/Event/oneOf/0"`.
///
/// ```
/// # use peer_contract as pc;
/// # static CONTRACT: pc::Embedded = pc::Embedded::new(
/// #     r##"{"$defs":{"Note":{"properties":{"text":{"type":"string"},"to":{"type":"string"}},"required":["text"],"type":"object"}},"agents":{"a":{"operations":{"b":{"input":{"$ref":"#/$defs/Note"},"output":{"schema":{}}}}}},"name":"notes","peerContract":"1","version":"1.0.0"}"##,
/// #     "sha256:751254396e81d6edf35894c5d502c56b5a3038921d9fc8e4feecc447a4b1620b",
/// # );
/// pub struct Note {
///     pub text: String,
///     pub to: Option<String>,
///     pub extra: pc::Extra,
/// }
///
/// pc::record!(Note at "/$defs/Note" of CONTRACT {
///     "text" => text,
///     "to" => to: optional,
///     ..extra
/// });
///
/// let note = Note::from_json(br#"{ "text": "hello", "more": [1] }"#)?;
/// assert_eq!(note.text, "hello");
/// assert_eq!(note.to_json()?, br#"{"more":[1],"text":"hello"}"#);
/// # Ok::<_, pc::Error>(())
/// ```
#[macro_export]
macro_rules! record {
    ($type:ident at $pointer:literal $(and $alternative:literal)? of $contract:ident {
        $($key:literal => $field:ident $(: $presence:ident)?,)* $(..$extra:ident)?
    }) => {
        impl $crate::codec::Decode for $type {
            fn decode(reader: &mut $crate::codec::Reader<'_>) -> ::std::result::Result<Self, $crate::codec::Misfit> {
                $(let mut $field = ::std::option::Option::None;)*
                $(let mut $extra = ::std::default::Default::default();)?
                reader.object()?;
                while let ::std::option::Option::Some(key) = reader.key()? {
                    match &*key {
                        $($key => $field = ::std::option::Option::Some($crate::codec::Decode::decode(reader)?),)*
                        _ => $crate::__rest!(key, reader $(, $extra)?),
                    }
                }
                ::std::result::Result::Ok(Self {
                    $($field: $crate::__field!($field, $key $(, $presence)?),)*
                    $($extra,)?
                })
            }
        }

        impl $crate::codec::Encode for $type {
            fn encode(&self, writer: &mut $crate::codec::Writer) {
                let mut members = writer.object($crate::__sorted!($(&self.$extra)?));
                $($crate::__member!(members, $key, &self.$field $(, $presence)?);)*
                members.end();
            }
        }

        $crate::__both_ways!($type, $pointer, $contract $(, $alternative)?);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rest {
    ($key:ident, $reader:ident) => {
        return ::std::result::Result::Err($crate::codec::Misfit::new("has a property that the type does not list"))
    };
    ($key:ident, $reader:ident, $extra:ident) => {
        $crate::codec::Rest::take(&mut $extra, $key, $reader)?
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __sorted {
    () => {
        ::std::vec::Vec::new()
    };
    ($extra:expr) => {
        $crate::codec::RestOf::sorted($extra)
    };
}

/// Reads and writes an enum of alternatives: by their tag, or, without one, as the first whose schema the value fits.
///
/// ```text
/// pc::union!(Query at "/$defs/Query" of CONTRACT by "op" {
///     "and" => And,
///     "term" => Term,
/// });
/// pc::union!(Scalar at "/$defs/Scalar" of CONTRACT {
///     "/$defs/Scalar/anyOf/0" => String,
///     "/$defs/Scalar/anyOf/1" => Integer,
/// });
/// ```
#[macro_export]
macro_rules! union {
    ($type:ident at $pointer:literal of $contract:ident by $tag:literal { $($value:literal => $variant:ident,)* }) => {
        impl $crate::codec::Decode for $type {
            fn decode(reader: &mut $crate::codec::Reader<'_>) -> ::std::result::Result<Self, $crate::codec::Misfit> {
                match &*reader.tag($tag)? {
                    $($value => $crate::codec::Decode::decode(reader).map(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::codec::Misfit::no_variant(stringify!($type))),
                }
            }
        }

        $crate::__union!($type, $pointer, $contract, $($variant)*);
    };
    ($type:ident at $pointer:literal of $contract:ident { $($schema:literal => $variant:ident,)* }) => {
        impl $crate::codec::Decode for $type {
            fn decode(reader: &mut $crate::codec::Reader<'_>) -> ::std::result::Result<Self, $crate::codec::Misfit> {
                let text = reader.ahead()?;
                $(if $crate::codec::fits(&$contract, $schema, text)? {
                    return $crate::codec::Decode::decode(reader).map(Self::$variant);
                })*
                ::std::result::Result::Err($crate::codec::Misfit::no_variant(stringify!($type)))
            }
        }

        $crate::__union!($type, $pointer, $contract, $($variant)*);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ($type:ident, $pointer:literal, $contract:ident, $($variant:ident)*) => {
        $crate::__write_variants!($type, $($variant)*);
        $crate::__both_ways!($type, $pointer, $contract);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __write_variants {
    ($type:ident, $($variant:ident)*) => {
        impl $crate::codec::Encode for $type {
            fn encode(&self, writer: &mut $crate::codec::Writer) {
                match self {
                    $(Self::$variant(value) => $crate::codec::Encode::encode(value, writer),)*
                }
            }
        }
    };
}

/// Reads and writes an enum of values that JSON tells apart: `string`, `number`, `boolean`, `array`, `object`.
///
/// ```
/// # use peer_contract as pc;
/// #[derive(Debug, PartialEq)]
/// pub enum StringOrInteger {
///     String(String),
///     Integer(i64),
/// }
///
/// pc::kinds!(StringOrInteger {
///     string => String,
///     number => Integer,
/// });
///
/// let both: Vec<StringOrInteger> = serde_json::from_str(r#"["a", 1]"#)?;
/// assert_eq!(both, [StringOrInteger::String("a".into()), StringOrInteger::Integer(1)]);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! kinds {
    ($type:ident { $($kind:ident => $variant:ident,)* }) => {
        impl $crate::codec::Decode for $type {
            fn decode(reader: &mut $crate::codec::Reader<'_>) -> ::std::result::Result<Self, $crate::codec::Misfit> {
                match reader.peek() {
                    $($crate::__first_of!($kind) => $crate::codec::Decode::decode(reader).map(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::codec::Misfit::no_variant(stringify!($type))),
                }
            }
        }

        $crate::__write_variants!($type, $($variant)*);
        $crate::__serde!($type);
    };
}

/// The bytes that a value of a kind may begin with.
#[doc(hidden)]
#[macro_export]
macro_rules! __first_of {
    (string) => {
        b'"'
    };
    (number) => {
        (b'-' | b'0'..=b'9')
    };
    (boolean) => {
        (b't' | b'f')
    };
    (array) => {
        b'['
    };
    (object) => {
        b'{'
    };
}

/// Reads and writes an enum of strings.
///
/// ```text
/// pc::words!(Level at "/$defs/Level" of CONTRACT {
///     "low" => Low,
///     "high" => High,
/// });
/// ```
#[macro_export]
macro_rules! words {
    ($type:ident at $pointer:literal of $contract:ident { $($word:literal => $member:ident,)* }) => {
        impl $type {
            /// The value as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$member => $word,)*
                }
            }
        }

        impl $crate::codec::Decode for $type {
            fn decode(reader: &mut $crate::codec::Reader<'_>) -> ::std::result::Result<Self, $crate::codec::Misfit> {
                match &*reader.string()? {
                    $($word => ::std::result::Result::Ok(Self::$member),)*
                    _ => ::std::result::Result::Err($crate::codec::Misfit::no_variant(stringify!($type))),
                }
            }
        }

        impl $crate::codec::Encode for $type {
            fn encode(&self, writer: &mut $crate::codec::Writer) {
                writer.string(self.as_str());
            }
        }

        $crate::__both_ways!($type, $pointer, $contract);
    };
}

/// Reads and writes a unit struct that stands for one value.
///
/// ```text
/// pc::constant!(TermOp = "term");
/// ```
#[macro_export]
macro_rules! constant {
    ($type:ident = $value:expr) => {
        impl $crate::codec::Decode for $type {
            fn decode(reader: &mut $crate::codec::Reader<'_>) -> ::std::result::Result<Self, $crate::codec::Misfit> {
                if $crate::codec::Fixed::is_next(&$value, reader)? {
                    ::std::result::Result::Ok(Self)
                } else {
                    ::std::result::Result::Err($crate::codec::Misfit::new("is not the constant of the contract"))
                }
            }
        }

        impl $crate::codec::Encode for $type {
            fn encode(&self, writer: &mut $crate::codec::Writer) {
                $crate::codec::Fixed::write(&$value, writer);
            }
        }

        $crate::__serde!($type);
    };
}
