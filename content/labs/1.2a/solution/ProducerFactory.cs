using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.OrderProducer;

/// <summary>Construit le producer : un seul par processus, partagé par tous les threads.</summary>
public static class ProducerFactory
{
    /// <summary>Construit le producer et branche ses handlers.</summary>
    /// <param name="settings">Réglages déjà vérifiés.</param>
    /// <param name="logger">Destination des incidents et des logs de librdkafka.</param>
    /// <param name="stop">Arrêt du programme, déclenché par une erreur fatale.</param>
    /// <exception cref="SettingsException">librdkafka refuse la configuration.</exception>
    public static IProducer<Null, string> Create(ProducerSettings settings, ILogger logger, CancellationTokenSource stop)
    {
        // <config>
        var config = new ProducerConfig
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.ClientId,
            Acks = Acks.All, // (1)
            EnableIdempotence = true, // (2)
            MessageTimeoutMs = (int)settings.MessageTimeout.TotalMilliseconds, // (3)
            LingerMs = 5, // (4)
            CompressionType = CompressionType.Lz4, // (5)
        };
        // </config>

        try
        {
            // <handlers>
            return new ProducerBuilder<Null, string>(config)
                .SetErrorHandler((_, error) => OnError(error, logger, stop))
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

    // <on-error>
    private static void OnError(Error error, ILogger logger, CancellationTokenSource stop)
    {
        if (!error.IsFatal)
        {
            // Simple information : librdkafka se reconnecte et réessaie de lui-même.
            logger.LogWarning("Incident {Code} : {Reason}", error.Code, error.Reason);
            return;
        }

        logger.LogCritical("Erreur fatale {Code} : {Reason}", error.Code, error.Reason);
        stop.Cancel();
    }
    // </on-error>
}
