//! What to write in C# so that both producers agree.

use crate::dom::{El, class, text};
use crate::kit;
use crate::partitioning::controls::set_left;
use crate::partitioning::model::Shared;
use crate::partitioning::why::hash_name;
use engine::partitioner::Partitioner;

const CODE: &str = "var config = new ProducerConfig
{
    BootstrapServers = \"localhost:9092\",
    Partitioner = Partitioner.Murmur2Random, // comme Java
};";

pub(super) fn remedy(model: Shared) -> Vec<El> {
    let Some(right) = model.right_partitioner() else {
        return Vec::new();
    };
    let left = hash_name(model.left_partitioner());
    if hash_name(right) != "murmur2" {
        return Vec::new();
    }
    let applied = left == "murmur2";
    let words = if applied {
        "Le remède est en place : les deux producers hachent la clé avec murmur2, donc une clé va à la même partition quel \
         que soit le langage."
            .to_owned()
    } else {
        format!(
            "Même clé, même nombre de partitions, mais deux fonctions de hachage : {left} d’un côté, murmur2 de l’autre. Si \
             des producers des deux mondes écrivent dans le topic, les messages d’une même clé se retrouvent dans deux \
             partitions : l’ordre par clé est perdu, et une jointure ou un état local ne les voit pas ensemble."
        )
    };
    let apply = (!applied).then(|| {
        kit::button("Appliquer ici", "", move || {
            set_left(model, Partitioner::Murmur2Random);
            model.say("Remède appliqué : les deux producers sont d’accord.");
        })
    });
    let section = class("section", "sim-remedy")
        .add(text("p", "sim-title", "Le remède, en C#"))
        .add(text("p", "", &words))
        .add(kit::code("Program.cs", CODE))
        .maybe(apply.map(|apply| kit::row(vec![apply])));
    vec![section]
}
