//! Apache Kafka itself, one broker on loopback, without containers: its server is on Maven Central as ordinary jars.
//!
//! `mvn` copies the jars that `pom.xml` names, once; `kafka.tools.StorageTool` formats a folder and `kafka.Kafka` runs a
//! broker that is its own controller (`KRaft`), on Java 17 or later.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const POM: &str = include_str!("pom.xml");
/// Any 16 bytes in Kafka's base64.
const CLUSTER_ID: &str = "MkU3OEVBNTcwNTJENDM2Qg";
/// A broker on a busy machine takes its time.
const START_WITHIN: Duration = Duration::from_secs(120);

/// What is missing on this machine. Anything else that goes wrong is a failure, and panics.
pub(crate) struct Unavailable(pub(crate) String);

/// A broker, which ends with its owner.
pub(crate) struct Broker {
    libraries: PathBuf,
    folder: PathBuf,
    bootstrap: String,
    process: Option<Child>,
}

impl Broker {
    /// Fetches what is needed into `folder` and starts a broker there.
    pub(crate) fn start(folder: &Path) -> Result<Self, Unavailable> {
        for (program, option, package) in [
            ("java", "-version", "openjdk-17-jre-headless"),
            ("mvn", "-version", "maven"),
        ] {
            if run(Command::new(program).arg(option)).is_err() {
                return Err(Unavailable(format!(
                    "needs {program} (apt-get install {package})"
                )));
            }
        }
        let libraries = libraries(folder)?;
        let (port, controller) = (free_port(), free_port());
        let folder = folder.join(format!("broker-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join("server.properties"),
            properties(&folder, port, controller),
        )
        .unwrap();
        let mut broker = Self {
            libraries,
            folder,
            bootstrap: format!("127.0.0.1:{port}"),
            process: None,
        };
        let format = [
            "format",
            "--standalone",
            "-t",
            CLUSTER_ID,
            "-c",
            "server.properties",
        ];
        run(broker.java("kafka.tools.StorageTool").args(format)).unwrap();
        broker.run();
        Ok(broker)
    }

    /// `bootstrap.servers`.
    pub(crate) fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Starts the broker, with the data it had.
    pub(crate) fn run(&mut self) {
        let log = File::create(self.folder.join("broker.log")).unwrap();
        let errors = log.try_clone().unwrap();
        let process = self
            .java("kafka.Kafka")
            .arg("server.properties")
            .stdout(log)
            .stderr(errors)
            .spawn()
            .unwrap();
        self.process = Some(process);
        let until = Instant::now() + START_WITHIN;
        while TcpStream::connect(&self.bootstrap).is_err() {
            assert!(
                Instant::now() < until,
                "the broker does not answer; see {}",
                self.folder.join("broker.log").display()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends the broker as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    fn java(&self, class: &str) -> Command {
        let mut command = Command::new("java");
        command
            .current_dir(&self.folder)
            .args([
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
            ])
            .arg(self.libraries.join("*"))
            .arg(class)
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The jars, copied once for each version of the pom.
fn libraries(folder: &Path) -> Result<PathBuf, Unavailable> {
    let libraries = folder.join("kafka-libraries");
    let stamp = libraries.join("pom.xml");
    if std::fs::read_to_string(&stamp).is_ok_and(|pom| pom == POM) {
        return Ok(libraries);
    }
    let _ = std::fs::remove_dir_all(&libraries);
    let pom = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kafka/pom.xml");
    let copy = run(Command::new("mvn")
        .args(["-q", "-B", "-f"])
        .arg(pom)
        .args(["dependency:copy-dependencies", "-DincludeScope=runtime"])
        .arg(format!("-DoutputDirectory={}", libraries.display())));
    copy.map_err(|error| Unavailable(format!("Maven Central gives no Kafka: {error}")))?;
    std::fs::write(stamp, POM).unwrap();
    Ok(libraries)
}

fn properties(folder: &Path, port: u16, controller: u16) -> String {
    format!(
        "process.roles=broker,controller\n\
         node.id=1\n\
         controller.quorum.bootstrap.servers=127.0.0.1:{controller}\n\
         listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
         controller.listener.names=CONTROLLER\n\
         log.dirs={}\n\
         auto.create.topics.enable=false\n\
         offsets.topic.replication.factor=1\n\
         offsets.topic.num.partitions=5\n\
         group.initial.rebalance.delay.ms=0\n",
        folder.join("data").display()
    )
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map_or(0, |addr| addr.port())
}

/// Runs a command to its end. Fails with the last line of what it said.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(said
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("")
        .to_owned())
}
