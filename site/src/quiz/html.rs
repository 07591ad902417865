//! A [`Quiz`] as a form with native controls and folded corrections.

use super::{Answer, Choice, Markdown, Question, Quiz, form_id, question_id};
use crate::body;
use crate::markdown::heading::push_anchor;
use crate::markdown::writer::Writer;
use crate::text::escape;
use crate::text::french::typeset;
use std::fmt::Write as _;

/// Writes the form of `quiz`, whose text has the fingerprint `edition`.
pub(super) fn write(writer: &mut Writer<'_, '_, '_>, quiz: &Quiz, edition: u64) {
    let out = &mut writer.out;
    let _ = write!(
        out,
        "<form class=\"quiz\" data-quiz=\"{}\" data-edition=\"{edition:08x}\" id=\"",
        quiz.id
    );
    body::push_id(out, &form_id(quiz));
    let title = typeset(&quiz.title);
    out.push_str("\">\n<p class=\"quiz-title\">");
    escape::push(out, &title);
    push_anchor(out, &form_id(quiz), &title);
    out.push_str("</p>\n");
    let mut questions = Vec::new();
    for (index, question) in quiz.questions.iter().enumerate() {
        let start = writer.out.len();
        Form {
            writer,
            quiz,
            question,
            number: index + 1,
        }
        .write();
        questions.push(start..writer.out.len());
    }
    writer.out.push_str("</form>\n");
    writer.made.questions = questions;
}

/// One question of the form.
struct Form<'f, 's, 'e, 't> {
    writer: &'f mut Writer<'s, 'e, 't>,
    quiz: &'f Quiz,
    question: &'f Question,
    number: usize,
}

impl Form<'_, '_, '_, '_> {
    fn write(&mut self) {
        let kind = match (&self.question.answer, self.question.predict) {
            (_, true) => "predict",
            (Answer::Single(_), _) => "single",
            (Answer::Multiple(_), _) => "multiple",
            (Answer::Number { .. }, _) => "numeric",
        };
        let (count, number) = (self.quiz.questions.len(), self.number);
        let id = question_id(self.quiz, number);
        let out = self.out();
        let _ = write!(
            out,
            "<fieldset class=\"quiz-question\" data-kind=\"{kind}\" data-question=\"{number}\" id=\""
        );
        body::push_id(out, &id);
        let _ = write!(out, "\">\n<legend>Question {number} sur {count}</legend>");
        // Beside the legend: inside, it would be part of the name of every answer's group.
        push_anchor(out, &id, &format!("Question {number}"));
        out.push('\n');
        self.out().push_str("<div class=\"quiz-prompt\">");
        self.markdown(&self.question.prompt);
        self.out().push_str("</div>\n");
        match &self.question.answer {
            Answer::Single(choices) => self.choices(choices, "radio"),
            Answer::Multiple(choices) => self.choices(choices, "checkbox"),
            Answer::Number { unit, .. } => self.number(unit),
        }
        self.out().push_str(concat!(
            "<p class=\"quiz-actions\"><button type=\"submit\" class=\"quiz-check\" hidden>Vérifier</button></p>\n",
            "<p class=\"quiz-result\" role=\"status\"></p>\n"
        ));
        self.correction();
        self.out().push_str("</fieldset>\n");
    }

    fn out(&mut self) -> &mut String {
        &mut self.writer.out
    }

    /// Renders blocks. Headings inside a question have no place in the outline of the page.
    fn markdown(&mut self, markdown: &Markdown) {
        let html = self.writer.nested(&markdown.source, &markdown.origin);
        self.out().push_str(html.trim_end());
    }

    fn line(&mut self, markdown: &Markdown) {
        let html = self.writer.nested_line(&markdown.source, &markdown.origin);
        self.out().push_str(&html);
    }

    fn choices(&mut self, choices: &[Choice], control: &str) {
        let name = format!("{}-{}", self.quiz.id, self.number);
        self.out().push_str("<ul class=\"quiz-answers\">\n");
        for (index, choice) in choices.iter().enumerate() {
            let _ = write!(
                self.out(),
                "<li class=\"quiz-answer\"><label><input type=\"{control}\" name=\"{name}\" value=\"{index}\"> <span>"
            );
            self.line(&choice.text);
            self.out().push_str("</span></label></li>\n");
        }
        self.out().push_str("</ul>\n");
    }

    fn number(&mut self, unit: &str) {
        let name = format!("{}-{}", self.quiz.id, self.number);
        let _ = write!(
            self.out(),
            "<p class=\"quiz-number\"><label>Votre réponse <input type=\"text\" inputmode=\"decimal\" autocomplete=\"off\" name=\"{name}\"></label>"
        );
        if !unit.is_empty() {
            self.out().push_str(" <span class=\"quiz-unit\">");
            escape::push(self.out(), unit);
            self.out().push_str("</span>");
        }
        self.out().push_str("</p>\n");
    }

    fn correction(&mut self) {
        let out = self.out();
        out.push_str("<details class=\"quiz-correction\" data-pagefind-ignore");
        body::push_in_print(out, " open");
        out.push_str(">\n<summary>Correction</summary>\n");
        match &self.question.answer {
            Answer::Single(choices) | Answer::Multiple(choices) => self.feedbacks(choices),
            Answer::Number {
                value,
                tolerance,
                unit,
                feedback,
            } => self.value(*value, *tolerance, unit, feedback),
        }
        if let Some(explanation) = &self.question.explanation {
            self.out().push_str("<div class=\"quiz-explanation\">");
            self.markdown(explanation);
            self.out().push_str("</div>\n");
        }
        self.out().push_str("</details>\n");
    }

    fn feedbacks(&mut self, choices: &[Choice]) {
        self.out().push_str("<ul class=\"quiz-feedbacks\">\n");
        for (index, choice) in choices.iter().enumerate() {
            let verdict = if choice.correct { "Juste" } else { "Faux" };
            let _ = write!(
                self.out(),
                "<li data-answer=\"{index}\" data-correct=\"{}\"><span class=\"quiz-verdict\">{verdict}</span> <span class=\"quiz-text\">",
                choice.correct
            );
            self.line(&choice.text);
            self.out()
                .push_str("</span> <span class=\"quiz-feedback\">");
            self.line(&choice.feedback);
            self.out().push_str("</span></li>\n");
        }
        self.out().push_str("</ul>\n");
    }

    fn value(&mut self, value: f64, tolerance: f64, unit: &str, feedback: &Markdown) {
        let shown = engine::query::Value::Real(value).to_string();
        let _ = write!(
            self.out(),
            "<p class=\"quiz-value\" data-value=\"{value}\" data-tolerance=\"{tolerance}\">Réponse\u{202F}: <strong>{shown}</strong>"
        );
        if !unit.is_empty() {
            self.out().push('\u{A0}');
            escape::push(self.out(), unit);
        }
        self.out().push_str("</p>\n<p class=\"quiz-wrong\">");
        self.line(feedback);
        self.out().push_str("</p>\n");
    }
}
