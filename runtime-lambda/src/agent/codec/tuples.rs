//! Lists whose places have a type each, as tuples.

use super::{Decode, Encode, Misfit, Reader, Writer};

fn place<T: Decode>(reader: &mut Reader<'_>) -> Result<T, Misfit> {
    if reader.item() { T::decode(reader) } else { Err(Misfit::new("has fewer items than the type has places")) }
}

macro_rules! tuple {
    ($($type:ident $place:tt),+) => {
        impl<$($type: Decode),+> Decode for ($($type,)+) {
            fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
                reader.array()?;
                let tuple = ($(place::<$type>(reader)?,)+);
                if reader.item() { Err(Misfit::new("has more items than the type has places")) } else { Ok(tuple) }
            }
        }

        impl<$($type: Encode),+> Encode for ($($type,)+) {
            fn encode(&self, writer: &mut Writer) {
                writer.array(&[$(&self.$place as &dyn Encode),+]);
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

impl Encode for &dyn Encode {
    fn encode(&self, writer: &mut Writer) {
        (**self).encode(writer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tuple_is_a_list_of_its_length() {
        let tuple: (String, i64, Option<bool>) = Reader::new(r#"["a", 1.0, null]"#).whole().unwrap();
        assert_eq!(tuple, ("a".to_owned(), 1, None));
        let mut writer = Writer::default();
        tuple.encode(&mut writer);
        assert_eq!(writer.finish().unwrap(), br#"["a",1,null]"#);
        for text in [r#"["a",1]"#, r#"["a",1,null,2]"#, r#"{"a":1}"#, "[]"] {
            assert!(Reader::new(text).whole::<(String, i64, Option<bool>)>().is_err(), "{text}");
        }
    }
}
