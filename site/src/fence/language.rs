//! Languages that code may be written in.

/// A language of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// C#.
    CSharp,
    /// Bash scripts and commands without prompt.
    Bash,
    /// A session at a shell: commands after `$ `, and what they print.
    Console,
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// XML, project files included.
    Xml,
    /// Dockerfile.
    Dockerfile,
    /// TOML.
    Toml,
    /// SQL.
    Sql,
    /// No language.
    Text,
    /// HTTP messages.
    Http,
    /// Java.
    Java,
    /// Rust.
    Rust,
    /// Java properties.
    Properties,
    /// INI files.
    Ini,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::CSharp,
        Self::Bash,
        Self::Console,
        Self::Yaml,
        Self::Json,
        Self::Xml,
        Self::Dockerfile,
        Self::Toml,
        Self::Sql,
        Self::Text,
        Self::Http,
        Self::Java,
        Self::Rust,
        Self::Properties,
        Self::Ini,
    ];

    /// Its name in a fence.
    pub fn name(self) -> &'static str {
        match self {
            Self::CSharp => "csharp",
            Self::Bash => "bash",
            Self::Console => "console",
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Dockerfile => "dockerfile",
            Self::Toml => "toml",
            Self::Sql => "sql",
            Self::Text => "text",
            Self::Http => "http",
            Self::Java => "java",
            Self::Rust => "rust",
            Self::Properties => "properties",
            Self::Ini => "ini",
        }
    }

    /// The language of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.name() == name)
    }

    /// Name of its grammar among two-face's, `None` if it is not highlighted.
    pub fn syntax(self) -> Option<&'static str> {
        match self {
            Self::CSharp => Some("C#"),
            Self::Bash | Self::Console => Some("Bourne Again Shell (bash)"),
            Self::Yaml => Some("YAML"),
            Self::Json => Some("JSON"),
            Self::Xml => Some("XML"),
            Self::Dockerfile => Some("Dockerfile"),
            Self::Toml => Some("TOML"),
            Self::Sql => Some("SQL"),
            Self::Text => None,
            Self::Http => Some("HTTP Request and Response"),
            Self::Java => Some("Java"),
            Self::Rust => Some("Rust"),
            Self::Properties => Some("Java Properties"),
            Self::Ini => Some("INI"),
        }
    }
}
