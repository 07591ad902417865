using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.Shop.Messaging;

/// <summary>Construit le consumer d'un service.</summary>
public static class ConsumerFactory
{
    /// <summary>Construit le consumer et branche ses handlers.</summary>
    /// <exception cref="SettingsException">librdkafka refuse la configuration.</exception>
    public static IConsumer<string, string> Create(ServiceSettings settings, ILogger logger)
    {
        // <config>
        var config = new ConsumerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.InstanceName,
            GroupId = settings.GroupId, // un par service : chacun voit toutes les commandes
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = true,
            EnableAutoOffsetStore = false, // la position se note après le traitement, par StoreOffset
            SessionTimeoutMs = (int)settings.SessionTimeout.TotalMilliseconds,
            FetchWaitMaxMs = (int)settings.FetchWait.TotalMilliseconds,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        };
        // </config>

        try
        {
            // <handlers>
            return new ConsumerBuilder<string, string>(config)
                .SetErrorHandler((_, error) => OnError(error, logger))
                .SetLogHandler((_, entry) => ShopLogging.Forward(logger, entry))
                .SetPartitionsAssignedHandler((_, added) =>
                    logger.LogInformation("Partitions ajoutées : {Partitions}", string.Join(", ", added)))
                .SetPartitionsRevokedHandler((_, removed) =>
                    logger.LogInformation("Partitions rendues : {Partitions}", string.Join(", ", removed)))
                .SetPartitionsLostHandler((_, lost) =>
                    logger.LogWarning("Partitions perdues : {Partitions}", string.Join(", ", lost)))
                .Build();
            // </handlers>
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new SettingsException($"librdkafka refuse la configuration : {error.Message}", error);
        }
    }

    private static void OnError(Error error, ILogger logger)
    {
        LogLevel level = error.IsFatal ? LogLevel.Critical : LogLevel.Warning;
        logger.Log(level, "Incident {Code} : {Reason}", error.Code, error.Reason);
    }
}
