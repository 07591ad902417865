using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Réglages du consumer, lus une fois au démarrage dans les variables d'environnement.</summary>
/// <param name="BootstrapServers">Adresses de premier contact, séparées par des virgules.</param>
/// <param name="Topic">Topic à lire.</param>
/// <param name="GroupId">Groupe : le nom du service, le même pour tous ses réplicas.</param>
/// <param name="ClientId">Nom du client dans les journaux et les quotas des brokers.</param>
/// <param name="SessionTimeout">Silence au bout duquel le groupe nous déclare morts.</param>
/// <param name="MaxPollInterval">Temps maximal entre deux appels à <c>Consume</c>.</param>
/// <param name="AssignmentStrategy">Répartition des partitions entre les membres.</param>
/// <param name="Processing">Durée simulée du traitement d'un message.</param>
/// <param name="FailurePercent">Part des traitements qui échouent, pour voir les réessais.</param>
/// <param name="MaxAttempts">Nombre de traitements tentés avant la DLQ.</param>
/// <param name="RetryBase">Attente maximale avant le premier réessai ; elle double ensuite.</param>
/// <param name="RetryCap">Plafond de cette attente.</param>
/// <param name="DeadLetterTopic">Topic des messages auxquels ce groupe a renoncé.</param>
/// <param name="LivenessMaxAge">Âge du dernier retour de <c>Consume</c> au-delà duquel le processus est tenu pour bloqué.</param>
/// <param name="LogAsJson">Vrai pour des logs JSON, adaptés à un conteneur.</param>
public sealed record ConsumerSettings(
    string BootstrapServers,
    string Topic,
    string GroupId,
    string ClientId,
    TimeSpan SessionTimeout,
    TimeSpan MaxPollInterval,
    PartitionAssignmentStrategy AssignmentStrategy,
    TimeSpan Processing,
    int FailurePercent,
    int MaxAttempts,
    TimeSpan RetryBase,
    TimeSpan RetryCap,
    string DeadLetterTopic,
    TimeSpan LivenessMaxAge,
    bool LogAsJson)
{
    /// <summary>Temps accordé à la DLQ pour accuser réception.</summary>
    public static readonly TimeSpan DeadLetterTimeout = TimeSpan.FromSeconds(10);

    // <longest-handling>
    /// <summary>Au plus, entre deux <c>Consume</c> : essais, attentes, puis DLQ.</summary>
    public TimeSpan LongestHandling =>
        (MaxAttempts * Processing) + new RetryPolicy(this).LongestWait + DeadLetterTimeout;

    /// <summary>Arrêt propre : l'essai en cours, la DLQ, puis <c>Close</c>.</summary>
    public TimeSpan ShutdownTimeout =>
        Processing + DeadLetterTimeout + TimeSpan.FromSeconds(5);
    // </longest-handling>

    /// <summary>Lit les réglages et vérifie chacun d'eux, puis leurs rapports.</summary>
    /// <exception cref="SettingsException">Une valeur est mal formée, hors bornes ou incompatible avec une autre.</exception>
    public static ConsumerSettings FromEnvironment()
    {
        var settings = new ConsumerSettings(
            BootstrapServers: Text("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
            Topic: Text("KAFKA_TOPIC", "orders.created"),
            GroupId: Text("KAFKA_GROUP_ID", "inventory"),
            ClientId: Text("KAFKA_CLIENT_ID", "order-consumer"),
            SessionTimeout: Milliseconds("KAFKA_SESSION_TIMEOUT_MS", 10_000, minimum: 6_000, maximum: 1_800_000),
            MaxPollInterval: Milliseconds("KAFKA_MAX_POLL_INTERVAL_MS", 300_000, minimum: 10_000, maximum: 3_600_000),
            AssignmentStrategy: Strategy(Text("KAFKA_ASSIGNMENT_STRATEGY", "cooperative-sticky")),
            Processing: Milliseconds("PROCESSING_MS", 100, minimum: 0, maximum: 600_000),
            FailurePercent: Number("FAILURE_PERCENT", 0, minimum: 0, maximum: 100),
            MaxAttempts: Number("MAX_ATTEMPTS", 4, minimum: 1, maximum: 20),
            RetryBase: Milliseconds("RETRY_BASE_MS", 200, minimum: 1, maximum: 60_000),
            RetryCap: Milliseconds("RETRY_CAP_MS", 5_000, minimum: 1, maximum: 60_000),
            DeadLetterTopic: Text("DLQ_TOPIC", "orders.created.inventory.dlq"),
            LivenessMaxAge: Milliseconds("LIVENESS_MAX_AGE_MS", 60_000, minimum: 5_000, maximum: 3_600_000),
            LogAsJson: Text("LOG_FORMAT", "simple").Equals("json", StringComparison.OrdinalIgnoreCase));
        settings.CheckTimes();
        return settings;
    }

    // <check-times>
    /// <summary>Les durées s'emboîtent : traitement, sonde, max.poll.interval.ms.</summary>
    private void CheckTimes()
    {
        if (LongestHandling >= LivenessMaxAge)
        {
            throw new SettingsException(
                $"un message peut occuper {LongestHandling.TotalSeconds:F0} s, DLQ comprise : "
                + "LIVENESS_MAX_AGE_MS doit dépasser cette durée.");
        }

        if (LivenessMaxAge > MaxPollInterval || SessionTimeout > MaxPollInterval)
        {
            throw new SettingsException(
                "KAFKA_MAX_POLL_INTERVAL_MS doit atteindre LIVENESS_MAX_AGE_MS "
                + "et KAFKA_SESSION_TIMEOUT_MS.");
        }
    }
    // </check-times>

    private static PartitionAssignmentStrategy Strategy(string name) => name switch
    {
        "cooperative-sticky" => PartitionAssignmentStrategy.CooperativeSticky,
        "range" => PartitionAssignmentStrategy.Range,
        "roundrobin" => PartitionAssignmentStrategy.RoundRobin,
        _ => throw new SettingsException(
            $"KAFKA_ASSIGNMENT_STRATEGY doit être cooperative-sticky, range ou roundrobin (reçu : « {name} »)."),
    };

    private static string Text(string name, string fallback)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value) ? fallback : value.Trim();
    }

    private static TimeSpan Milliseconds(string name, int fallback, int minimum, int maximum) =>
        TimeSpan.FromMilliseconds(Number(name, fallback, minimum, maximum));

    private static int Number(string name, int fallback, int minimum, int maximum)
    {
        string? text = Environment.GetEnvironmentVariable(name);
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }

        if (!int.TryParse(text, out int value) || value < minimum || value > maximum)
        {
            throw new SettingsException($"{name} doit être un entier de {minimum} à {maximum} (reçu : « {text} »).");
        }

        return value;
    }
}

/// <summary>Un réglage empêche de démarrer.</summary>
public sealed class SettingsException(string message, Exception? cause = null) : Exception(message, cause);
