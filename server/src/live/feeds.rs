//! The feeds by topic. The usual one runs from the start; the others while someone looks at them.
//!
//! Each feed has one thread, which watches, publishes, and after a failure waits (longer each time) and watches again.

use super::Tuning;
use super::feed::Feed;
use crate::backoff::Backoff;
use crate::metrics::Metrics;
use crate::observer::{ObserveError, Observer, Watch};
use crate::stop::Stop;
use engine::ids::TopicName;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// First wait after a failure.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);

/// Every feed of the server.
pub struct Feeds {
    observer: Arc<dyn Observer>,
    usual: Arc<Feed>,
    usual_topic: Mutex<Option<TopicName>>,
    others: Mutex<HashMap<TopicName, Watched>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    stop: Stop,
    tuning: Tuning,
    metrics: Arc<Metrics>,
}

struct Watched {
    feed: Arc<Feed>,
    asked_for: Instant,
}

/// Why there is no feed for a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedError {
    /// Not a name that Kafka allows.
    BadName,
    /// The cluster has no such topic.
    Unknown {
        /// The topic asked for.
        topic: TopicName,
        /// The topics there are.
        topics: Vec<TopicName>,
    },
    /// Too many topics are being watched.
    TooMany {
        /// How many may be watched at once.
        most: usize,
    },
    /// The server is stopping, or the system gives no more threads.
    Unavailable,
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadName => f.write_str(
                "nom de topic invalide : lettres sans accent, chiffres, « . », « _ » et « - », 249 caractères au plus",
            ),
            Self::Unknown { topic, .. } => {
                write!(f, "le topic « {topic} » n’existe pas sur ce cluster")
            }
            Self::TooMany { most } => write!(
                f,
                "déjà {most} topics observés à la fois : fermez une page en direct, puis réessayez dans une minute"
            ),
            Self::Unavailable => f.write_str("le serveur s’arrête ou manque de ressources"),
        }
    }
}

impl std::error::Error for FeedError {}

