//! A block `simulation` of the type `calculateur`: a rule of the course with its numbers to change.
//!
//! 1. The block names the calculator and gives values: what is malformed is said with its place.
//! 2. The result with its reasoning, computed by the engine, is written into the page: readers without JavaScript, and paper,
//!    have it.
//! 3. The running calculator takes its place, from the text in `data-calculator`.

use crate::body;
use crate::diagnostic::Diagnostics;
use crate::fence::annotation::extract;
use crate::fence::code::CodeBlock;
use crate::fence::language::Language;
use crate::markdown::fenced::Fence;
use crate::markdown::writer::Writer;
use crate::text::escape;
use crate::text::french::typeset;
use crate::text::slug::slug;
use crate::text::toml::{Context, Table, parse};
use engine::calculator::{Calculator, Field, Formula, Report, Weight};
use engine::text::grouped;
use std::cell::RefCell;

/// The type in the block, and the name of the module that runs it.
pub const KIND: &str = "calculateur";
/// The style sheet of calculators.
const SHEET: &str = "css/calculator.css";

/// Whether the block is a calculator's.
pub fn is_one(fence: &Fence<'_>) -> bool {
    // What is malformed is reported by whoever reads the block.
    let unheard = RefCell::new(Diagnostics::default());
    parse(fence.body, &fence.origin, &unheard).is_some_and(|table| {
        let kind = table.get_ref().get("type");
        kind.is_some_and(|kind| kind.get_ref().as_str() == Some(KIND))
    })
}

/// Writes the figure of the calculator in `fence`.
pub fn write(writer: &mut Writer<'_, '_, '_>, fence: &Fence<'_>) {
    let problems = RefCell::new(std::mem::take(&mut writer.state.problems));
    let read = read(fence, &problems);
    writer.state.problems = problems.into_inner();
    let Some((title, calculator)) = read else {
        return;
    };
    let id = format!("sim-{}", slug(&title));
    let first_line = fence.body.find('\n').unwrap_or(fence.body.len());
    writer
        .state
        .add_new_id(&id, fence.origin.place(0..first_line));
    let page = &mut writer.state.page;
    page.counts.simulations += 1;
    page.sheets.insert(SHEET);
    figure(writer, &title, &calculator, &id);
}

/// The title and the calculator that the block says; `None` after reporting what is wrong.
fn read(fence: &Fence<'_>, problems: &RefCell<Diagnostics>) -> Option<(String, Calculator)> {
    let text = fence.body;
    let toml = parse(text, &fence.origin, problems)?;
    let context = Context {
        text,
        origin: &fence.origin,
        problems,
    };
    let first_line = text.find('\n').unwrap_or(text.len());
    let root = Table::new(toml.get_ref(), 0..first_line, context);
    root.required_text("type");
    let title = root.required_text("title");
    let formula = root.required_choice("calculator", &Formula::ALL.map(Formula::name));
    let values = root.table("values");
    root.finish();
    let mut calculator = Calculator::new(Formula::ALL[formula?.value]);
    let mut complete = true;
    if let Some(values) = values {
        for (place, field) in calculator.formula().fields().iter().enumerate() {
            // Asked of all, so that a key that is none of them is told what there is.
            match value(&values, field) {
                Some(value) => calculator.set(place, value),
                None => complete &= !values.has(field.name),
            }
        }
        values.finish();
    }
    complete.then_some((title?.value, calculator))
}

/// The value of a field, if it is given; `None` too after reporting what is wrong with it.
fn value(values: &Table<'_, '_>, field: &Field) -> Option<u32> {
    if field.choices.is_empty() {
        let number = values.integer(field.name, field.min.into()..=field.max.into())?;
        return u32::try_from(number.value).ok();
    }
    if !values.has(field.name) {
        return None;
    }
    let choice = values.required_choice(field.name, field.choices)?;
    u32::try_from(choice.value).ok()
}

fn figure(writer: &mut Writer<'_, '_, '_>, title: &str, calculator: &Calculator, id: &str) {
    let out = &mut writer.out;
    out.push_str("<figure class=\"simulation calculator\" id=\"");
    body::push_id(out, id);
    out.push('"');
    body::push_on_page(out, |out| {
        out.push_str(" data-simulation=\"");
        out.push_str(KIND);
        out.push_str("\" data-calculator=\"");
        escape::push(out, &calculator.link());
        out.push('"');
    });
    out.push_str("><figcaption>");
    escape::push(out, &typeset(title));
    out.push_str("</figcaption><div class=\"simulation-stage\"");
    body::push_on_page(out, |out| out.push_str(" data-stage"));
    out.push_str("><div class=\"calc\">\n");
    let report = calculator.report();
    given(out, calculator);
    reasoning(out, &report);
    if let Some((title, code)) = &report.code {
        listing(writer, title, code);
    }
    writer.out.push_str("</div></div></figure>\n");
}

/// The values, under their names.
fn given(out: &mut String, calculator: &Calculator) {
    out.push_str("<dl class=\"calc-given\">\n");
    for (field, value) in calculator
        .formula()
        .fields()
        .iter()
        .zip(calculator.values())
    {
        let tag = if field.property { "code" } else { "span" };
        out.push_str("<div><dt><");
        out.push_str(tag);
        out.push('>');
        escape::push(out, field.label);
        out.push_str("</");
        out.push_str(tag);
        out.push_str("></dt><dd>");
        if field.choices.is_empty() {
            out.push_str(&grouped((*value).into()));
        } else {
            escape::push(out, &field.written(*value));
        }
        if !field.unit.is_empty() {
            out.push('\u{a0}');
            out.push_str(field.unit);
        }
        out.push_str("</dd></div>\n");
    }
    out.push_str("</dl>\n");
}

fn reasoning(out: &mut String, report: &Report) {
    let mut element = |open: &str, text: &str, close: &str| {
        out.push_str(open);
        escape::push(out, &typeset(text));
        out.push_str(close);
    };
    element("<p class=\"calc-result\">", &report.result, "</p>\n");
    element("<ol class=\"calc-steps\">\n", "", "");
    for step in &report.steps {
        element("<li>", step, "</li>\n");
    }
    element("</ol>\n<ul class=\"calc-remarks\">\n", "", "");
    for remark in &report.remarks {
        let open = match remark.weight {
            Weight::Good => "<li class=\"good\">",
            Weight::Advice => "<li class=\"advice\">",
            Weight::Broken => "<li class=\"broken\">",
        };
        let text = [remark.weight.sign(), " ", &remark.text].concat();
        element(open, &text, "</li>\n");
    }
    element("</ul>\n", "", "");
}

/// What to paste, in the colours of the page's own code.
fn listing(writer: &mut Writer<'_, '_, '_>, title: &str, code: &str) {
    writer.state.page.counts.codes += 1;
    let block = CodeBlock {
        language: Language::CSharp,
        title: Some(typeset(title)),
        file: None,
        annotated: extract(code),
        highlighted: Vec::new(),
        changes: Vec::new(),
        number: writer.state.page.counts.codes,
    };
    block.write(writer.state.env.highlighter, &mut writer.out);
}
