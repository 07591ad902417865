//! Three architectures under the same load: REST chain, queue, log. What the bench needs to hold them.

mod ask;
mod numbers;
mod presets;
mod words;

use crate::dom::{El, class, text};
use crate::drawing::drawing;
use crate::figure::Figure;
use crate::kit;
use crate::lab::{self, Actor, Bench, Detail, Subject, Track};
use engine::architecture::view::View;
use engine::architecture::{Health, ORDER_SERVICE, World, breaches};
use engine::scenario::LATE_SERVICE;
use picture::architecture::picture;
use picture::shape::Picture;
use web_sys::Element;

/// Puts the simulation of a figure into its stage.
pub(crate) fn architecture(stage: &Element, figure: Figure) {
    lab::bench(stage, figure, &SUBJECT);
}

static SUBJECT: Subject = Subject {
    start: lab::start::<World>,
    name: |_| "Ces réglages".to_owned(),
    stage,
    told: words::is_told,
};

/// What stands below the pictures.
pub(crate) static DETAIL: Detail = Detail {
    actors,
    metrics: |track| view(track).map_or_else(Vec::new, |view| numbers::metrics(&view)),
    breaches: |track| {
        let breaches = view(track).map_or_else(Vec::new, |view| breaches(&view));
        breaches.iter().map(ToString::to_string).collect()
    },
    sentence: words::sentence,
    family: words::family,
    families: &words::FAMILIES,
    ask: ask::ask,
    presets: &presets::PRESETS,
    limits: &LIMITS,
};

const LIMITS: [&str; 8] = [
    "Les durées sont celles du modèle (réglages simulation.…), pas des mesures. Un service met le même temps pour une \
     commande donnée dans les trois architectures.",
    "Le travail d’OrderService, sa base de données et le réseau ne coûtent rien ; une écriture en cours quand OrderService \
     s’arrête va à son terme.",
    "Le broker de la file et celui du journal ne tombent jamais : voir la simulation « Réplication ».",
    "Ni disjoncteur ni compensation du côté REST, ni idempotence du côté des services : ce qui est fait deux fois est compté \
     deux fois.",
    "File : pas de messages pris d’avance, pas de délai avant une nouvelle livraison. Les streams de RabbitMQ, qui savent \
     rejouer, sont des journaux.",
    "Journal : les membres d’un groupe s’arrêtent ensemble, sans Close(), et leur dernier battement de cœur est à l’instant \
     de l’arrêt ; le détail est dans la simulation « Rééquilibrage ».",
    "Journal : la lecture et la validation des offsets sont instantanées, et la rétention n’efface rien.",
    "« Relire depuis le début » déplace la position du groupe (Seek) ; sur un groupe arrêté, ce sont ses offsets validés qui \
     reviennent à 0.",
];

/// What the run shows now.
fn view(track: &dyn Track) -> Option<View> {
    lab::view::<World>(track)
}

fn stage(lab: Bench) -> Vec<El> {
    let drawn = drawing(move |width| {
        let view = lab.with_chosen(view).flatten();
        view.map_or_else(|| empty(width), |view| picture(&view, width))
    });
    let verdict = class("div", "sim-state").region(move || {
        let view = lab.with_chosen(view).flatten();
        let lines = view.map_or_else(Vec::new, |view| words::state(&view));
        lines
            .into_iter()
            .map(|(class, line)| text("p", class, &line))
            .collect()
    });
    vec![
        drawn,
        verdict,
        kit::details("Lire le dessin", kit::bullets(&LEGEND)),
    ]
}

const LEGEND: [&str; 6] = [
    "Sous le nom d’un service, un carré par instance : il se remplit pendant que l’instance traite une commande.",
    "Hachures, tirets et ✗ : le service est arrêté. « ! » : il tourne, mais chacun de ses traitements échoue.",
    "REST : un carré par commande dont l’appel à ce service est en cours ou va être retenté.",
    "File : un carré par message qui attend dans la file de ce service. Un message traité disparaît.",
    "Journal : la barre est tout le journal ; ▲ marque la position du service, la partie teintée est ce qu’il a lu.",
    "✓ : commandes traitées par le service, chacune comptée une fois. « médiane » et « p99 » : l’attente du client.",
];

/// A picture of nothing, where there is no run.
fn empty(width: picture::Px) -> Picture {
    Picture {
        width,
        height: picture::Px::new(1),
        title: String::new(),
        description: String::new(),
        shapes: Vec::new(),
    }
}

fn actors(track: &dyn Track) -> Vec<Actor> {
    let Some(view) = view(track) else {
        return Vec::new();
    };
    let actor = |name: &str, state: &str| Actor {
        name: name.to_owned(),
        state: state.to_owned(),
    };
    let mut actors: Vec<Actor> = view
        .services
        .iter()
        .map(|service| {
            let state = match service.health {
                Health::Up => "fonctionne",
                Health::Failing => "en erreur",
                Health::Stopped => "arrêté",
            };
            actor(service.name.as_str(), state)
        })
        .collect();
    // The one that the course breaks comes first.
    if let Some(place) = actors.iter().position(|actor| actor.name == BROKEN) {
        actors.swap(0, place);
    }
    let orders = if view.orders_up {
        "fonctionne"
    } else {
        "arrêté"
    };
    actors.push(actor(ORDER_SERVICE, orders));
    if actors.iter().all(|actor| actor.name != LATE_SERVICE) {
        actors.push(actor(LATE_SERVICE, "pas encore là"));
    }
    actors
}

/// The service that the course breaks.
const BROKEN: &str = "ShippingService";
