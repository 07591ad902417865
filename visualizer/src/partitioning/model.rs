//! What the learner sets, and everything that follows from it, each computed only when what it depends on changes.

use super::keybook;
use super::player::Player;
use super::question_view::Questions;
use super::settings::Settings;
use super::tally::{self, Filter, Growth, Tally};
use crate::figure::{self, Figure};
use crate::state::{Cache, Var, forever};
use engine::config::Config;
use engine::partitioner::Partitioner;
use engine::scenario::{Keys, Kind, Scenario, Skew};
use picture::marks::Marks;
use std::rc::Rc;

/// The state of one simulation.
pub(super) struct Model {
    /// Id of the figure in the page.
    pub(super) id: String,
    /// The scenario of the page.
    pub(super) page: Scenario,
    /// Its settings.
    origin: Settings,
    /// The scenario that the settings came from.
    base: Var<Scenario>,
    /// Why a shared link was refused.
    pub(super) refused: Var<Option<String>>,
    pub(super) keys: Var<Keys>,
    /// `num.partitions`.
    pub(super) partitions: Var<i32>,
    /// Partitions in the end; at least [`Model::partitions`].
    pub(super) grown: Var<i32>,
    pub(super) left: Var<Config>,
    pub(super) right: Var<Option<Config>>,
    pub(super) skew: Var<Option<Skew>>,
    /// Place of the chosen key in the list.
    pub(super) chosen: Var<usize>,
    pub(super) filter: Var<Filter>,
    /// Which view is open.
    pub(super) view: Var<usize>,
    pub(super) questions: Questions,
    pub(super) player: Player,
    /// What the live region says.
    pub(super) said: Var<String>,
    list: Cache<Vec<String>>,
    marks: Cache<Marks>,
    left_hashes: Cache<Hashes>,
    right_hashes: Cache<Option<Hashes>>,
    tally: Cache<Tally>,
    kept: Cache<Vec<usize>>,
}

/// One hash per key.
pub(super) type Hashes = Vec<Option<u32>>;

/// What a simulation's parts share.
pub(super) type Shared = &'static Model;

impl Model {
    pub(super) fn new(figure: Figure) -> Shared {
        let Figure {
            id,
            scenario: page,
            shared,
        } = figure;
        let came_by_link = matches!(shared, Some(Ok(_)));
        let (base, refused) = match shared {
            Some(Ok(shared)) => (figure::adopt(shared, &page), None),
            Some(Err(reason)) => (page.clone(), Some(reason.to_string())),
            None => (page.clone(), None),
        };
        let settings = Settings::of(&base);
        let first_view = if base.compare.is_none() { 3 } else { 0 };
        forever(Self {
            id,
            questions: Questions::new(&page, !came_by_link),
            origin: Settings::of(&page),
            page,
            player: Player::new(base.clone()),
            base: Var::new(base),
            refused: Var::new(refused),
            keys: Var::new(settings.keys),
            partitions: Var::new(settings.partitions),
            grown: Var::new(settings.grown),
            left: Var::new(settings.left),
            right: Var::new(settings.right),
            skew: Var::new(settings.skew),
            chosen: Var::new(0),
            filter: Var::new(Filter::All),
            view: Var::new(first_view),
            said: Var::new(String::new()),
            list: Cache::new(),
            marks: Cache::new(),
            left_hashes: Cache::new(),
            right_hashes: Cache::new(),
            tally: Cache::new(),
            kept: Cache::new(),
        })
    }

    /// The keys, written out.
    pub(super) fn list(&self) -> Rc<Vec<String>> {
        self.list
            .get(self.keys.version(), || self.keys.peek(keybook::expand))
    }

    /// How the keys are abbreviated.
    pub(super) fn marks(&self) -> Rc<Marks> {
        self.marks.get(self.keys.version(), || {
            Marks::of(self.list().iter().map(String::as_str))
        })
    }

    pub(super) fn left_hashes(&self) -> Rc<Hashes> {
        let stamp = self.keys.version() + self.left.version();
        self.left_hashes.get(stamp, || {
            tally::hashes(self.left_partitioner(), &self.list())
        })
    }

    pub(super) fn right_hashes(&self) -> Rc<Option<Hashes>> {
        let stamp = self.keys.version() + self.right.version();
        self.right_hashes.get(stamp, || {
            Some(tally::hashes(self.right_partitioner()?, &self.list()))
        })
    }

