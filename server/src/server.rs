//! The whole server: listen first, then begin to watch the cluster, and end everything within two seconds.

use crate::embedded::demo::DemoSettings;
use crate::embedded::{EmbeddedCluster, Faults};
use crate::error::StartError;
use crate::http::files::Files;
use crate::http::reload::Reloads;
use crate::http::{App, router};
use crate::live::Tuning;
use crate::live::feeds::Feeds;
use crate::metrics::Metrics;
use crate::observer::Observer;
use crate::observer::cluster::ClusterObserver;
use crate::settings::{KafkaChoice, Settings};
use crate::stop::Stop;
use axum::serve::ListenerExt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How long a clean end may take.
pub const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A server that answers.
pub struct Running {
    addr: SocketAddr,
    feeds: Arc<Feeds>,
    metrics: Arc<Metrics>,
    embedded: Option<EmbeddedCluster>,
    stop: Stop,
    http: JoinHandle<std::io::Result<()>>,
}

/// Starts a server. It answers when this returns; the cluster is reached afterwards.
///
/// # Errors
/// The address cannot be listened on, or the system gives no thread.
pub async fn start(
    settings: &Settings,
    tuning: Tuning,
    demo: DemoSettings,
) -> Result<Running, StartError> {
    let addr = settings.addr;
    let listener = TcpListener::bind(addr)
        .await
        .map_err(|source| StartError::Listen { addr, source })?;
    let addr = listener
        .local_addr()
        .map_err(|source| StartError::Listen { addr, source })?;

    let system = |source| StartError::System { source };
    let stop = Stop::new();
    let metrics = Arc::new(Metrics::new());
    let (observer, embedded) = observer(settings, demo, &stop).map_err(system)?;
    let feeds = Feeds::start(
        observer,
        settings.topic.clone(),
        tuning,
        Arc::clone(&metrics),
        stop.clone(),
    )
    .map_err(system)?;
    let app = App {
        feeds: Arc::clone(&feeds),
        files: Files::new(&settings.dist, !settings.reload),
        metrics: Arc::clone(&metrics),
        slots: Arc::new(Semaphore::new(settings.max_clients)),
        reloads: settings
            .reload
            .then(|| Reloads::watch(&settings.dist, stop.clone())),
        stop: stop.clone(),
    };
    Ok(Running {
        addr,
        feeds,
        metrics,
        embedded,
        http: tokio::spawn(serve(listener, Arc::new(app), stop.clone())),
        stop,
    })
}

type Cluster = (Arc<dyn Observer>, Option<EmbeddedCluster>);

fn observer(settings: &Settings, demo: DemoSettings, stop: &Stop) -> std::io::Result<Cluster> {
    Ok(match &settings.kafka {
        KafkaChoice::Embedded => {
            let cluster = EmbeddedCluster::start(demo, stop.clone())?;
            (Arc::new(cluster.observer()), Some(cluster))
        }
        KafkaChoice::Cluster { bootstrap } => (Arc::new(ClusterObserver::new(bootstrap)), None),
    })
}

async fn serve(listener: TcpListener, app: Arc<App>, stop: Stop) -> std::io::Result<()> {
    let dead_after = app.feeds.tuning().dead_connection;
    let listener = listener.tap_io(move |stream| {
        if let Err(error) = prepare(stream, dead_after) {
            tracing::debug!(%error, "option de connexion refusée");
        }
    });
    axum::serve(listener, router(app))
        .with_graceful_shutdown(async move { stop.wait().await })
        .await
}

/// Frames are small and must not wait for more; data that is not taken for `dead_after` ends the connection.
fn prepare(stream: &TcpStream, dead_after: Duration) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(dead_after))?;
    #[cfg(not(target_os = "linux"))]
    let _ = dead_after;
    Ok(())
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// An address that a browser on this machine can open.
    pub fn url(&self) -> String {
        let ip = match self.addr.ip() {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.addr.port()))
    }

    /// The counters.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The feeds.
    pub fn feeds(&self) -> &Arc<Feeds> {
        &self.feeds
    }

    /// Where to inject faults, if the cluster is the embedded one.
    pub fn faults(&self) -> Option<Faults> {
        self.embedded.as_ref().map(EmbeddedCluster::faults)
    }

    /// Ends streams, observers and the embedded cluster. Returns whether all of them ended within [`STOP_WITHIN`].
    pub async fn stop(mut self) -> bool {
        let until = Instant::now() + STOP_WITHIN;
        self.stop.set();
        let http = tokio::time::timeout_at(until, &mut self.http).await.is_ok();
        if !http {
            self.http.abort();
        }
        loop {
            let embedded = self
                .embedded
                .as_ref()
                .is_none_or(EmbeddedCluster::is_finished);
            if embedded && self.feeds.are_finished() {
                return http;
            }
            if Instant::now() >= until {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
