//! What happens to replicas: brokers that come and go, leaders, in-sync replicas, high watermarks, and what the producer and
//! the consumer see of them.

use crate::ids::{BrokerId, Offset, PartitionId, RecordId};
use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// The kinds of event of the replication simulation. Records are appended by [`super::EventKind::RecordAppended`]: a second
/// one for the same record is a duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplicationEvent {
    /// The brokers are up; a quorum of controllers that never fails watches them.
    ClusterStarted {
        /// The brokers.
        brokers: Box<[BrokerId]>,
    },
    /// A partition's replicas were placed; the first is its preferred leader, and leads.
    PartitionPlaced {
        /// The partition.
        partition: PartitionId,
        /// Its replicas, in the order in which a leader is chosen among them.
        replicas: Box<[BrokerId]>,
    },
    /// A broker's process was killed (`SIGKILL`). Its log stays on its disk.
    BrokerCrashed {
        /// The broker.
        broker: BrokerId,
    },
    /// A broker's process was started again.
    BrokerRestarted {
        /// The broker.
        broker: BrokerId,
    },
    /// The controller refused a broker's registration: the session of its previous life has not expired
    /// (`DUPLICATE_BROKER_REGISTRATION`). The broker tries again.
    RegistrationRefused {
        /// The broker.
        broker: BrokerId,
    },
    /// The controller did not hear of a broker for `broker.session.timeout.ms`, and fences it.
    BrokerFenced {
        /// The broker.
        broker: BrokerId,
        /// How long ago its last heartbeat reached the controller.
        silent: Duration,
    },
    /// A registered broker is up to date, and may serve again.
    BrokerUnfenced {
        /// The broker.
        broker: BrokerId,
    },
    /// A broker's followers fetch nothing for a while. The broker goes on with everything else.
    BrokerSlowed {
        /// The broker.
        broker: BrokerId,
        /// For how long.
        duration: Duration,
    },
    /// A slow broker's followers fetch again.
    FetchingResumed {
        /// The broker.
        broker: BrokerId,
    },
    /// A broker's process is stopped for a while (`SIGSTOP`); its connections stay open.
    BrokerStopped {
        /// The broker.
        broker: BrokerId,
        /// For how long.
        duration: Duration,
    },
    /// A broker's process goes on: it does what waits in its socket, as what it was when it was stopped.
    BrokerResumed {
        /// The broker.
        broker: BrokerId,
    },
    /// The controller chose a leader.
    LeaderElected {
        /// The partition.
        partition: PartitionId,
        /// The leader.
        leader: BrokerId,
        /// The leader epoch that begins.
        epoch: i32,
        /// By which rule.
        election: Election,
        /// The in-sync replicas from now on.
        isr: Box<[BrokerId]>,
    },
    /// No replica may lead: the partition can be neither written nor read.
    PartitionOffline {
        /// The partition.
        partition: PartitionId,
        /// The leader epoch that begins.
        epoch: i32,
        /// The in-sync replicas, all of them down.
        isr: Box<[BrokerId]>,
        /// The eligible leader replicas (KIP-966), all of them down.
        elr: Box<[BrokerId]>,
    },
    /// Replicas left the ISR.
    IsrShrunk {
        /// The partition.
        partition: PartitionId,
        /// Those that left.
        removed: Box<[BrokerId]>,
        /// Those that remain.
        isr: Box<[BrokerId]>,
        /// The eligible leader replicas from now on.
        elr: Box<[BrokerId]>,
        /// Why.
        reason: ShrinkReason,
    },
    /// A replica joined the ISR.
    IsrExpanded {
        /// The partition.
        partition: PartitionId,
        /// The one that joined.
        added: BrokerId,
        /// The in-sync replicas from now on.
        isr: Box<[BrokerId]>,
    },
    /// A follower wrote what it had fetched.
    RecordsReplicated {
        /// The partition.
        partition: PartitionId,
        /// The follower.
        broker: BrokerId,
        /// Offset of the first record.
        from: Offset,
        /// Its log's end, after them.
        to: Offset,
    },
    /// The leader's high watermark moved: the records below are committed, and consumers may read them.
    HighWatermarkAdvanced {
        /// The partition.
        partition: PartitionId,
        /// The leader.
        broker: BrokerId,
        /// Before.
        from: Offset,
        /// After.
        to: Offset,
    },
    /// A follower learned the high watermark in the answer to a fetch.
    HighWatermarkLearned {
        /// The partition.
        partition: PartitionId,
        /// The follower.
        broker: BrokerId,
        /// What it now believes.
        high_watermark: Offset,
    },
    /// A follower's log went another way than its leader's: it cuts it off where they part.
    LogTruncated {
        /// The partition.
        partition: PartitionId,
        /// The follower.
        broker: BrokerId,
        /// Its log's end after the cut.
        to: Offset,
        /// The records that it removed, in the order of their offsets.
        removed: Box<[RecordId]>,
    },
    /// Records are no longer in the log that counts: the new leader never had them.
    RecordsLost {
        /// The partition.
        partition: PartitionId,
        /// The records, in the order of their offsets.
        records: Box<[RecordId]>,
        /// How many of them the producer believes written.
        acknowledged: u32,
    },
    /// The producer sent a batch.
    BatchSent {
        /// The partition.
        partition: PartitionId,
        /// The broker that it takes for the leader.
        broker: BrokerId,
        /// Its records.
        records: Box<[RecordId]>,
        /// 1 for the first attempt.
        attempt: u32,
    },
    /// A batch did not succeed; the producer tries again.
    BatchFailed {
        /// The partition.
        partition: PartitionId,
        /// Its records.
        records: Box<[RecordId]>,
        /// What went wrong.
        error: ProduceError,
        /// How long the producer waits before the next attempt.
        backoff: Duration,
    },
    /// The leader recognised a batch that it had written already (idempotence): it answers as the first time.
    DuplicateRecognised {
        /// The partition.
        partition: PartitionId,
        /// The leader.
        broker: BrokerId,
        /// The batch's records.
        records: Box<[RecordId]>,
    },
    /// The producer's delivery report says that these records are written.
    RecordsAcknowledged {
        /// The partition.
        partition: PartitionId,
        /// The records.
        records: Box<[RecordId]>,
        /// Offset of the first; `None` with `acks=0`, where nobody told the producer.
        offset: Option<Offset>,
    },
    /// The producer's delivery report gives these records up.
    RecordsFailed {
        /// The partition.
        partition: PartitionId,
        /// The records.
        records: Box<[RecordId]>,
        /// The error of the report.
        error: ProduceError,
        /// Whether they may be in the log all the same (`PersistenceStatus.PossiblyPersisted`).
        possibly_persisted: bool,
    },
    /// The producer's process was killed (`SIGKILL`).
    ProducerCrashed {
        /// The records of which its application will never be told what became.
        unreported: Box<[RecordId]>,
    },
    /// The producer's process was started again: a new producer, whose sequence numbers begin anew.
    ProducerRestarted,
    /// The producer's process is stopped for a while.
    ProducerStopped {
        /// For how long.
        duration: Duration,
    },
    /// The producer's process goes on.
    ProducerResumed,
    /// The producer learned who leads.
    MetadataRefreshed {
        /// The partition.
        partition: PartitionId,
        /// The leader, if there is one.
        leader: Option<BrokerId>,
    },
    /// The consumer received records.
    RecordsConsumed {
        /// The partition.
        partition: PartitionId,
        /// The broker that it reads from.
        broker: BrokerId,
        /// Offset of the first record.
        from: Offset,
        /// Its position after them.
        to: Offset,
    },
    /// What the consumer had read no longer exists: its position went back to where the logs part (KIP-320).
    PositionTruncated {
        /// The partition.
        partition: PartitionId,
        /// Its position before.
        from: Offset,
        /// Its position after.
        to: Offset,
    },
    /// A property was changed.
    SettingChanged {
        /// Its name in Kafka.
        name: String,
        /// Its new value, as a person writes it.
        value: String,
    },
}

