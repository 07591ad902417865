using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Construit le consumer. Il n'appartient qu'à un thread, celui qui appelle <c>Consume</c>.</summary>
public static class ConsumerFactory
{
    /// <summary>Construit le consumer et branche ses handlers.</summary>
    /// <param name="settings">Réglages déjà vérifiés.</param>
    /// <param name="journal">Destination des rééquilibrages.</param>
    /// <param name="logger">Destination des incidents et des logs de librdkafka.</param>
    /// <exception cref="SettingsException">librdkafka refuse la configuration.</exception>
    public static IConsumer<byte[], byte[]> Create(ConsumerSettings settings, RebalanceJournal journal, ILogger logger)
    {
        // 1. À vous : lisez depuis le début quand le groupe n'a pas encore de position, et reprenez des réglages la durée
        //    de session, max.poll.interval.ms et la stratégie de répartition. Laissez l'auto-commit comme il est.
        // 5. À vous : plus tard, cessez de stocker l'offset dès que Consume rend le message.
        var config = new ConsumerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.ClientId,
            GroupId = settings.GroupId,
        };

        try
        {
            // 2. À vous : branchez les trois handlers de rééquilibrage sur Assigned, Revoked et Lost de journal.
            return new ConsumerBuilder<byte[], byte[]>(config)
                .SetErrorHandler((_, error) =>
                    logger.LogWarning("Incident {Code} : {Reason}", error.Code, error.Reason))
                .SetLogHandler((_, entry) => logger.Log(
                    (LogLevel)entry.LevelAs(LogLevelType.MicrosoftExtensionsLogging),
                    "librdkafka {Facility} : {Message}",
                    entry.Facility,
                    entry.Message))
                .Build();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new SettingsException($"librdkafka refuse la configuration : {error.Message}", error);
        }
    }
}
