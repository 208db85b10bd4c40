//! Lists whose places have a type each: tuples, and rows that may end early or go on.

use super::super::Never;
use super::{Decode, Encode, Misfit, Reader, Writer};

/// A list whose first places have a type each, and that may end before the last of them or go on behind it.
///
/// ```
/// # use peer_contract as pc;
/// // `["title", 1, 2, 3]`, and a list that may have a second place.
/// let row: pc::Row<(String,), i64> = pc::Row { rest: vec![1, 2, 3], ..pc::Row::new(("title".to_owned(),)) };
/// let mut point: pc::Row<(f64,), pc::Never, (Option<f64>,)> = pc::Row::new((0.5,));
/// point.optional.0 = Some(1.0);
/// # let _ = (row, point);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Row<Places, Rest = Never, Optional = ()> {
    /// The places that are always there: a tuple of up to twelve.
    pub places: Places,
    /// Those that may be left out, from the last one on: a tuple of `Option`s. What follows one that is there has no
    /// place in a list when the one before is not.
    pub optional: Optional,
    /// What follows all places.
    pub rest: Vec<Rest>,
}

impl<Places, Rest, Optional: Default> Row<Places, Rest, Optional> {
    /// A row with nothing behind the places that are always there.
    pub fn new(places: Places) -> Self {
        Self { places, optional: Optional::default(), rest: Vec::new() }
    }
}

impl<Places: Default, Rest, Optional: Default> Default for Row<Places, Rest, Optional> {
    fn default() -> Self {
        Self::new(Places::default())
    }
}

/// The items of an array, one after the other; behind the last one it stays at the end.
pub struct Items {
    ended: bool,
}

impl Items {
    fn of(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        reader.array()?;
        Ok(Self { ended: false })
    }

    fn next<T: Decode>(&mut self, reader: &mut Reader<'_>) -> Result<Option<T>, Misfit> {
        self.ended = self.ended || !reader.item();
        if self.ended { Ok(None) } else { T::decode(reader).map(Some) }
    }

    fn place<T: Decode>(&mut self, reader: &mut Reader<'_>) -> Result<T, Misfit> {
        self.next(reader)?.ok_or_else(|| Misfit::new("has fewer items than the type has places"))
    }
}

/// A tuple of what stands at the first places of a list.
pub trait Places: Sized {
    /// Reads each.
    ///
    /// # Errors
    /// When one is missing, or is something else.
    fn read(items: &mut Items, reader: &mut Reader<'_>) -> Result<Self, Misfit>;
    /// Lists each.
    fn list(&self) -> Vec<&dyn Encode>;
}

/// A tuple of `Option`s: what may stand at the next places of a list.
pub trait OptionalPlaces: Sized {
    /// Reads those that are there.
    ///
    /// # Errors
    /// When one is something else.
    fn read(items: &mut Items, reader: &mut Reader<'_>) -> Result<Self, Misfit>;
    /// Lists each.
    fn list(&self) -> Vec<Option<&dyn Encode>>;
}

impl Places for () {
    fn read(_: &mut Items, _: &mut Reader<'_>) -> Result<Self, Misfit> {
        Ok(())
    }

    fn list(&self) -> Vec<&dyn Encode> {
        Vec::new()
    }
}

impl OptionalPlaces for () {
    fn read(_: &mut Items, _: &mut Reader<'_>) -> Result<Self, Misfit> {
        Ok(())
    }

