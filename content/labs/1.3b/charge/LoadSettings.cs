namespace Formation.OrderLoad;

/// <summary>Réglages de la charge, lus dans les variables d'environnement.</summary>
/// <param name="BootstrapServers">Adresses de premier contact, séparées par des virgules.</param>
/// <param name="Topic">Topic où écrire.</param>
/// <param name="Rate">Commandes par seconde, toutes partitions ensemble.</param>
/// <param name="Duration">Durée de la charge.</param>
/// <param name="LogAsJson">Vrai pour des logs JSON, adaptés à un conteneur.</param>
public sealed record LoadSettings(string BootstrapServers, string Topic, int Rate, TimeSpan Duration, bool LogAsJson)
{
    /// <summary>Lit les réglages et vérifie chacun d'eux.</summary>
    /// <exception cref="SettingsException">Une valeur est mal formée ou hors bornes.</exception>
    public static LoadSettings FromEnvironment() => new(
        BootstrapServers: Text("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
        Topic: Text("KAFKA_TOPIC", "orders.created"),
        Rate: Number("LOAD_RATE", 30, minimum: 1, maximum: 10_000),
        Duration: TimeSpan.FromSeconds(Number("LOAD_DURATION_S", 1_800, minimum: 1, maximum: 86_400)),
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

/// <summary>Un réglage, ou le cluster, empêche de démarrer.</summary>
public sealed class SettingsException(string message, Exception? cause = null) : Exception(message, cause);
