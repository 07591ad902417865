//! Apache Kafka from its jars, on loopback, without containers: `kafka.tools.StorageTool` formats a folder and `kafka.Kafka`
//! runs a `KRaft` node, each a process of its own.

use crate::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Any 16 bytes in Kafka's base64.
const CLUSTER_ID: &str = "MkU3OEVBNTcwNTJENDM2Qg";
/// A node on a busy machine takes its time.
const START_WITHIN: Duration = Duration::from_secs(120);
/// The node id of a controller that is no broker.
const CONTROLLER: usize = 100;

/// Nodes that end with their owner.
pub(crate) struct Cluster {
    nodes: Vec<Node>,
}

struct Node {
    id: usize,
    port: u16,
    folder: PathBuf,
    libraries: PathBuf,
    process: Option<Child>,
}

impl Cluster {
    /// One node that is broker and controller.
    pub(crate) fn single(folder: &Path, libraries: &Path, settings: &str) -> Outcome<Self> {
        let (port, controller) = (free_port()?, free_port()?);
        let properties = format!(
            "process.roles=broker,controller\nlisteners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n{}{settings}",
            common(controller)
        );
        let node = Node::format(1, port, folder, libraries, &properties, "--standalone")?;
        let mut cluster = Self { nodes: vec![node] };
        cluster.start_all()?;
        Ok(cluster)
    }

    /// Three brokers, and a controller of its own that survives them.
    pub(crate) fn three(folder: &Path, libraries: &Path, settings: &str) -> Outcome<Self> {
        let controller = free_port()?;
        let properties = format!(
            "process.roles=controller\nlisteners=CONTROLLER://127.0.0.1:{controller}\n{}",
            common(controller)
        );
        let mut nodes = vec![Node::format(
            CONTROLLER,
            controller,
            folder,
            libraries,
            &properties,
            "--standalone",
        )?];
        for id in 1..=3 {
            let port = free_port()?;
            let properties = format!(
                "process.roles=broker\nlisteners=PLAINTEXT://127.0.0.1:{port}\n{}{settings}",
                common(controller)
            );
            nodes.push(Node::format(
                id,
                port,
                folder,
                libraries,
                &properties,
                "--no-initial-controllers",
            )?);
        }
        let mut cluster = Self { nodes };
        cluster.start_all()?;
        Ok(cluster)
    }

    /// `bootstrap.servers` of the brokers.
    pub(crate) fn bootstrap(&self) -> String {
        let addresses: Vec<String> = self
            .nodes
            .iter()
            .filter(|node| node.id != CONTROLLER)
            .map(|node| format!("127.0.0.1:{}", node.port))
            .collect();
        addresses.join(",")
    }

    /// Ends a broker as a power cut would.
    pub(crate) fn crash(&mut self, id: usize) -> Outcome<()> {
        self.node(id)?.kill();
        Ok(())
    }

    /// Starts a broker again, with the data it has, without waiting for it.
    pub(crate) fn restart(&mut self, id: usize) -> Outcome<()> {
        self.node(id)?.start()
    }

    /// Starts the brokers that do not run, and waits until they all answer.
    pub(crate) fn start_all(&mut self) -> Outcome<()> {
        for node in &mut self.nodes {
            node.start()?;
        }
        for node in &self.nodes {
            node.wait()?;
        }
        Ok(())
    }

    /// Sends a signal to a broker.
    pub(crate) fn signal(&mut self, id: usize, signal: Signal) -> Outcome<()> {
        let process = self.node(id)?.process.as_ref().ok_or("a dead broker")?;
        Ok(kill(Pid::from_raw(process.id().cast_signed()), signal)?)
    }

    fn node(&mut self, id: usize) -> Outcome<&mut Node> {
        let node = self.nodes.iter_mut().find(|node| node.id == id);
        node.ok_or_else(|| format!("no broker {id}").into())
    }
}

impl Node {
    fn format(
        id: usize,
        port: u16,
        folder: &Path,
        libraries: &Path,
        properties: &str,
        controllers: &str,
    ) -> Outcome<Self> {
        let folder = folder.join(format!("node-{id}-{port}"));
        fs::create_dir_all(&folder)?;
        let properties = format!(
            "node.id={id}\nlog.dirs={}\n{properties}",
            folder.join("data").display()
        );
        fs::write(folder.join("server.properties"), properties)?;
        let node = Self {
            id,
            port,
            folder,
            libraries: libraries.to_path_buf(),
            process: None,
        };
        let output = node
            .java("kafka.tools.StorageTool")
            .args(["format", controllers, "-t", CLUSTER_ID])
            .args(["-c", "server.properties"])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(node)
    }

    fn start(&mut self) -> Outcome<()> {
        if self.process.is_some() {
            return Ok(());
        }
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("broker.log"))?;
        let errors = log.try_clone()?;
        let mut java = self.java("kafka.Kafka");
        java.arg("server.properties").stdout(log).stderr(errors);
        self.process = Some(java.spawn()?);
        Ok(())
    }

    fn wait(&self) -> Outcome<()> {
        let until = Instant::now() + START_WITHIN;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if Instant::now() > until {
                return Err(
                    format!("a node does not answer; see {}", self.folder.display()).into(),
                );
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    fn java(&self, class: &str) -> Command {
        let mut command = Command::new("java");
        command
            .current_dir(&self.folder)
            .args(["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
            .arg("-cp")
            .arg(self.libraries.join("*"))
            .arg(class)
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
        // Kept when something went wrong: the log says what.
        if !thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn common(controller: u16) -> String {
    format!(
        "controller.quorum.bootstrap.servers=127.0.0.1:{controller}\n\
         controller.listener.names=CONTROLLER\n\
         auto.create.topics.enable=false\n"
    )
}

fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
