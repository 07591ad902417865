using System.Text;
using Confluent.Kafka;

namespace Formation.KeyedOrderProducer;

/// <summary>Façon de passer d'une clé à une partition.</summary>
public enum KeyStrategy
{
    /// <summary>Le défaut de .NET : CRC32.</summary>
    ConsistentRandom,

    /// <summary>Comme le client Java : murmur2.</summary>
    Murmur2Random,

    /// <summary>Notre partitionneur : un client a sa partition, les autres se partagent le reste.</summary>
    Isolated,
}

/// <summary>Applique une <see cref="KeyStrategy"/> au producer, et prédit ce qu'elle donnera.</summary>
public static class KeyStrategies
{
    /// <summary>Client isolé sur la partition 0 par <see cref="KeyStrategy.Isolated"/>.</summary>
    private static ReadOnlySpan<byte> IsolatedCustomer => "customer-A"u8;

    /// <summary>Lit le nom Kafka d'une stratégie (<c>consistent_random</c>…).</summary>
    /// <exception cref="SettingsException">Le nom n'est pas connu.</exception>
    public static KeyStrategy Parse(string name) => name switch
    {
        "consistent_random" => KeyStrategy.ConsistentRandom,
        "murmur2_random" => KeyStrategy.Murmur2Random,
        "isolated" => KeyStrategy.Isolated,
        _ => throw new SettingsException(
            $"KAFKA_PARTITIONER doit être consistent_random, murmur2_random ou isolated (reçu : « {name} »)."),
    };

    // <remedy>
    /// <summary>Choisit le partitionneur de librdkafka.</summary>
    public static void Configure(ProducerConfig config, KeyStrategy strategy) =>
        config.Partitioner = strategy == KeyStrategy.Murmur2Random
            ? Partitioner.Murmur2Random
            : Partitioner.ConsistentRandom;
    // </remedy>

    // <custom>
    /// <summary>Partitionneur maison : rapide, sans attente ni exception.</summary>
    public static Partition Isolate(
        string topic, int partitionCount, ReadOnlySpan<byte> keyData, bool keyIsNull)
    {
        if (keyIsNull)
        {
            // Pas Partition.Any : librdkafka garderait le message sans partition, jusqu'à son expiration.
            return new Partition(Random.Shared.Next(partitionCount));
        }

        if (partitionCount == 1 || keyData.SequenceEqual(IsolatedCustomer))
        {
            return new Partition(0);
        }

        return new Partition(1 + KeyHash.DotNetPartition(keyData, partitionCount - 1));
    }
    // </custom>

    // <predict>
    /// <summary>Partition où tombera cette clé, calculée sans Kafka.</summary>
    public static int Predict(KeyStrategy strategy, string key, int partitionCount)
    {
        byte[] keyData = Encoding.UTF8.GetBytes(key);
        return strategy switch
        {
            KeyStrategy.Murmur2Random => KeyHash.JavaPartition(keyData, partitionCount),
            KeyStrategy.Isolated => Isolate(string.Empty, partitionCount, keyData, keyIsNull: false).Value,
            _ => KeyHash.DotNetPartition(keyData, partitionCount),
        };
    }
    // </predict>
}