    fn list(&self) -> Vec<Option<&dyn Encode>> {
        Vec::new()
    }
}

macro_rules! tuple {
    ($($type:ident $place:tt),+) => {
        impl<$($type: Decode + Encode),+> Places for ($($type,)+) {
            fn read(items: &mut Items, reader: &mut Reader<'_>) -> Result<Self, Misfit> {
                Ok(($(items.place::<$type>(reader)?,)+))
            }

            fn list(&self) -> Vec<&dyn Encode> {
                vec![$(&self.$place),+]
            }
        }

        impl<$($type: Decode + Encode),+> OptionalPlaces for ($(Option<$type>,)+) {
            fn read(items: &mut Items, reader: &mut Reader<'_>) -> Result<Self, Misfit> {
                Ok(($(items.next::<$type>(reader)?,)+))
            }

            fn list(&self) -> Vec<Option<&dyn Encode>> {
                vec![$(self.$place.as_ref().map(|place| place as &dyn Encode)),+]
            }
        }

        impl<$($type: Decode + Encode),+> Decode for ($($type,)+) {
            fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
                let mut items = Items::of(reader)?;
                let tuple = Places::read(&mut items, reader)?;
                if reader.item() { Err(Misfit::new("has more items than the type has places")) } else { Ok(tuple) }
            }
        }

        impl<$($type: Decode + Encode),+> Encode for ($($type,)+) {
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
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

impl<P: Places, Rest: Decode, Optional: OptionalPlaces> Decode for Row<P, Rest, Optional> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Misfit> {
        let mut items = Items::of(reader)?;
        let (places, optional) = (P::read(&mut items, reader)?, Optional::read(&mut items, reader)?);
        let mut rest = Vec::new();
        while let Some(item) = items.next(reader)? {
            rest.push(item);
        }
        Ok(Self { places, optional, rest })
    }
}

impl<P: Places, Rest: Encode, Optional: OptionalPlaces> Encode for Row<P, Rest, Optional> {
    fn encode(&self, writer: &mut Writer) {
        let optional = self.optional.list();
        let mut items = self.places.list();
        let without_gap = items.len() + optional.iter().take_while(|place| place.is_some()).count();
        let listed = items.len() + optional.len();
        items.extend(optional.iter().flatten());
        items.extend(self.rest.iter().map(|item| item as &dyn Encode));
        if without_gap < listed && items.len() > without_gap {
            writer.unwritable("a list with an item behind a place that is left out");
        }
        writer.array(&items);
    }
}

impl Encode for &dyn Encode {
    fn encode(&self, writer: &mut Writer) {
        (**self).encode(writer);
    }
}

impl Encode for Never {
    fn encode(&self, _: &mut Writer) {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &impl Encode) -> Option<String> {
        let mut writer = Writer::default();
        value.encode(&mut writer);
        writer.finish().ok().map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn a_tuple_is_a_list_of_its_length() {
        let tuple: (String, i64, Option<bool>) = Reader::new(r#"["a", 1.0, null]"#).whole().unwrap();
        assert_eq!(tuple, ("a".to_owned(), 1, None));
        assert_eq!(written(&tuple).unwrap(), r#"["a",1,null]"#);
        for text in [r#"["a",1]"#, r#"["a",1,null,2]"#, r#"{"a":1}"#, "[]"] {
            assert!(Reader::new(text).whole::<(String, i64, Option<bool>)>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_row_may_end_early_and_go_on() {
        type Both = Row<(String,), i64, (Option<bool>, Option<Option<bool>>)>;
        for text in [r#"["a"]"#, r#"["a",true]"#, r#"["a",true,null]"#, r#"["a",true,false,1,2]"#] {
            let row: Both = Reader::new(text).whole().unwrap();
            assert_eq!(written(&row).unwrap(), text);
        }
        for text in ["[]", "[1]", r#"["a",1]"#, r#"["a",true,true,true]"#] {
            assert!(Reader::new(text).whole::<Both>().is_err(), "{text}");
        }
        assert!(Reader::new("[1, 2]").whole::<Row<(i64,)>>().is_err());
        let nested: Vec<Row<(), i64>> = Reader::new("[[], [1], []]").whole().unwrap();
        assert_eq!(written(&nested).unwrap(), "[[],[1],[]]");
    }

    #[test]
    fn a_row_with_a_gap_is_not_written() {
        let row: Row<(), i64, (Option<i64>, Option<i64>)> = Row { optional: (None, Some(1)), ..Row::default() };
        assert_eq!(written(&row), None);
        let row: Row<(), i64, (Option<i64>,)> = Row { rest: vec![1], ..Row::default() };
        assert_eq!(written(&row), None);
    }
}
