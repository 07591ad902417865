using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Écrit une position comme le reste du cours : <c>orders.created [3] @ 12</c>.</summary>
public static class Coordinates
{
    /// <summary>Topic, partition et offset d'un message ou d'une position.</summary>
    public static string Text(this TopicPartitionOffset position) =>
        $"{position.Topic} [{position.Partition.Value}] @ {position.Offset}";
}
