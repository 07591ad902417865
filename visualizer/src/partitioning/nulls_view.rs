//! Records without key, in bursts: where they go under .NET's producer, under the same without stickiness, and under Java's.

use super::model::Shared;
use super::nulls::{self, Bursts, Manner};
use crate::dom::{El, class, text};
use crate::drawing::drawing;
use crate::kit::{self, Number};
use crate::state::{Cache, Var};
use engine::config::Property;
use picture::french::percent;
use picture::roll::{self, Roll};
use std::rc::Rc;

/// Most partitions that the rolls draw.
const MAX_PARTITIONS: i32 = 12;

/// What the learner sets here.
struct Controls {
    model: Shared,
    bursts: Var<i32>,
    records: Var<i32>,
    every: Var<i32>,
    linger: Var<i32>,
}

impl Controls {
    fn bursts(&self) -> Bursts {
        Bursts {
            count: self.bursts.get().unsigned_abs(),
            records: self.records.get().unsigned_abs(),
            every_ms: self.every.get().unsigned_abs(),
            linger_ms: self.linger.get().unsigned_abs(),
            partitions: self.model.partitions.get().min(MAX_PARTITIONS),
            seed: self.model.page.seed,
        }
    }

    fn stamp(&self) -> u64 {
        self.bursts.version()
            + self.records.version()
            + self.every.version()
            + self.linger.version()
            + self.model.partitions.version()
    }
}

pub(super) fn nulls_view(model: Shared) -> El {
    let linger = model.left.peek(|config| config.sticky_linger().as_millis());
    let controls = Rc::new(Controls {
        model,
        bursts: Var::new(12),
        records: Var::new(20),
        every: Var::new(50),
        linger: Var::new(i32::try_from(linger).unwrap_or(10)),
    });
    let rolls = Manner::ALL
        .into_iter()
        .map(|manner| manner_view(manner, &controls))
        .collect();
    let intro = "Sans clé, pas de hachage : le producer choisit, et préfère remplir un lot plutôt que d’en ouvrir un par \
                 partition. Une rafale entière tombe donc souvent dans une seule partition.";
    class("div", "sim-nulls").all(vec![
        text("p", "sim-hint", intro),
        sliders(&controls),
        class("div", "sim-rolls").all(rolls),
    ])
}

fn sliders(controls: &Rc<Controls>) -> El {
    let number = |name, summary, unit, (min, max): (i32, i32), var: fn(&Controls) -> &Var<i32>| {
        let (read, write) = (Rc::clone(controls), Rc::clone(controls));
        kit::number(Number {
            name,
            property: name == Property::StickyPartitioningLingerMs.name(),
            summary,
            unit,
            min: Box::new(move || min),
            max,
            value: Box::new(move || var(&read).get()),
            set: Box::new(move |number| var(&write).put(number)),
        })
    };
    let linger = Property::StickyPartitioningLingerMs.spec();
    let sliders = vec![
        number("rafales", "Nombre de rafales.", "", (1, 24), |c| &c.bursts),
        number(
            "messages par rafale",
            "Messages remis au producer au même instant, de 100 octets chacun.",
            "",
            (1, 400),
            |c| &c.records,
        ),
        number(
            "toutes les",
            "Temps d’une rafale à la suivante.",
            "ms",
            (1, 500),
            |c| &c.every,
        ),
        number(linger.name, linger.summary(), "ms", (0, 500), |c| &c.linger),
    ];
    kit::group(
        "Rafales de messages sans clé",
        vec![class("div", "sim-sides").all(sliders)],
    )
}

fn manner_view(manner: Manner, controls: &Rc<Controls>) -> El {
    let controls = Rc::clone(controls);
    let cache = Cache::new();
    let rolled =
        Rc::new(move || cache.get(controls.stamp(), || nulls::roll(&controls.bursts(), manner)));
    let drawn = Rc::clone(&rolled);
    let (name, explanation) = words(manner);
    let picture = drawing(move |width| {
        let rolled = drawn();
        let titled = Roll {
            title: name.to_owned(),
            description: summary(&rolled),
            bursts: rolled.bursts.clone(),
        };
        roll::picture(&titled, width)
    });
    class("section", "sim-roll")
        .add(text("p", "sim-title", name))
        .add(text("p", "sim-hint", explanation))
        .add(picture)
        .add(class("p", "sim-verdict").text_of(move || summary(&rolled())))
}

const fn words(manner: Manner) -> (&'static str, &'static str) {
    match manner {
        Manner::Sticky => (
            ".NET (librdkafka)",
            "La partition est gardée sticky.partitioning.linger.ms, puis tirée à nouveau ; la même peut ressortir.",
        ),
        Manner::PerRecord => (
            ".NET, sticky.partitioning.linger.ms = 0",
            "Une partition tirée pour chaque message : bien réparti, mais de petits lots.",
        ),
        Manner::Java => (
            "Java (KIP-794)",
            "La partition est gardée jusqu’à ce que batch.size octets y soient partis (16 384 par défaut), puis tirée à \
             nouveau.",
        ),
    }
}

fn summary(roll: &Roll) -> String {
    let partitions = roll.bursts.first().map_or(0, Vec::len);
    let (used, most) = nulls::spread(roll);
    format!(
        "Partitions servies : {used} sur {partitions} ; la plus chargée a {} des messages.",
        percent(most, 1_000)
    )
}
