//! A JSON value, and how to look into one without asking at every step whether it is there.

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Self>),
    /// In the document's order.
    Object(Vec<(String, Self)>),
}

static NULL: Json = Json::Null;

impl Json {
    /// The field of that name, `Null` where there is none or this is no object.
    pub(crate) fn at(&self, name: &str) -> &Self {
        self.fields()
            .iter()
            .find_map(|(key, value)| (key == name).then_some(value))
            .unwrap_or(&NULL)
    }

    /// The first field whose name is `stem` and a capitalized type, as FHIR writes a choice of
    /// types (`valueQuantity`, `valueString`), or the stem itself.
    pub(crate) fn choice(&self, stem: &str) -> &Self {
        self.fields()
            .iter()
            .find_map(|(key, value)| {
                let rest = key.strip_prefix(stem)?;
                let is_type = rest.chars().next().is_none_or(|c| c.is_ascii_uppercase());
                is_type.then_some(value)
            })
            .unwrap_or(&NULL)
    }

    /// The fields of an object; none of anything else.
    pub(crate) fn fields(&self) -> &[(String, Self)] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// What a list holds; a single value counts as a list of one, `Null` as an empty list.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::Null => &[],
            Self::List(items) => items,
            single => std::slice::from_ref(single),
        }
    }

    /// The first of [`Json::items`], or `Null`.
    pub(crate) fn first(&self) -> &Self {
        self.items().first().unwrap_or(&NULL)
    }

    /// The text, if this is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text, number or truth value as text; empty for anything else.
    pub(crate) fn scalar(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
            Self::Bool(true) => "yes",
            Self::Bool(false) => "no",
            _ => "",
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }
}
