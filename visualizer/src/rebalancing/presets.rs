//! Scenarios of the course: the same incidents under the three protocols.

use crate::lab::Preset;

/// What they share: a topic of six partitions, ten records a second, three protocols.
macro_rules! link {
    ($title:literal, $duration:literal, $more:literal, $actions:literal) => {
        concat!(
            "v=1&sim=reequilibrage&title=",
            $title,
            "&seed=1&topic=orders.created&duration=",
            $duration,
            "&num.partitions=6&auto.offset.reset=earliest",
            $more,
            "&variant=CooperativeSticky&variant.partition.assignment.strategy=cooperative-sticky",
            "&variant=KIP-848&variant.group.protocol=consumer",
            "&do=0ms:join:C1&do=0ms:join:C2&do=0ms:produce:set(clients-10):count(600):every(100ms)",
            $actions
        )
    };
}

/// Where the course begins, then what it asks.
pub(super) static PRESETS: [Preset; 9] = [
    Preset {
        name: "Un troisième consumer arrive",
        link: link!(
            "Un%20troisi%C3%A8me%20consumer%20arrive",
            "40s",
            "",
            "&do=20s:join:C3"
        ),
    },
    Preset {
        name: "Close() : un départ annoncé",
        link: link!(
            "Un%20d%C3%A9part%20annonc%C3%A9",
            "40s",
            "",
            "&do=10s:join:C3&do=20s:close:C2"
        ),
    },
    Preset {
        name: "SIGKILL : 45 secondes pour s’en apercevoir",
        link: link!(
            "Un%20consumer%20tu%C3%A9",
            "90s",
            "",
            "&do=10s:join:C3&do=20s:crash:C2"
        ),
    },
    Preset {
        name: "Une pause de 20 s, sous le délai de session",
        link: link!(
            "Une%20pause%20de%2020%20s",
            "60s",
            "",
            "&do=10s:join:C3&do=20s:pause:C2:20s"
        ),
    },
    Preset {
        name: "Une pause de 60 s, au-delà du délai de session",
        link: link!(
            "Une%20pause%20de%2060%20s",
            "110s",
            "",
            "&do=10s:join:C3&do=20s:pause:C2:60s"
        ),
    },
    Preset {
        name: "Un message lent : max.poll.interval.ms",
        link: link!(
            "Un%20message%20qui%20prend%20400%20s",
            "460s",
            "",
            "&do=10s:join:C3&do=20s:slow:C2:400s"
        ),
    },
    Preset {
        name: "Un déploiement, consumer par consumer",
        link: link!(
            "Un%20d%C3%A9ploiement%20progressif",
            "80s",
            "",
            "&do=5s:join:C3&do=20s:close:C1&do=25s:restart:C1&do=35s:close:C2&do=40s:restart:C2&do=50s:close:C3\
             &do=55s:restart:C3"
        ),
    },
    Preset {
        name: "Le même déploiement, membres statiques",
        link: "v=1&sim=reequilibrage&title=Un%20d%C3%A9ploiement%20de%20membres%20statiques&seed=1&topic=orders.created\
               &duration=80s&num.partitions=6&auto.offset.reset=earliest\
               &variant=CooperativeSticky&variant.partition.assignment.strategy=cooperative-sticky\
               &variant=KIP-848&variant.group.protocol=consumer\
               &do=0ms:join:C1:static=i1&do=0ms:join:C2:static=i2&do=0ms:produce:set(clients-10):count(600):every(100ms)\
               &do=5s:join:C3:static=i3&do=20s:close:C1&do=25s:restart:C1&do=35s:close:C2&do=40s:restart:C2\
               &do=50s:close:C3&do=55s:restart:C3",
    },
    Preset {
        name: "Range sur trois topics : le premier a tout",
        link: "v=1&sim=reequilibrage&title=Range%20sur%20trois%20topics&seed=1&topic=orders.created&duration=40s\
               &topics=orders.created:3&topics=payments:3&topics=shipments:3&auto.offset.reset=earliest\
               &variant=RoundRobin&variant.partition.assignment.strategy=roundrobin\
               &variant=CooperativeSticky&variant.partition.assignment.strategy=cooperative-sticky\
               &do=0ms:join:C1&do=0ms:join:C2&do=15s:join:C3&do=25s:join:C4",
    },
];
