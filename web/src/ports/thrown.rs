//! What a browser's service threw, as a value.

use std::fmt;

use wasm_bindgen::{JsCast, JsValue};

/// An exception: its kind and what it says. The text is the browser's, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thrown {
    /// Such as `NotReadableError`, from the list in Web IDL.
    pub name: String,
    /// More of it, for a person.
    pub message: String,
}

impl Thrown {
    pub(crate) fn new(name: &str, message: &str) -> Self {
        Self {
            name: name.to_owned(),
            message: message.to_owned(),
        }
    }
}

impl From<JsValue> for Thrown {
    fn from(value: JsValue) -> Self {
        match value.dyn_ref::<js_sys::Error>() {
            Some(error) => Self {
                name: error.name().into(),
                message: error.message().into(),
            },
            None => Self::new("Error", &format!("{value:?}")),
        }
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, message } = self;
        if message.is_empty() {
            f.write_str(name)
        } else {
            write!(f, "{message} ({name})")
        }
    }
}