impl Feeds {
    /// Starts to watch `topic`, or a topic of the observer's choice.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        observer: Arc<dyn Observer>,
        topic: Option<TopicName>,
        tuning: Tuning,
        metrics: Arc<Metrics>,
        stop: Stop,
    ) -> std::io::Result<Arc<Self>> {
        let usual = Arc::new(Feed::new(
            observer.source(),
            "connexion au cluster en cours".to_owned(),
            tuning.clone(),
            Arc::clone(&metrics),
        ));
        let feeds = Arc::new(Self {
            observer,
            usual,
            usual_topic: Mutex::new(topic),
            others: Mutex::new(HashMap::new()),
            threads: Mutex::new(Vec::new()),
            stop,
            tuning,
            metrics,
        });
        feeds.metrics.set_topics(1);
        let runner = Arc::clone(&feeds);
        feeds.spawn("feed", move || runner.run_usual())?;
        Ok(feeds)
    }

    /// The feed that is always there.
    pub fn usual(&self) -> &Arc<Feed> {
        &self.usual
    }

    /// The sizes and rhythms.
    pub fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// The feed of `topic`, begun now if nobody looked at it before; without a topic, the usual one.
    ///
    /// # Errors
    /// See [`FeedError`].
    pub fn get(self: &Arc<Self>, topic: Option<&TopicName>) -> Result<Arc<Feed>, FeedError> {
        let Some(topic) = topic else {
            return Ok(Arc::clone(&self.usual));
        };
        if !is_topic_name(topic.as_str()) {
            return Err(FeedError::BadName);
        }
        if lock(&self.usual_topic).as_ref() == Some(topic) {
            return Ok(Arc::clone(&self.usual));
        }
        let topics = self.usual.topics();
        if !topics.is_empty() && !topics.contains(topic) {
            return Err(FeedError::Unknown {
                topic: topic.clone(),
                topics,
            });
        }
        self.get_or_begin(topic)
    }

    /// Whether every thread has ended.
    pub fn are_finished(&self) -> bool {
        lock(&self.threads).iter().all(JoinHandle::is_finished)
    }

    fn get_or_begin(self: &Arc<Self>, topic: &TopicName) -> Result<Arc<Feed>, FeedError> {
        let mut others = lock(&self.others);
        if let Some(watched) = others.get_mut(topic) {
            watched.asked_for = Instant::now();
            return Ok(Arc::clone(&watched.feed));
        }
        if others.len() + 1 >= self.tuning.max_topics {
            return Err(FeedError::TooMany {
                most: self.tuning.max_topics,
            });
        }
        if self.stop.is_set() {
            return Err(FeedError::Unavailable);
        }
        let feed = Arc::new(Feed::new(
            self.observer.source(),
            "lecture du topic en cours".to_owned(),
            self.tuning.clone(),
            Arc::clone(&self.metrics),
        ));
        let (runner, name, its_feed) = (Arc::clone(self), topic.clone(), Arc::clone(&feed));
        self.spawn("feed", move || runner.run_other(&name, &its_feed))
            .map_err(|_| FeedError::Unavailable)?;
        others.insert(
            topic.clone(),
            Watched {
                feed: Arc::clone(&feed),
                asked_for: Instant::now(),
            },
        );
        self.metrics.set_topics(others.len() + 1);
        Ok(feed)
    }

    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)?;
        let mut threads = lock(&self.threads);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread);
        Ok(())
    }

    fn run_usual(&self) {
        let mut backoff = self.backoff();
        while !self.stop.is_set() {
            let wish = lock(&self.usual_topic).clone();
            let error = self.watch(&self.usual, wish.as_ref(), &mut backoff, || true);
            self.report(&self.usual, error);
            self.stop.sleep(backoff.wait());
        }
    }

    fn run_other(&self, topic: &TopicName, feed: &Arc<Feed>) {
        let mut backoff = self.backoff();
        while !self.stop.is_set() && !self.end_if_idle(topic) {
            let wanted = || !self.is_idle(topic);
            if let Some(error) = self.watch(feed, Some(topic), &mut backoff, wanted) {
                feed.lose(&error);
                self.stop.sleep(backoff.wait());
            }
        }
    }

    /// Watches until something fails, nobody wants it any more, or the server stops.
    fn watch(
        &self,
        feed: &Feed,
        wish: Option<&TopicName>,
        backoff: &mut Backoff,
        wanted: impl Fn() -> bool,
    ) -> Option<ObserveError> {
        let (opening, mut watch) = match self.observer.watch(wish, &self.stop) {
            Ok(begun) => begun,
            Err(error) => return Some(error),
        };
        backoff.reset();
        if std::ptr::eq(feed, Arc::as_ptr(&self.usual)) {
            self.connected(&opening.topic.name);
        }
        feed.open(opening);
        while !self.stop.is_set() && wanted() {
            match Watch::observe(&mut *watch, self.tuning.window) {
                Ok(observation) => feed.publish(observation),
                Err(error) => return Some(error),
            }
        }
        None
    }

    /// The topic chosen first stays the usual one, whatever other topics appear later.
    fn connected(&self, topic: &TopicName) {
        self.metrics.set_connected(true);
        lock(&self.usual_topic).get_or_insert_with(|| topic.clone());
        tracing::info!("cluster joint, topic « {topic} » observé");
    }

    fn report(&self, feed: &Feed, error: Option<ObserveError>) {
        let Some(error) = error else {
            return;
        };
        if feed.unreachable().as_deref() != Some(&error.to_string()) {
            if error == ObserveError::Starting {
                tracing::debug!("{error}");
            } else {
                tracing::warn!("{error} ; nouvel essai automatique");
            }
        }
        self.metrics.set_connected(false);
        feed.lose(&error);
    }

    fn backoff(&self) -> Backoff {
        Backoff::new(FIRST_BACKOFF, self.tuning.longest_backoff)
    }

    fn is_idle(&self, topic: &TopicName) -> bool {
        idle(&lock(&self.others), topic, self.tuning.idle_topic)
    }

    /// Forgets the topic if nobody looks at it. Under the lock that [`Feeds::get`] takes, so no one can begin to in between.
    fn end_if_idle(&self, topic: &TopicName) -> bool {
        let mut others = lock(&self.others);
        let idle = idle(&others, topic, self.tuning.idle_topic);
        if idle {
            others.remove(topic);
            self.metrics.set_topics(others.len() + 1);
        }
        idle
    }
}

fn idle(others: &HashMap<TopicName, Watched>, topic: &TopicName, after: Duration) -> bool {
    // The map and the feed's thread hold it; any other holder is a client or a request in progress.
    const OWN_HOLDERS: usize = 2;
    others.get(topic).is_none_or(|watched| {
        watched.asked_for.elapsed() >= after && Arc::strong_count(&watched.feed) <= OWN_HOLDERS
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether Kafka allows this name for a topic.
pub fn is_topic_name(name: &str) -> bool {
    const LONGEST: usize = 249;
    !name.is_empty()
        && name.len() <= LONGEST
        && name != "."
        && name != ".."
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topic_names_are_kafkas() {
        for good in ["orders.created", "a", "A_b-9", &"x".repeat(249)] {
            assert!(is_topic_name(good), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "commandes créées",
            "a/b",
            "a b",
            "a\0",
            &"x".repeat(250),
        ] {
            assert!(!is_topic_name(bad), "{bad:?}");
        }
    }
}
