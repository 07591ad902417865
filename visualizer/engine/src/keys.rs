//! The course's own sets of keys: `clients-5`, `restaurants-50`, `capteurs-100`, `commandes-1000`.

use std::fmt;

/// The first `size` keys of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySet {
    family: Family,
    size: u32,
}

/// What the keys stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `clients-N`: `customer-A`, `customer-B`… at most 26.
    Customers,
    /// `restaurants-N`: `restaurant-01`, `restaurant-02`…
    Restaurants,
    /// `capteurs-N`: `capteur-001`, `capteur-002`…
    Sensors,
    /// `commandes-N`: `commande-0001`, `commande-0002`…
    Orders,
}

/// Largest set, so that a link cannot ask for the impossible.
pub const MAX_SET_SIZE: u32 = 100_000;

impl Family {
    /// All families.
    pub const ALL: [Self; 4] = [
        Self::Customers,
        Self::Restaurants,
        Self::Sensors,
        Self::Orders,
    ];

    /// Its name in a set's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customers => "clients",
            Self::Restaurants => "restaurants",
            Self::Sensors => "capteurs",
            Self::Orders => "commandes",
        }
    }

    /// Largest size of a set of it.
    pub const fn max_size(self) -> u32 {
        match self {
            Self::Customers => 26,
            _ => MAX_SET_SIZE,
        }
    }

    fn key(self, index: u32) -> String {
        let number = index + 1;
        match self {
            Self::Customers => {
                let letter = char::from_u32(u32::from('A') + index % 26).unwrap_or('A');
                format!("customer-{letter}")
            }
            Self::Restaurants => format!("restaurant-{number:02}"),
            Self::Sensors => format!("capteur-{number:03}"),
            Self::Orders => format!("commande-{number:04}"),
        }
    }
}

impl KeySet {
    /// The set called `name`, for example `clients-5`; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        let (family, size) = name.rsplit_once('-')?;
        let family = Family::ALL
            .into_iter()
            .find(|known| known.name() == family)?;
        if size.starts_with(['0', '+']) {
            return None;
        }
        let size = size.parse().ok()?;
        (1..=family.max_size())
            .contains(&size)
            .then_some(Self { family, size })
    }

    /// How many keys it has.
    pub const fn size(self) -> u32 {
        self.size
    }

    /// Its key number `index`, counted from 0 and taken modulo the size.
    pub fn key(self, index: u32) -> String {
        self.family.key(index % self.size)
    }

    /// Its keys, in order.
    pub fn keys(self) -> impl Iterator<Item = String> {
        (0..self.size).map(move |index| self.family.key(index))
    }
}

impl fmt::Display for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.family.name(), self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_name_their_keys_as_the_course_does() {
        let keys = |name: &str| KeySet::from_name(name).map(|set| set.keys().collect::<Vec<_>>());
        assert_eq!(
            keys("clients-3"),
            Some(vec![
                "customer-A".into(),
                "customer-B".into(),
                "customer-C".into()
            ])
        );
        assert_eq!(keys("restaurants-50").unwrap()[49], "restaurant-50");
        assert_eq!(keys("capteurs-100").unwrap()[6], "capteur-007");
        assert_eq!(keys("commandes-1000").unwrap()[999], "commande-1000");
    }

    #[test]
    fn names_outside_the_families_are_refused() {
        for name in [
            "clients-27",
            "clients-0",
            "clients--1",
            "clients-+5",
            "clients-05",
            "clients",
            "chats-3",
            "",
            "capteurs-100001",
        ] {
            assert_eq!(KeySet::from_name(name), None, "{name}");
        }
    }
}
