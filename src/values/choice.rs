//! Choices: a name, or an object with one name and the parameters of that choice.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error, Expected, IntoDeserializer, MapAccess, Unexpected,
        VariantAccess, Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};

use super::missing::with_expected;

/// Deserializes an enum. Its errors list the accepted names, unlike those of derived implementations, and a member that
/// is `null` has the same meaning as one that is absent.
pub(crate) struct Choice<D> {
    deserializer: D,
    with_parameters: &'static [&'static str],
}

impl<D> Choice<D> {
    /// Creates a deserializer of an enum in which the variants with these names have parameters.
    pub(crate) fn new(deserializer: D, with_parameters: &'static [&'static str]) -> Self {
        Self {
            deserializer,
            with_parameters,
        }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Choice<D> {
    type Error = D::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let accepted = Accepted {
            names,
            with_parameters: self.with_parameters,
        };
        let mut is_object = false;
        let choice = self.deserializer.deserialize_any(ChoiceVisitor {
            accepted,
            is_object: &mut is_object,
            visitor,
        });
        // An error in an object may be about one of its own members.
        choice.map_err(|error| match is_object {
            true => error,
            false => with_expected(error, &accepted),
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserializer.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The names that a choice accepts, and those among them that have parameters.
#[derive(Clone, Copy)]
struct Accepted {
    names: &'static [&'static str],
    with_parameters: &'static [&'static str],
}

impl Expected for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.names.iter().copied();
        let plain = plain.filter(|name| !self.with_parameters.contains(name));
        let plain: Vec<_> = plain.collect();
        write!(f, "one of {}", plain.join(", "))?;
        if self.with_parameters.is_empty() {
            return Ok(());
        }
        let names = self.with_parameters.join(", ");
        write!(f, ", or an object with one of {names}")
    }
}

struct ChoiceVisitor<'a, V> {
    accepted: Accepted,
    /// Set if the value is an object.
    is_object: &'a mut bool,
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for ChoiceVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Expected::fmt(&self.accepted, f)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        let Accepted {
            names,
            with_parameters,
        } = self.accepted;
        if names.contains(&name) && !with_parameters.contains(&name) {
            let name: StrDeserializer<'_, E> = name.into_deserializer();
            return self.visitor.visit_enum(name);
        }
        Err(E::invalid_value(Unexpected::Str(name), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        let with_parameters = self.accepted.with_parameters;
        if with_parameters.is_empty() {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        }
        *self.is_object = true;
        let mut visitor = Some(self.visitor);
        let mut choice = None;
        while let Some(name) = map.next_key::<String>()? {
            let parameters = Parameters {
                name: &name,
                visitor: &mut visitor,
                with_parameters,
            };
            choice = map.next_value_seed(parameters)?.or(choice);
        }
        choice.ok_or_else(|| {
            let names = with_parameters.join(", ");
            A::Error::custom(format!(
                "found no member with a value, expected one of {names}"
            ))
        })
    }
}

/// Reads the parameters of a choice, or `null`. The first parameters take the visitor of the enum. The name is checked
/// here, where an error has it in its path.
struct Parameters<'a, V> {
    name: &'a str,
    visitor: &'a mut Option<V>,
    with_parameters: &'static [&'static str],
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Parameters<'_, V> {
    type Value = Option<V::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.with_parameters.contains(&self.name) {
            deserializer.deserialize_option(self)
        } else {
            Err(D::Error::unknown_field(self.name, self.with_parameters))
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Parameters<'_, V> {
    type Value = Option<V::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "only one of {}", self.with_parameters.join(", "))
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, parameters: D) -> Result<Self::Value, D::Error> {
        match self.visitor.take() {
            Some(visitor) => {
                let name = self.name;
                visitor.visit_enum(Variant { name, parameters }).map(Some)
            }
            None => Err(D::Error::invalid_value(
                Unexpected::Other("one member too many"),
                &self,
            )),
        }
    }
}

/// A variant with its parameters.
struct Variant<'a, D> {
    name: &'a str,
    parameters: D,
}

impl<'de, D: Deserializer<'de>> EnumAccess<'de> for Variant<'_, D> {
    type Error = D::Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), D::Error> {
        let name: StrDeserializer<'_, D::Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de, D: Deserializer<'de>> VariantAccess<'de> for Variant<'_, D> {
    type Error = D::Error;

    fn unit_variant(self) -> Result<(), D::Error> {
        Err(D::Error::custom("expected a name without an object"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, D::Error> {
        seed.deserialize(self.parameters)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.parameters.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.parameters.deserialize_map(visitor)
    }
}
