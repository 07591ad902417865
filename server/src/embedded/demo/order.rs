//! An order, as its service would write it.

use super::random::Random;
use serde::Serialize;

const ARTICLES: [(&str, &str, u32); 6] = [
    ("LIV-0042", "Livre « Le log, brique par brique »", 2_990),
    (
        "CAF-0007",
        "Café en grains, torréfaction lente, 1 kg",
        1_850,
    ),
    ("CLA-0101", "Clavier mécanique, disposition AZERTY", 11_900),
    ("LAM-0015", "Lampe de bureau articulée, laiton", 7_450),
    ("CAR-0230", "Carnet pointé, papier ivoire, 192 pages", 1_290),
    ("CAS-0009", "Casque fermé, réduction de bruit", 18_900),
];

/// The event `orders.created`.
#[derive(Serialize)]
pub(super) struct Order<'a> {
    id: String,
    customer: &'a str,
    created_at_ms: u64,
    currency: &'static str,
    lines: Vec<Line>,
    total_cents: u32,
    channel: &'static str,
}

#[derive(Serialize)]
struct Line {
    sku: &'static str,
    label: &'static str,
    quantity: u32,
    unit_price_cents: u32,
}

impl<'a> Order<'a> {
    /// Order `number` of `customer`, with one to four lines.
    pub(super) fn new(
        number: u64,
        customer: &'a str,
        created_at_ms: u64,
        random: &mut Random,
    ) -> Self {
        let lines: Vec<Line> = (0..=random.below(4)).map(|_| Line::draw(random)).collect();
        Self {
            id: format!("commande-{number:06}"),
            customer,
            created_at_ms,
            currency: "EUR",
            total_cents: lines
                .iter()
                .map(|line| line.quantity * line.unit_price_cents)
                .sum(),
            lines,
            channel: ["web", "mobile", "boutique"][random.below(3)],
        }
    }
}

impl Line {
    fn draw(random: &mut Random) -> Self {
        let (sku, label, unit_price_cents) = ARTICLES[random.below(ARTICLES.len())];
        Self {
            sku,
            label,
            quantity: 1 + u32::try_from(random.below(3)).unwrap_or(0),
            unit_price_cents,
        }
    }
}
