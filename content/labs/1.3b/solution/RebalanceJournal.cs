using Confluent.Kafka;

namespace Formation.ScaledConsumer;

/// <summary>
/// Chronomètre les rééquilibrages. Ses méthodes tournent sur le thread de <c>Consume</c>, comme le traitement : rien à protéger.
/// Le client .NET n'expose pas le numéro de génération du groupe ; nous comptons ceux que nous avons vus.
/// </summary>
public sealed class RebalanceJournal(ConsumerPulse pulse, ConsumerSettings settings, ILogger<RebalanceJournal> logger)
{
    private readonly SortedSet<int> owned = [];
    private long? lastProcessed;
    private int changes;

    /// <summary>Nombre de partitions que nous lisons en ce moment.</summary>
    public int Owned => owned.Count;

    /// <summary>À appeler après chaque commande traitée.</summary>
    public void MessageProcessed() => lastProcessed = Environment.TickCount64;

    // <stopwatch>
    /// <summary>S'ajoutent aux nôtres ; avec Range, nous avions tout rendu avant.</summary>
    public void Assigned(List<TopicPartition> partitions)
    {
        owned.UnionWith(partitions.Select(one => one.Partition.Value));
        pulse.Assigned = true;
        Write(Events.Assigned, "prend", partitions.Select(one => one.Partition.Value));
    }

    /// <summary>Toutes, avec Range ; en coopératif, seulement celles qui partent.</summary>
    public void Revoked(List<TopicPartitionOffset> partitions)
    {
        owned.ExceptWith(partitions.Select(one => one.Partition.Value));
        Write(Events.Revoked, "rend", partitions.Select(one => one.Partition.Value));
    }

    /// <summary>Le groupe les a données à un autre sans nous attendre.</summary>
    public void Lost(List<TopicPartitionOffset> partitions)
    {
        owned.ExceptWith(partitions.Select(one => one.Partition.Value));
        pulse.Assigned = false;
        Write(Events.Lost, "perd", partitions.Select(one => one.Partition.Value));
    }

    private void Write(EventId what, string verb, IEnumerable<int> partitions)
    {
        changes++;
        long idle = lastProcessed is { } then ? Environment.TickCount64 - then : -1;
        logger.LogInformation(
            what,
            "{Instance} {Verb} [{Partitions}], en a {Owned} ; changement {Change}, "
                + "{IdleMs} ms depuis la dernière commande, à {AtMs}",
            settings.Instance,
            verb,
            string.Join(",", partitions.Order()),
            owned.Count,
            changes,
            idle,
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }
    // </stopwatch>
}
