//! What a view of the run says of a partition's replicas, as it is drawn.

use super::{Cell, Gone, Look, Replicas, Row, Sent, words};
use engine::event::ProduceError;
use engine::replication::view::{
    BrokerState, PartitionView, ProducerState, RecordView, ReplicaView, Role, SentView, Status,
    View,
};

impl Replicas {
    /// One partition of a view, with what was cut off.
    pub fn of(view: &View, partition: &PartitionView, gone: &[Gone]) -> Self {
        let rows: Vec<Row> = partition
            .replicas
            .iter()
            .map(|replica| row(view, partition, replica, gone))
            .collect();
        let sent = view
            .producer
            .records
            .iter()
            .filter(|sent| sent.partition == partition.partition)
            .map(sent_record)
            .collect();
        let place = view
            .consumer
            .iter()
            .find(|consumer| consumer.partition == partition.partition);
        let mut replicas = Self {
            title: title(view, partition),
            description: String::new(),
            producer: producer(view),
            sent,
            heading: heading(view, partition),
            rows,
            position: place.map(|place| unsigned(place.position.0)),
        };
        replicas.description = replicas.spoken();
        replicas
    }

    /// Everything that is drawn, in a few sentences.
    fn spoken(&self) -> String {
        let mut text = self.heading.clone();
        for row in &self.rows {
            text.push_str(" — ");
            text.push_str(&words(row));
        }
        if let Some(position) = self.position {
            text.push_str(" — le consumer lira l’offset ");
            text.push_str(&position.to_string());
        }
        text
    }
}

fn unsigned(offset: i64) -> u64 {
    u64::try_from(offset).unwrap_or(0)
}

/// The sign of what the producer knows of a record.
const fn sign(status: Status) -> &'static str {
    match status {
        Status::Waiting => "·",
        Status::InFlight => "…",
        Status::Retrying(_) => "↻",
        Status::Acknowledged => "✓",
        Status::Refused(_) => "✕",
        Status::Unknown(_) | Status::Unreported => "?",
    }
}

/// What the producer knows of a record, in words.
fn status_words(status: Status) -> String {
    let (words, error): (&str, Option<ProduceError>) = match status {
        Status::Waiting => ("attend d’être envoyé", None),
        Status::InFlight => ("envoyé, sans réponse", None),
        Status::Retrying(error) => ("nouvel essai après ", Some(error)),
        Status::Acknowledged => ("acquitté", None),
        Status::Refused(error) => ("échec, pas écrit (NotPersisted) : ", Some(error)),
        Status::Unknown(error) => ("échec, peut-être écrit (PossiblyPersisted) : ", Some(error)),
        Status::Unreported => ("le producer est mort avant de savoir", None),
    };
    [words, error.map_or("", ProduceError::dotnet)].concat()
}

fn sent_record(sent: &SentView) -> Sent {
    let lost = sent.status == Status::Acknowledged && !sent.kept;
    let letter = sent.record.letters();
    let mut title = ["message ", &letter, " : ", &status_words(sent.status)].concat();
    if lost {
        title.push_str(" et pourtant perdu");
    }
    Sent {
        letter,
        sign: sign(sent.status),
        lost,
        title,
    }
}

fn title(view: &View, partition: &PartitionView) -> String {
    [
        view.topic.as_str(),
        ", partition ",
        &partition.partition.to_string(),
    ]
    .concat()
}

fn producer(view: &View) -> String {
    let acks = match view.producer.acks {
        -1 => "all",
        0 => "0",
        _ => "1",
    };
    let state = match view.producer.state {
        ProducerState::Up => "",
        ProducerState::Stopped(_) => " (figé)",
        ProducerState::Down => " (tué)",
    };
    ["Producer, acks=", acks, state].concat()
}

fn heading(view: &View, partition: &PartitionView) -> String {
    let leader = match partition.leader {
        Some(_) => "",
        None => "aucun leader · ",
    };
    [
        leader,
        "époque ",
        &partition.epoch.to_string(),
        " · ISR ",
        &partition.isr.len().to_string(),
        " (min. ",
        &view.min_insync_replicas.to_string(),
        ")",
    ]
    .concat()
}

fn row(view: &View, partition: &PartitionView, replica: &ReplicaView, gone: &[Gone]) -> Row {
    let broker = view.brokers.iter().find(|b| b.broker == replica.broker);
    let state = broker.map_or(BrokerState::Up, |broker| broker.state);
    let leads = replica.role == Role::Leader && partition.leader == Some(replica.broker);
    let role = match (replica.role, state) {
        (_, BrokerState::Down) => "arrêté",
        (_, BrokerState::Starting) => "démarre",
        (_, BrokerState::Stopped(_)) if leads => "★ figé",
        (_, BrokerState::Stopped(_)) => "figé",
        (Role::Leader, _) if leads => "★ leader",
        // It was stopped, and has not learned yet who leads.
        (Role::Leader, _) => "se croit leader",
        (Role::Follower, BrokerState::Slow(_)) => "suiveur lent",
        (Role::Follower, _) => "suiveur",
        (Role::Offline, _) => "hors service",
    };
    let own = unsigned(replica.high_watermark.0);
    let known = partition.high_watermark;
    let committed = known.map_or(own, |offset| unsigned(offset.0));
    Row {
        name: replica.broker.to_string(),
        role,
        leads,
        alive: replica.role != Role::Offline,
        in_sync: replica.in_sync,
        end: unsigned(replica.log_end.0),
        high_watermark: own,
        cells: replica
            .records
            .iter()
            .map(|record| cell_of(record, committed))
            .collect(),
        gone: gone
            .iter()
            .filter(|gone| gone.broker == replica.broker)
            .map(|gone| (gone.offset, gone.record.letters()))
            .collect(),
    }
}

fn cell_of(record: &RecordView, committed: u64) -> Cell {
    let offset = unsigned(record.offset.0);
    let look = match () {
        () if record.on_leader == Some(false) => Look::Diverging,
        () if record.duplicate => Look::Duplicate,
        () if offset < committed => Look::Committed,
        () => Look::Pending,
    };
    let place = match look {
        Look::Committed => "sous le high watermark",
        Look::Pending => "au-dessus du high watermark : pas encore lisible",
        Look::Diverging => "absent du leader : sera tronqué",
        Look::Duplicate => "doublon",
    };
    let letter = record.record.letters();
    let title = [
        "message ",
        &letter,
        ", offset ",
        &offset.to_string(),
        ", écrit à l’époque ",
        &record.epoch.to_string(),
        " : ",
        place,
        " ; ",
        &status_words(record.status),
    ]
    .concat();
    Cell {
        offset,
        letter,
        look,
        title,
    }
}
