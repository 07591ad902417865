//! Reads one package's version in `Cargo.lock`: a tool must match its library to the digit.

use std::fs;
use std::path::Path;

use crate::error::Error;

/// The version of `package` that the lock file at `path` pins.
///
/// # Errors
/// When the file cannot be read or does not name the package.
pub(crate) fn version(path: &Path, package: &str) -> Result<String, Error> {
    let text = fs::read_to_string(path).map_err(Error::file("lire", path))?;
    find(&text, package)
        .map(str::to_owned)
        .ok_or_else(|| Error::Unreadable {
            path: path.to_path_buf(),
            expected: format!("la version du paquet « {package} »"),
        })
}

/// Cargo writes each package as `name = "…"` followed by `version = "…"`, one per line.
fn find<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| quoted(line, "name") == Some(package))?;
    lines.next().and_then(|line| quoted(line, "version"))
}

/// The value of `key = "value"`.
fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?
        .strip_prefix(" = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.99"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
"#;

    #[test]
    fn the_exact_name_is_found_and_nothing_else() {
        assert_eq!(find(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(find(LOCK, "wasm-bindgen-macro"), Some("0.2.99"));
        assert_eq!(find(LOCK, "wasm"), None);
    }

    /// The tool refuses a module that was compiled with another version of the library.
    #[test]
    fn the_tool_binds_what_the_workspace_compiles() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let library = version(&root.join("../Cargo.lock"), "wasm-bindgen").unwrap();
        let tool = version(&root.join("bind/Cargo.lock"), "wasm-bindgen-cli-support").unwrap();
        assert_eq!(library, tool);
    }
}
