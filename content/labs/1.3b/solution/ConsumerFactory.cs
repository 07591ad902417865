using Confluent.Kafka;

namespace Formation.ScaledConsumer;

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
        var config = new ConsumerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.Instance, // la colonne CLIENT-ID de kgroups dira qui est qui
            GroupId = settings.GroupId,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoOffsetStore = false,
            SessionTimeoutMs = (int)settings.SessionTimeout.TotalMilliseconds,
            HeartbeatIntervalMs = 3_000,
        };

        // <assignor>
        // La même sur tous les membres du groupe.
        config.PartitionAssignmentStrategy = settings.AssignmentStrategy;
        // </assignor>

        // <static-member>
        if (settings.GroupInstanceId is not null)
        {
            // Unique dans le groupe, et stable d'un redémarrage à l'autre.
            // Le nom d'un pod de StatefulSet convient.
            config.GroupInstanceId = settings.GroupInstanceId;
        }
        // </static-member>

        try
        {
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
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new SettingsException($"librdkafka refuse la configuration : {error.Message}", error);
        }
    }
}
