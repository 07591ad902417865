namespace Formation.OrderProducer;

/// <summary>Réglages du producer, lus une fois au démarrage dans les variables d'environnement.</summary>
/// <param name="BootstrapServers">Adresses de premier contact, séparées par des virgules.</param>
/// <param name="Topic">Topic où écrire.</param>
/// <param name="ClientId">Nom du client dans les journaux et les quotas des brokers.</param>
/// <param name="OrderCount">Nombre de commandes à produire.</param>
/// <param name="Interval">Pause entre deux commandes ; zéro pour une rafale.</param>
/// <param name="MessageTimeout">Temps accordé à chaque message, réessais compris.</param>
/// <param name="LogAsJson">Vrai pour des logs JSON, adaptés à un conteneur.</param>
public sealed record ProducerSettings(
    string BootstrapServers,
    string Topic,
    string ClientId,
    int OrderCount,
    TimeSpan Interval,
    TimeSpan MessageTimeout,
    bool LogAsJson)
{
    /// <summary>Lit les réglages et vérifie chacun d'eux.</summary>
    /// <exception cref="SettingsException">Une valeur est mal formée ou hors bornes.</exception>
    public static ProducerSettings FromEnvironment() => new(
        BootstrapServers: Text("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
        Topic: Text("KAFKA_TOPIC", "orders.created"),
        ClientId: Text("KAFKA_CLIENT_ID", "order-producer"),
        OrderCount: Number("ORDER_COUNT", 10, minimum: 1, maximum: 1_000_000),
        Interval: TimeSpan.FromMilliseconds(Number("ORDER_INTERVAL_MS", 100, minimum: 0, maximum: 60_000)),
        MessageTimeout: TimeSpan.FromMilliseconds(Number("KAFKA_MESSAGE_TIMEOUT_MS", 30_000, minimum: 1_000, maximum: 300_000)),
        LogAsJson: Text("LOG_FORMAT", "simple").Equals("json", StringComparison.OrdinalIgnoreCase));

    private static string Text(string name, string fallback)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value) ? fallback : value.Trim();
    }

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