/// By which rule a leader was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Election {
    /// The first in-sync replica that is up, in the order of the replicas.
    InSync,
    /// The ISR is empty: the first eligible leader replica that is up (KIP-966). It has every committed record.
    Eligible,
    /// ISR and ELR are empty: the last leader came back (KIP-966). It may have lost what its disk had not yet received.
    LastKnown,
    /// `unclean.leader.election.enable`: the first replica that is up. Committed records may be lost.
    Unclean,
    /// The preferred leader is in sync again, and takes over.
    Preferred,
}

/// Why replicas left the ISR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShrinkReason {
    /// They had not caught up with the leader for `replica.lag.time.max.ms`.
    Lag,
    /// The controller fenced their broker.
    Fenced,
    /// Their broker came back from an unclean shutdown: nobody knows what its disk kept (KIP-966).
    UncleanShutdown,
}

/// Why a batch was not written, or not known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProduceError {
    /// The ISR is smaller than `min.insync.replicas`: the leader wrote nothing.
    NotEnoughReplicas,
    /// The ISR became too small after the leader had written.
    NotEnoughReplicasAfterAppend,
    /// The broker does not lead this partition (any more).
    NotLeaderForPartition,
    /// The followers did not replicate within `request.timeout.ms`; the leader has written.
    RequestTimedOut,
    /// The connection broke.
    Transport,
    /// The broker did not answer within `socket.timeout.ms`: the client broke the connection.
    TimedOut,
    /// The records were not delivered within `delivery.timeout.ms`.
    MsgTimedOut,
    /// The log has lost a batch before this one (idempotence): the producer gives up.
    OutOfOrderSequenceNumber,
    /// The producer had given up before.
    Fatal,
}

impl ProduceError {
    /// Its name in .NET's `ErrorCode`.
    pub const fn dotnet(self) -> &'static str {
        match self {
            Self::NotEnoughReplicas => "NotEnoughReplicas",
            Self::NotEnoughReplicasAfterAppend => "NotEnoughReplicasAfterAppend",
            Self::NotLeaderForPartition => "NotLeaderForPartition",
            Self::RequestTimedOut => "RequestTimedOut",
            Self::Transport => "Local_Transport",
            Self::TimedOut => "Local_TimedOut",
            Self::MsgTimedOut => "Local_MsgTimedOut",
            Self::OutOfOrderSequenceNumber => "OutOfOrderSequenceNumber",
            Self::Fatal => "Local_Fatal",
        }
    }

    /// Whether the records may be written all the same: `RD_KAFKA_ERR_ACTION_MSG_POSSIBLY_PERSISTED`.
    pub const fn is_possibly_persisted(self) -> bool {
        matches!(
            self,
            Self::NotEnoughReplicasAfterAppend
                | Self::RequestTimedOut
                | Self::Transport
                | Self::TimedOut
        )
    }

    /// Whether it makes the producer ask who leads: `RD_KAFKA_ERR_ACTION_REFRESH`.
    pub const fn asks_who_leads(self) -> bool {
        matches!(self, Self::NotLeaderForPartition | Self::Transport)
    }
}
