use super::*;
use crate::svg::svg;

fn span(from: u64, to: u64, kind: HoldingKind, holder: Option<u16>) -> Span {
    Span {
        from: Instant::from_millis(from),
        to: Instant::from_millis(to),
        kind,
        holder,
    }
}

fn chart(rows: usize) -> Ownership {
    let spans = vec![
        span(0, 20_000, HoldingKind::Owned, Some(0)),
        span(20_000, 50_000, HoldingKind::Orphaned, Some(0)),
        span(50_000, 50_002, HoldingKind::InTransit, None),
        span(50_002, 60_000, HoldingKind::Owned, Some(1)),
    ];
    let row = |number: usize| Row {
        name: PartitionName {
            topic: None,
            partition: PartitionId(i32::try_from(number).unwrap()),
        },
        spans: spans.clone(),
        downtime: Duration::from_millis(30_002),
    };
    Ownership {
        title: "t".to_owned(),
        description: "d".to_owned(),
        from: Instant::ZERO,
        to: Instant::from_millis(60_000),
        now: Instant::from_millis(60_000),
        incidents: vec![(Instant::from_millis(20_000), "SIGKILL C1".to_owned())],
        bands: vec![Band {
            name: "range".to_owned(),
            idle: String::new(),
            generations: vec![(Instant::ZERO, 1), (Instant::from_millis(50_000), 2)],
            rows: (0..rows).map(row).collect(),
        }],
    }
}

fn names() -> Vec<String> {
    vec!["C1".to_owned(), "C2".to_owned()]
}

#[test]
fn ways_of_holding_differ_by_texture_and_letters() {
    let svg = svg(&picture(&chart(1), &names(), Px::new(640)), "o");
    assert!(
        svg.contains(">C1</text>") && svg.contains(">C2</text>"),
        "{svg}"
    );
    assert_eq!(svg.matches("own-orphan").count(), 1);
    assert_eq!(svg.matches("own-transit").count(), 1);
    assert!(svg.contains("30\u{202f}002\u{a0}ms</text>"), "{svg}");
    assert!(svg.contains("▾ SIGKILL C1"), "{svg}");
}

#[test]
fn two_milliseconds_are_seen_in_a_minute() {
    let drawn = picture(&chart(1), &names(), Px::new(640));
    let narrow = svg(&drawn, "o").matches("width=\"3\"").count();
    assert_eq!(narrow, 1);
}

#[test]
fn many_partitions_are_counted_not_drawn_one_by_one() {
    let drawn = picture(&chart(1_000), &names(), Px::new(1_200));
    assert!(drawn.height < Px::new(200));
    let svg = svg(&drawn, "o");
    assert!(svg.contains("1\u{202f}000</text>"), "{svg}");
    assert!(svg.matches("<rect").count() < 20);
}

#[test]
fn the_axis_has_round_instants() {
    assert_eq!(round_step(3), 5);
    assert_eq!(round_step(6_000_000), 10_000_000);
    assert_eq!(round_step(11_000_000), 20_000_000);
    assert_eq!(short_time(1_500_000, 500_000), "1,5\u{a0}s");
    assert_eq!(short_time(45_000_000, 15_000_000), "45\u{a0}s");
    assert_eq!(short_time(45_012_000, 2_000), "45,012\u{a0}s");
}

#[test]
fn nothing_leaves_the_picture() {
    for width in [300, 640, 1_900] {
        let width = Px::new(width);
        for shape in picture(&chart(40), &names(), width).shapes {
            if let Shape::Text { x, .. } | Shape::Rect { x, .. } = shape {
                assert!(x >= Px::new(-4) && x <= width);
            }
        }
    }
}
