//! The programs in rules: compiled once, run within limits, their faults put into plain words.

use std::io;
use std::ops::Range;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, Template, UndefinedBehavior, Value};

use super::context::PREVIOUS;
use super::{filters, reason, text};
use crate::locale::{Locale, Text};

/// How many steps a program may take.
const FUEL: u64 = 50_000;

/// How much more than the longest result a program may write before it is stopped, in bytes a character: what is
/// shown is cut after it was cleaned.
const BYTES_A_CHARACTER: usize = 8;

/// The programs, by number.
#[derive(Debug)]
pub(super) struct Language {
    environment: Environment<'static>,
    names: Vec<String>,
    /// The language in which alerts say what no template says.
    pub(super) locale: Locale,
}

/// A compiled program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Program {
    pub(super) number: usize,
    pub(super) uses_previous: bool,
}

/// What failed, and why in plain words.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) field: &'static str,
    pub(super) reason: Text,
}

impl Default for Language {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_debug(true);
        filters::add(&mut environment);
        Self { environment, names: Vec::new(), locale: Locale::default() }
    }
}

impl Language {
    /// Compiles an expression over these names that is true or false.
    ///
    /// # Errors
    /// What is wrong, in one line.
    pub(super) fn add_condition(&mut self, source: &str, names: &[&str]) -> Result<Program, Text> {
        // An expression of its own borrows the environment; so it is checked as one and kept as a template.
        self.environment.compile_expression_owned(source.to_owned()).map_err(|error| explain(&error))?;
        self.add_template(&format!("{{% if {source} %}}1{{% endif %}}"), names)
    }

    /// Compiles a template over these names.
    ///
    /// # Errors
    /// What is wrong, in one line.
    pub(super) fn add_template(&mut self, source: &str, known_names: &[&str]) -> Result<Program, Text> {
        let number = self.names.len();
        let name = number.to_string();
        self.environment.add_template_owned(name.clone(), source.to_owned()).map_err(|error| explain(&error))?;
        self.names.push(name.clone());
        let template = self.environment.get_template(&name).map_err(|error| explain(&error))?;
        let names = template.undeclared_variables(false);
        let known =
            |name: &str| known_names.contains(&name) || self.environment.globals().any(|(global, _)| global == name);
        if let Some(unknown) = names.iter().filter(|name| !known(name)).min() {
            let all = known_names.join(", ");
            return Err(crate::text!("there is no \"{unknown}\"; there are {all}", "没有“{unknown}”；可用的有 {all}"));
        }
        let uses_previous = names.contains(PREVIOUS);
        self.probe(&name)?;
        Ok(Program { number, uses_previous })
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// Why that cannot be said.
    pub(super) fn holds(&self, program: usize, context: &Value) -> Result<bool, Text> {
        let result = self.template(program).and_then(|template| template.render(context.clone()));
        result.map(|text| !text.is_empty()).map_err(|error| explain(&error))
    }

    /// What a template makes; stopped somewhere beyond `longest` characters.
    ///
    /// # Errors
    /// Why it makes nothing.
    pub(super) fn render(&self, program: usize, context: &Value, longest: usize) -> Result<String, Text> {
        let template = self.template(program).map_err(|error| explain(&error))?;
        let mut output = Bounded { bytes: Vec::new(), room: longest.saturating_mul(BYTES_A_CHARACTER), full: false };
        let result = template.render_captured_to(context.clone(), &mut output).map(drop);
        match result {
            Err(error) if !output.full => Err(explain(&error)),
            Ok(()) | Err(_) => Ok(String::from_utf8_lossy(&output.bytes).into_owned()),
        }
    }

    /// What an expression makes.
    ///
    /// # Errors
    /// Why it makes nothing.
    pub(super) fn value(&self, source: &str, context: &Value) -> Result<Value, Text> {
        let expression = self.environment.compile_expression(source).map_err(|error| explain(&error))?;
        expression.eval(context.clone()).map_err(|error| explain(&error))
    }

    fn template(&self, program: usize) -> Result<Template<'_, '_>, Error> {
        self.environment.get_template(self.names.get(program).map_or("", String::as_str))
    }

    /// Finds unknown filters, tests and functions, which the compiler lets pass, as far as a run on nothing meets them.
    fn probe(&mut self, name: &str) -> Result<(), Text> {
        self.environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        let result = self.environment.get_template(name).and_then(|template| template.render(()));
        self.environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let unknown = [ErrorKind::UnknownFilter, ErrorKind::UnknownTest, ErrorKind::UnknownFunction];
        match result {
            Err(error) if unknown.contains(&error.kind()) => Err(explain(&error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// An error in plain words, one line.
fn explain(error: &Error) -> Text {
    let place = error.template_source().zip(error.range()).map(|(source, range)| operand(source, range));
    let place = place.map(|place| text::line(place, 60)).filter(|place| !place.is_empty());
    let detail = error.detail().unwrap_or_default();
    if error.kind() == ErrorKind::OutOfFuel {
        return crate::text!("it takes too many steps", "步骤太多");
    }
    if error.kind() == ErrorKind::UndefinedError {
        let missing = detail.split('`').nth(1).map(str::to_owned).or(place);
        let missing = missing.map_or_else(|| crate::text!("a part of it", "其中一部分"), Text::plain);
        return crate::text!("there is no value for {missing}", "{missing} 没有值", missing);
    }
    let reason = filters::fault(detail).unwrap_or_else(|| reason::reason(error.kind(), detail));
    let line = error.line().filter(|line| *line > 1);
    let line = line.map_or_else(Text::default, |line| crate::text!(" in line {line}", "，第 {line} 行"));
    let place = place.map_or_else(Text::default, |place| crate::text!(" at \"{place}\"", "，位于“{place}”"));
    let Text { english, chinese } = crate::text!("{reason}{place}{line}", "{reason}{place}{line}", reason, place, line);
    Text { english: text::line(&english, 300), chinese: text::line(&chinese, 300) }
}

/// The source in that range and what it is applied to: for the `abs` of `data.change|abs` the whole.
fn operand(source: &str, range: Range<usize>) -> &str {
    let Some(before) = source.get(..range.start) else { return "" };
    let path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '|' | '[' | ']' | '\'' | '"');
    let start = before.trim_end_matches(path).len();
    source.get(start..range.end).unwrap_or_default()
}

/// Takes so many bytes and stops its writer then.
struct Bounded {
    bytes: Vec<u8>,
    room: usize,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.room - self.bytes.len();
        if bytes.len() <= room {
            self.bytes.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        let whole = std::str::from_utf8(bytes).map_or(0, |text| text.floor_char_boundary(room));
        self.bytes.extend(bytes.iter().take(whole));
        self.full = true;
        Err(io::ErrorKind::FileTooLarge.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
