namespace Formation.Shop.Messaging;

/// <summary>Réglages d'un service qui lit les commandes.</summary>
/// <param name="BootstrapServers">Adresses de premier contact, séparées par des virgules.</param>
/// <param name="Topic">Topic à lire.</param>
/// <param name="GroupId">Groupe : un par service.</param>
/// <param name="InstanceName">Nom de ce processus, dans les logs des brokers.</param>
/// <param name="SessionTimeout">Silence au bout duquel le coordinateur tient le processus pour mort.</param>
/// <param name="FetchWait">Attente d'une lecture sans message ; Kafka répond dès le premier octet, le cluster embarqué non.</param>
/// <param name="HandlerDelay">Durée du travail simulé, par commande.</param>
/// <param name="StallAfter">Temps sans retour de <c>Consume</c> au bout duquel le processus se dit malade.</param>
public sealed record ServiceSettings(
    string BootstrapServers,
    string Topic,
    string GroupId,
    string InstanceName,
    TimeSpan SessionTimeout,
    TimeSpan FetchWait,
    TimeSpan HandlerDelay,
    TimeSpan StallAfter)
{
    /// <summary>Lit les réglages et vérifie chacun d'eux.</summary>
    /// <param name="service">Nom du service, et de son groupe à défaut de <c>KAFKA_GROUP_ID</c>.</param>
    /// <param name="handlerDelayMs">Durée du travail simulé, en millisecondes, à défaut de <c>HANDLER_DELAY_MS</c>.</param>
    /// <exception cref="SettingsException">Une valeur est mal formée ou hors bornes.</exception>
    public static ServiceSettings FromEnvironment(string service, int handlerDelayMs) => new(
        BootstrapServers: EnvironmentReader.Text("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
        Topic: EnvironmentReader.Text("KAFKA_TOPIC", "orders.created"),
        GroupId: EnvironmentReader.Text("KAFKA_GROUP_ID", service),
        InstanceName: $"{service}-{Environment.MachineName}",
        SessionTimeout: EnvironmentReader.Milliseconds("KAFKA_SESSION_TIMEOUT_MS", 45_000, minimum: 6_000, maximum: 300_000),
        FetchWait: EnvironmentReader.Milliseconds("KAFKA_FETCH_WAIT_MS", 500, minimum: 1, maximum: 5_000),
        HandlerDelay: EnvironmentReader.Milliseconds("HANDLER_DELAY_MS", handlerDelayMs, minimum: 0, maximum: 60_000),
        StallAfter: EnvironmentReader.Milliseconds("STALL_AFTER_MS", 90_000, minimum: 1_000, maximum: 3_600_000));
}
