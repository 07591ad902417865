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
        // <config>
        var config = new ConsumerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.ClientId,
            GroupId = settings.GroupId, // (1)
            AutoOffsetReset = AutoOffsetReset.Earliest, // (2)
            EnableAutoCommit = true, // (3)
            EnableAutoOffsetStore = false, // (4)
            SessionTimeoutMs = (int)settings.SessionTimeout.TotalMilliseconds, // (5)
            HeartbeatIntervalMs = 3_000,
            MaxPollIntervalMs = (int)settings.MaxPollInterval.TotalMilliseconds, // (6)
            PartitionAssignmentStrategy = settings.AssignmentStrategy, // (7)
        };
        // </config>

        try
        {
            // <handlers>
            return new ConsumerBuilder<byte[], byte[]>(config)
                .SetPartitionsAssignedHandler((_, partitions) => journal.Assigned(partitions))
                .SetPartitionsRevokedHandler((_, partitions) => journal.Revoked(partitions))
                .SetPartitionsLostHandler((_, partitions) => journal.Lost(partitions))
                .SetErrorHandler((_, error) =>
                    logger.LogWarning("Incident {Code} : {Reason}", error.Code, error.Reason))
                .SetLogHandler((_, entry) => logger.Log(
                    (LogLevel)entry.LevelAs(LogLevelType.MicrosoftExtensionsLogging),
                    "librdkafka {Facility} : {Message}",
                    entry.Facility,
                    entry.Message))
                .Build();
            // </handlers>
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new SettingsException($"librdkafka refuse la configuration : {error.Message}", error);
        }
    }
}
