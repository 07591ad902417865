using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Raconte les rééquilibrages. Ses méthodes tournent sur le thread de <c>Consume</c> : elles sont brèves et ne lèvent rien.</summary>
public sealed class RebalanceJournal(ConsumerPulse pulse, ILogger<RebalanceJournal> logger)
{
    /// <summary>Le groupe nous confie ces partitions, en plus des nôtres en coopératif.</summary>
    public void Assigned(List<TopicPartition> partitions)
    {
        pulse.Assigned = true;
        logger.LogInformation("Reçues : {Partitions}", Names(partitions));
    }

    /// <summary>À rendre : librdkafka valide ce qui est stocké, puis les cède.</summary>
    public void Revoked(List<TopicPartitionOffset> partitions) =>
        logger.LogInformation("Rendues : {Partitions}", Positions(partitions));

    /// <summary>Déjà plus à nous : un autre les lit. Ne rien valider ici.</summary>
    public void Lost(List<TopicPartitionOffset> partitions)
    {
        pulse.Assigned = false;
        logger.LogWarning("Perdues : {Partitions}", Positions(partitions));
    }

    private static string Names(List<TopicPartition> partitions) =>
        partitions.Count == 0 ? "aucune" : string.Join(", ", partitions.Select(one => $"{one.Topic} [{one.Partition.Value}]"));

    private static string Positions(List<TopicPartitionOffset> partitions) =>
        partitions.Count == 0 ? "aucune" : string.Join(", ", partitions.Select(one => one.Text()));
}
