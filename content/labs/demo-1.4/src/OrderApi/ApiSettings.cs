using Formation.Shop.Messaging;

namespace Formation.Shop.OrderApi;

/// <summary>Réglages de l'API, lus une fois au démarrage dans les variables d'environnement.</summary>
/// <param name="BootstrapServers">Adresses de premier contact, séparées par des virgules.</param>
/// <param name="Topic">Topic où écrire.</param>
/// <param name="ClientId">Nom du client, et header <c>source</c>.</param>
/// <param name="MessageTimeout">Temps accordé à chaque commande, réessais compris : un client HTTP attend au bout.</param>
public sealed record ApiSettings(string BootstrapServers, string Topic, string ClientId, TimeSpan MessageTimeout)
{
    /// <summary>Lit les réglages et vérifie chacun d'eux.</summary>
    /// <exception cref="SettingsException">Une valeur est mal formée ou hors bornes.</exception>
    public static ApiSettings FromEnvironment() => new(
        BootstrapServers: EnvironmentReader.Text("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
        Topic: EnvironmentReader.Text("KAFKA_TOPIC", "orders.created"),
        ClientId: EnvironmentReader.Text("KAFKA_CLIENT_ID", "order-api"),
        MessageTimeout: EnvironmentReader.Milliseconds("KAFKA_MESSAGE_TIMEOUT_MS", 15_000, minimum: 1_000, maximum: 60_000));
}
