//! From compiled pages to the documents of the site: templates, with bodies poured into them.
//!
//! A template never sees the content of a page. It prints a *slot* where the content goes, and [`Layout::render`] pours the
//! content in at that place: templates stay fast whatever the size of the page, and a day's printable document is put
//! together without ever being held by the template engine.

pub mod contexts;
pub mod documents;
pub mod teaching;

use crate::theme::assets::Assets;
use std::collections::HashMap;
use std::fmt;
use tera::{Context, Kwargs, State, Tera, Value};

const SLOT_OPEN: char = '\u{12}';
const SLOT_CLOSE: char = '\u{13}';

/// A template is malformed, or cannot be rendered.
#[derive(Debug)]
pub struct TemplateError(tera::Error);

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gabarit : {}", self.0)?;
        let mut source = std::error::Error::source(&self.0);
        while let Some(cause) = source {
            write!(f, "\n  {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl std::error::Error for TemplateError {}

impl From<tera::Error> for TemplateError {
    fn from(error: tera::Error) -> Self {
        Self(error)
    }
}

/// The compiled templates.
#[derive(Debug)]
pub struct Layout {
    tera: Tera,
}

impl Layout {
    /// Compiles `templates`, which find `assets` by name.
    ///
    /// # Errors
    /// If a template is malformed.
    pub fn new<'a>(
        templates: impl Iterator<Item = (&'a str, &'a str)>,
        assets: &Assets,
    ) -> Result<Self, TemplateError> {
        let mut tera = Tera::new();
        let names: HashMap<String, String> = assets.names.clone();
        tera.register_function(
            "asset",
            move |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
                let path: &str = arguments.must_get("path")?;
                let name = names.get(path).ok_or_else(|| {
                    tera::Error::message(format!("« {path} » n'est pas dans site/assets"))
                })?;
                Ok(Value::safe_string(name))
            },
        );
        tera.add_raw_templates(templates)?;
        Ok(Self { tera })
    }

    /// Renders the template `name`; `pour` appends the body that goes into slot number `n`.
    ///
    /// # Errors
    /// If the template fails.
    pub fn render(
        &self,
        name: &str,
        context: &Context,
        pour: impl Fn(usize, &mut String),
    ) -> Result<String, TemplateError> {
        let shell = self.tera.render(name, context)?;
        if memchr::memchr(SLOT_OPEN as u8, shell.as_bytes()).is_none() {
            return Ok(shell);
        }
        let mut out = String::with_capacity(shell.len() * 2);
        let mut rest = shell.as_str();
        while let Some((before, after)) = rest.split_once(SLOT_OPEN) {
            let (number, after) = after.split_once(SLOT_CLOSE).unwrap_or(("", after));
            out.push_str(before);
            if let Ok(number) = number.parse() {
                pour(number, &mut out);
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// What a template prints where body number `n` goes.
pub fn slot(n: usize) -> Value {
    Value::safe_string(&format!("{SLOT_OPEN}{n}{SLOT_CLOSE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_poured_into_their_slots() {
        let layout = Layout::new(
            [("a.html", "<p>{{ x }}</p>{{ y }}!")].into_iter(),
            &Assets::default(),
        )
        .unwrap();
        let mut context = Context::new();
        context.insert_value("x", slot(0));
        context.insert_value("y", slot(1));
        let html = layout
            .render("a.html", &context, |n, out| {
                out.push_str(["<b>a</b>", "c"][n]);
            })
            .unwrap();
        assert_eq!(html, "<p><b>a</b></p>c!");
    }

    #[test]
    fn unknown_assets_are_refused() {
        let layout = Layout::new(
            [("a.html", "{{ asset(path=\"x.css\") }}")].into_iter(),
            &Assets::default(),
        )
        .unwrap();
        let error = layout
            .render("a.html", &Context::new(), |_, _| {})
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("« x.css » n'est pas dans site/assets"),
            "{error}"
        );
    }
}
