//! Programs of the system: looked for in the `PATH`, installed by apt when root on Debian, named otherwise.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::context::Context;
use crate::error::Error;
use crate::process::Job;
use crate::program::find_program;
use crate::progress::Step;

/// A program and the Debian package that carries it.
pub(crate) struct Need {
    /// Names it may have.
    pub(crate) programs: &'static [&'static str],
    /// The Debian package.
    pub(crate) package: &'static str,
    /// What it is for, in French.
    pub(crate) purpose: &'static str,
}

const C: Need = Need {
    programs: &["cc", "gcc", "clang"],
    package: "build-essential",
    purpose: "compiler du C",
};

/// To compile the generator.
pub(crate) const COMPILER: &[Need] = &[C];

/// To compile the server (librdkafka is C and C++) and to run the ready-made tools.
pub(crate) const BUILD: &[Need] = &[
    C,
    Need {
        programs: &["c++", "g++", "clang++"],
        package: "build-essential",
        purpose: "compiler du C++ (librdkafka)",
    },
    Need {
        programs: &["make", "gmake"],
        package: "build-essential",
        purpose: "construire librdkafka",
    },
    Need {
        programs: &["node", "nodejs"],
        package: "nodejs",
        purpose: "lancer wasm-opt",
    },
    Need {
        programs: &["npm"],
        package: "npm",
        purpose: "installer wasm-opt et pagefind",
    },
];

/// To test in a real browser.
pub(crate) const BROWSER: &[Need] = &[Need {
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ],
    package: "chromium",
    purpose: "tester les pages dans un navigateur",
}];

/// To test against Apache Kafka itself, whose server is on Maven Central as ordinary jars.
pub(crate) const KAFKA: &[Need] = &[
    Need {
        programs: &["java"],
        package: "openjdk-17-jre-headless",
        purpose: "lancer un vrai broker Kafka",
    },
    Need {
        programs: &["mvn"],
        package: "maven",
        purpose: "télécharger le broker",
    },
];

/// To compile the consumer in Java that plays the engine's traces.
pub(crate) const JDK: &[Need] = &[Need {
    programs: &["javac"],
    package: "openjdk-17-jdk-headless",
    purpose: "compiler le consommateur Java",
}];

/// Makes sure that every program is there.
///
/// # Errors
/// When one is missing and cannot be installed from here: the message names the command to type.
pub(crate) fn ensure(context: &Context, needs: &[Need]) -> Result<(), Error> {
    let missing: Vec<&Need> = needs.iter().filter(|need| find(need).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    packages.dedup();
    if !may_install() {
        let what: Vec<String> = missing
            .iter()
            .map(|need| format!("« {} » pour {}", need.programs[0], need.purpose))
            .collect();
        return Err(Error::Missing {
            what: what.join(", "),
            remedy: remedy(&packages),
        });
    }
    let label = format!("Paquets du système ({})", packages.join(", "));
    context
        .console
        .step(&label, |step| install(context, step, &packages))
}

/// The program that meets a need.
pub(crate) fn find(need: &Need) -> Option<std::path::PathBuf> {
    need.programs
        .iter()
        .find_map(|program| find_program(program))
}

/// Can packages be installed without asking anyone?
pub(crate) fn may_install() -> bool {
    is_debian() && nix::unistd::geteuid().is_root()
}

/// The command that installs Debian packages, for a message.
pub(crate) fn remedy(packages: &[&str]) -> String {
    let list = packages.join(" ");
    if is_debian() {
        format!(
            "Tapez : sudo apt-get update && sudo apt-get install --no-install-recommends {list}"
        )
    } else {
        format!("Installez l'équivalent, sur votre système, des paquets Debian suivants : {list}")
    }
}

/// Installs packages, once at a time. The lists are refreshed first: old ones know old versions, and a fresh machine
/// has none. A refresh that fails is no reason to give up, the packages may be at hand.
///
/// # Errors
/// When apt fails.
pub(crate) fn install(context: &Context, step: &Step<'_>, packages: &[&str]) -> Result<(), Error> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    match apt()
        .arg("update")
        .run(step, "apt-get update", &context.workspace.log("apt-update"))
    {
        Ok(_) | Err(Error::Failed { .. }) => {}
        Err(other) => return Err(other),
    }
    let job = apt()
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages);
    job.run(
        step,
        "apt-get install",
        &context.workspace.log("apt-install"),
    )
    .map(drop)
}

fn apt() -> Job {
    Job::new("apt-get")
        .args(["-o", "DPkg::Lock::Timeout=300"])
        .env("DEBIAN_FRONTEND", "noninteractive")
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && find_program("apt-get").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_met_by_any_of_its_names() {
        let need = |programs| Need {
            programs,
            package: "x",
            purpose: "essayer",
        };
        assert!(find(&need(&["no-such-program", "sh"])).is_some());
        assert!(find(&need(&["no-such-program"])).is_none());
    }

    #[test]
    fn the_remedy_names_every_package() {
        let text = remedy(&["gcc", "cmake"]);
        assert!(text.contains("gcc cmake"), "{text}");
    }
}
