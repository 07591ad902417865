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

    /// <summary>Nombre de partitions que nous lisons en ce moment.</summary>
    public int Owned => owned.Count;

    /// <summary>À appeler après chaque commande traitée.</summary>
    public void MessageProcessed() => lastProcessed = Environment.TickCount64;

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
        // 1. À vous : numérotez les changements, et mesurez le temps écoulé depuis lastProcessed (-1 tant que rien n'a été
        //    traité). Ajoutez au message {Change}, {IdleMs} et {AtMs}, l'heure en millisecondes Unix : mesurer.sh les lit.
        logger.LogInformation(
            what,
            "{Instance} {Verb} [{Partitions}], en a {Owned} (dernière commande : {LastProcessed})",
            settings.Instance,
            verb,
            string.Join(",", partitions.Order()),
            owned.Count,
            lastProcessed);
    }
}
