using Confluent.Kafka;

namespace Formation.ScaledConsumer;

/// <summary>Réglages du consumer, lus une fois au démarrage dans les variables d'environnement.</summary>
/// <param name="BootstrapServers">Adresses de premier contact, séparées par des virgules.</param>
/// <param name="Topic">Topic à lire.</param>
/// <param name="GroupId">Groupe, le même pour tous les réplicas.</param>
/// <param name="Instance">Nom de ce réplica dans les logs et pour le broker ; par défaut celui de la machine, donc du pod.</param>
/// <param name="GroupInstanceId">Identité stable d'un membre statique ; absente, le membre est dynamique.</param>
/// <param name="SessionTimeout">Silence au bout duquel le groupe nous déclare morts.</param>
/// <param name="AssignmentStrategy">Répartition des partitions entre les membres.</param>
/// <param name="Processing">Durée simulée du traitement d'un message.</param>
/// <param name="LivenessMaxAge">Âge du dernier retour de <c>Consume</c> au-delà duquel le processus est tenu pour bloqué.</param>
/// <param name="LogAsJson">Vrai pour des logs JSON : c'est eux que lit <c>scripts/mesurer.sh</c>.</param>
public sealed record ConsumerSettings(
    string BootstrapServers,
    string Topic,
    string GroupId,
    string Instance,
    string? GroupInstanceId,
    TimeSpan SessionTimeout,
    PartitionAssignmentStrategy AssignmentStrategy,
    TimeSpan Processing,
    TimeSpan LivenessMaxAge,
    bool LogAsJson)
{
    /// <summary>Lit les réglages et vérifie chacun d'eux.</summary>
    /// <exception cref="SettingsException">Une valeur est mal formée ou hors bornes.</exception>
    public static ConsumerSettings FromEnvironment()
    {
        var settings = new ConsumerSettings(
            BootstrapServers: Text("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
            Topic: Text("KAFKA_TOPIC", "orders.created"),
            GroupId: Text("KAFKA_GROUP_ID", "inventory-scale"),
            Instance: Text("INSTANCE_NAME", Environment.MachineName),
            GroupInstanceId: Optional("KAFKA_GROUP_INSTANCE_ID"),
            SessionTimeout: Milliseconds("KAFKA_SESSION_TIMEOUT_MS", 10_000, minimum: 6_000, maximum: 300_000),
            AssignmentStrategy: Strategy(Text("KAFKA_ASSIGNMENT_STRATEGY", "range")),
            Processing: Milliseconds("PROCESSING_MS", 20, minimum: 0, maximum: 30_000),
            LivenessMaxAge: Milliseconds("LIVENESS_MAX_AGE_MS", 60_000, minimum: 5_000, maximum: 300_000),
            LogAsJson: Text("LOG_FORMAT", "json").Equals("json", StringComparison.OrdinalIgnoreCase));
        if (settings.Processing >= settings.LivenessMaxAge)
        {
            throw new SettingsException("LIVENESS_MAX_AGE_MS doit dépasser PROCESSING_MS.");
        }

        return settings;
    }

    private static PartitionAssignmentStrategy Strategy(string name) => name switch
    {
        "range" => PartitionAssignmentStrategy.Range,
        "roundrobin" => PartitionAssignmentStrategy.RoundRobin,
        "cooperative-sticky" => PartitionAssignmentStrategy.CooperativeSticky,
        _ => throw new SettingsException(
            $"KAFKA_ASSIGNMENT_STRATEGY doit être range, roundrobin ou cooperative-sticky (reçu : « {name} »)."),
    };

    private static string Text(string name, string fallback) => Optional(name) ?? fallback;

    private static string? Optional(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    private static TimeSpan Milliseconds(string name, int fallback, int minimum, int maximum)
    {
        string? text = Optional(name);
        if (text is null)
        {
            return TimeSpan.FromMilliseconds(fallback);
        }

        if (!int.TryParse(text, out int value) || value < minimum || value > maximum)
        {
            throw new SettingsException($"{name} doit être un entier de {minimum} à {maximum} (reçu : « {text} »).");
        }

        return TimeSpan.FromMilliseconds(value);
    }
}

/// <summary>Un réglage empêche de démarrer.</summary>
public sealed class SettingsException(string message, Exception? cause = null) : Exception(message, cause);
