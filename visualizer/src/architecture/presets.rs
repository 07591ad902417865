//! Scenarios of the course. 10 000 orders an hour are one every 360 ms; each service has four instances and takes 200 ms.

use crate::lab::Preset;

/// Where the course begins, then what it asks.
pub(super) static PRESETS: [Preset; 9] = [
    Preset {
        name: "Tout fonctionne",
        link: "v=1&sim=architecture&title=Tout%20fonctionne&seed=1&topic=orders.created&duration=60s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(150):every(360ms)",
    },
    Preset {
        name: "ShippingService s’arrête une minute",
        link: "v=1&sim=architecture&title=ShippingService%20s%E2%80%99arr%C3%AAte&seed=1&topic=orders.created&duration=240s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(660):every(360ms)\
               &do=20s:break:ShippingService&do=80s:repair:ShippingService",
    },
    Preset {
        name: "La panne de 20 minutes du cours",
        link: "v=1&sim=architecture&title=Vingt%20minutes%20de%20panne&seed=1&topic=orders.created&duration=1800s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(5000):every(360ms)\
               &do=60s:break:ShippingService&do=1260s:repair:ShippingService",
    },
    Preset {
        name: "PaymentService ralentit : qui paie trois fois ?",
        link: "v=1&sim=architecture&title=PaymentService%20ralentit&seed=1&topic=orders.created&duration=90s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(40):every(2s)&do=10s:slow:PaymentService:1500ms",
    },
    Preset {
        name: "Un traitement échoue : rebut, ou journal bloqué",
        link: "v=1&sim=architecture&title=ShippingService%20en%20erreur&seed=1&topic=orders.created&duration=120s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(300):every(360ms)\
               &do=15s:fail:ShippingService&do=45s:repair:ShippingService&do=75s:redrive:ShippingService",
    },
    Preset {
        name: "Rafale de 100 commandes",
        link: "v=1&sim=architecture&title=Rafale&seed=1&topic=orders.created&duration=60s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(150):every(360ms)\
               &do=15s:produce:set(clients-10):count(100):every(0ms)",
    },
    Preset {
        name: "Un septième service arrive",
        link: "v=1&sim=architecture&title=FraudService%20arrive&seed=1&topic=orders.created&duration=120s\
               &num.partitions=6&auto.offset.reset=earliest\
               &variant=latest&variant.auto.offset.reset=latest\
               &do=0ms:produce:set(clients-10):count(300):every(360ms)&do=40s:subscribe:FraudService",
    },
    Preset {
        name: "Recommencer les statistiques",
        link: "v=1&sim=architecture&title=AnalyticsService%20recommence&seed=1&topic=orders.created&duration=120s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(300):every(360ms)&do=60s:replay:AnalyticsService",
    },
    Preset {
        name: "OrderService s’arrête",
        link: "v=1&sim=architecture&title=OrderService%20s%E2%80%99arr%C3%AAte&seed=1&topic=orders.created&duration=60s\
               &num.partitions=6&auto.offset.reset=earliest\
               &do=0ms:produce:set(clients-10):count(150):every(360ms)\
               &do=15s:break:OrderService&do=25s:repair:OrderService",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use engine::architecture::{Run, breaches};
    use engine::share::{decode, encode};

    #[test]
    fn presets_are_read_and_their_accounts_balance() {
        for preset in &PRESETS {
            let scenario =
                decode(preset.link).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
            assert!(scenario.faulty_actions().is_empty(), "{}", preset.name);
            assert_eq!(decode(&encode(&scenario)), Ok(scenario.clone()));
            let mut run = Run::new(scenario);
            run.run_until(run.end());
            assert_eq!(breaches(&run.view()), [], "{}", preset.name);
        }
    }
}