    /// Versions of all that decides where keys go.
    fn stamp(&self) -> u64 {
        self.keys.version()
            + self.left.version()
            + self.right.version()
            + self.partitions.version()
            + self.grown.version()
    }

    pub(super) fn tally(&self) -> Rc<Tally> {
        self.tally.get(self.stamp() + self.skew.version(), || {
            let hot = self
                .skew
                .peek(|skew| tally::hot_key(&self.list(), skew.as_ref()));
            let right = self.right_hashes();
            tally::tally(&self.left_hashes(), right.as_deref(), self.growth(), hot)
        })
    }

    /// Places, in the list, of the keys that the filter keeps.
    pub(super) fn kept(&self) -> Rc<Vec<usize>> {
        self.kept.get(self.stamp() + self.filter.version(), || {
            let right = self.right_hashes();
            tally::filtered(
                self.filter.now(),
                &self.left_hashes(),
                right.as_deref(),
                self.growth(),
            )
        })
    }

    pub(super) fn growth(&self) -> Growth {
        Growth {
            from: self.partitions.get(),
            to: self.grown.get(),
        }
    }

    pub(super) fn grows(&self) -> bool {
        self.partitions.get() != self.grown.get()
    }

    pub(super) fn compares(&self) -> bool {
        self.right.with(Option::is_some)
    }

    /// The settings as a scenario. Follows every setting.
    pub(super) fn scenario(&self) -> Scenario {
        self.base.with(|base| self.settings().apply(base))
    }

    fn settings(&self) -> Settings {
        Settings {
            keys: self.keys.get(),
            partitions: self.partitions.get(),
            grown: self.grown.get(),
            left: self.left.get(),
            right: self.right.get(),
            skew: self.skew.get(),
        }
    }

    /// Whether anything differs from the page's scenario.
    pub(super) fn changed(&self) -> bool {
        let origin = &self.origin;
        self.keys.with(|keys| *keys != origin.keys)
            || self.partitions.get() != origin.partitions
            || self.grown.get() != origin.grown
            || self.left.with(|left| *left != origin.left)
            || self.right.with(|right| *right != origin.right)
            || self.skew.with(|skew| *skew != origin.skew)
            || self.player.forked.get()
    }

    /// Back to the page's scenario.
    pub(super) fn restore(&'static self) {
        let settings = self.origin.clone();
        self.base.set(self.page.clone());
        self.keys.set(settings.keys);
        self.partitions.set(settings.partitions);
        self.grown.set(settings.grown);
        self.left.set(settings.left);
        self.right.set(settings.right);
        self.skew.set(settings.skew);
        self.chosen.set(0);
        self.filter.set(Filter::All);
        self.refused.set(None);
        self.player.restart(self.page.clone());
        self.say("La simulation est revenue à son état d’origine.");
    }

    /// What a link to the present state carries: the run with what the learner did in it, or else the settings.
    pub(super) fn to_share(&self) -> Scenario {
        if self.player.forked.now() {
            self.player.scenario()
        } else {
            self.scenario()
        }
    }

    pub(super) fn set_partitions(&self, partitions: i32) {
        let grown = self.grown.now();
        let gains = grown > self.partitions.now();
        self.partitions.put(partitions);
        self.grown.put(if gains {
            grown.max(partitions)
        } else {
            partitions
        });
    }

    pub(super) fn set_keys(&self, keys: Keys) {
        self.chosen.set(0);
        self.filter.put(Filter::All);
        self.skew.put(None);
        self.keys.set(keys);
    }

    /// Name of the first producer.
    pub(super) fn left_name(&self) -> String {
        self.producer_name(0)
    }

    /// Name of the second producer; empty if there is none.
    pub(super) fn right_name(&self) -> String {
        self.producer_name(1)
    }

    fn producer_name(&self, index: usize) -> String {
        let mut named = Scenario::new(Kind::Partitioning, "");
        named.config = self.left.get();
        named.compare = self.right.get();
        named
            .producers()
            .into_iter()
            .nth(index)
            .map_or_else(String::new, |id| id.to_string())
    }

    pub(super) fn left_partitioner(&self) -> Partitioner {
        self.left.with(Config::partitioner)
    }

    pub(super) fn right_partitioner(&self) -> Option<Partitioner> {
        self.right
            .with(|right| right.as_ref().map(Config::partitioner))
    }

    /// Says something to those who do not see what changed.
    pub(super) fn say(&self, text: &str) {
        self.said.set(text.to_owned());
    }
}
